//! Programs of others take what is emitted, where they are installed: `PLIMSOLL_KUBERNETES_TOOLS`
//! is the folder with `kubernetes-validate` and `kubectl`. Without it nothing is run, and the
//! output says so.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use domain::spec::Spec;
use reports::emit::{Format, emit};
use serde_json::Value;

use super::{DAY, specs};

/// The folder of the programs; none where nobody named one.
fn tools() -> Option<PathBuf> {
    let found = std::env::var_os("PLIMSOLL_KUBERNETES_TOOLS").map(PathBuf::from);
    if found.is_none() {
        let mut stdout = std::io::stdout();
        let _ = std::io::Write::write_all(
            &mut stdout,
            b"not validated by others: PLIMSOLL_KUBERNETES_TOOLS is not set\n",
        );
    }
    found
}

fn run(program: &Path, arguments: &[&str]) -> Output {
    let output = Command::new(program).args(arguments).output();
    output.unwrap_or_else(|error| panic!("{} runs: {error}", program.display()))
}

fn said(output: &Output) -> String {
    let [out, err] = [&output.stdout, &output.stderr].map(|own| String::from_utf8_lossy(own));
    format!("{out}{err}")
}

/// Writes the manifests; the folder that they are in.
fn written(folder: &Path, spec: &Spec) -> PathBuf {
    for (name, text) in emit(spec, Format::Kubernetes, DAY).expect("it is generated") {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
        std::fs::write(&path, text).expect("a file");
    }
    folder.join("kubernetes")
}

#[test]
fn others_take_every_shape() {
    let Some(tools) = tools() else { return };
    let folder = std::env::temp_dir().join(format!("plimsoll-kubernetes-{}", std::process::id()));
    for (shape, spec) in specs::all() {
        let manifests = written(&folder.join(shape), &spec);
        let place = manifests.to_str().expect("it is text");
        let own = Format::Kubernetes.files().iter();
        let own = own.map(|name| folder.join(shape).join(name));
        let own: Vec<String> = own.map(|path| path.to_str().expect("it is text").into()).collect();
        let mut arguments = vec!["--strict", "--kubernetes-version", "1.34"];
        arguments.extend(own.iter().map(String::as_str));
        let output = run(&tools.join("kubernetes-validate"), &arguments);
        assert!(output.status.success(), "{shape}: {}", said(&output));
        answered(&tools.join("kubectl"), shape, place, &spec);
    }
    let _ = std::fs::remove_dir_all(folder);
}

/// kustomize names what is unanswered, and builds when all is answered.
fn answered(kubectl: &Path, shape: &str, place: &str, spec: &Spec) {
    let inputs = format!("{place}/inputs.yaml");
    for input in &spec.inputs_required {
        let output = run(kubectl, &["kustomize", place]);
        let missing = format!("`data.{}` is missing", input.name);
        assert!(said(&output).contains(&missing), "{shape}: {missing}: {}", said(&output));
        assert!(!output.status.success(), "{shape}");
        let text = std::fs::read_to_string(&inputs).expect("it is there");
        let (open, answer) = (format!("{}: null", input.name), format!("{}: a.b", input.name));
        std::fs::write(&inputs, text.replace(&open, &answer)).expect("it is written");
    }
    let output = run(kubectl, &["kustomize", place]);
    assert!(output.status.success(), "{shape}: {}", said(&output));
    let text = String::from_utf8(output.stdout).expect("it is text");
    let built: Vec<Value> = serde_saphyr::from_multiple(&text).expect("it is YAML");
    assert!(built.len() > 8, "{shape}");
    assert!(built.iter().all(|own| own["metadata"]["name"] != "inputs"), "{shape}");
    assert!(!text.contains(": \"\"") && !text.contains(": <"), "{shape}: {text}");
    answered_anew(kubectl, shape, place, &built);
}

/// With another answer to where something is found, kustomize builds other pods of whoever calls
/// it, and so a cluster starts them anew.
fn answered_anew(kubectl: &Path, shape: &str, place: &str, before: &[Value]) {
    let inputs = format!("{place}/inputs.yaml");
    let text = std::fs::read_to_string(&inputs).expect("it is there");
    let host = text.lines().find(|line| line.contains("_host: "));
    let Some((key, _)) = host.and_then(|line| line.trim().split_once(": ")) else { return };
    let line = host.expect("it is there");
    let other = text.replace(line, &format!("  {key}: other.example.com"));
    std::fs::write(&inputs, other).expect("it is written");
    let output = run(kubectl, &["kustomize", place]);
    assert!(output.status.success(), "{shape}: {}", said(&output));
    let after: Vec<Value> = serde_saphyr::from_multiple(&said(&output)).expect("it is YAML");
    let pods = |built: &[Value]| {
        let own = built.iter().filter(|own| own["kind"] == "Deployment");
        own.map(|own| own["spec"]["template"].clone()).collect::<Vec<_>>()
    };
    let changed = pods(before).iter().zip(pods(&after)).filter(|(was, is)| *was != is).count();
    assert!(changed > 0, "{shape}: {key} in {} templates", pods(&after).len());
}
