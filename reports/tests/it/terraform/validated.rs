//! Terraform itself takes what is emitted, where it is installed: `PLIMSOLL_TERRAFORM_PLUGINS` is
//! the folder of its providers (a mirror with hashicorp/aws 5.100.0). Without it nothing is run,
//! and the output says so.

use std::path::Path;
use std::process::Command;

use domain::spec::{InputKind, Spec};
use reports::emit::{Format, emit};

use super::aws::cluster;
use super::{DAY, specs};

/// Runs Terraform in a folder: whether it did, and what it said.
fn run(folder: &Path, arguments: &[&str]) -> (bool, String, String) {
    let output = Command::new("terraform")
        .args(arguments)
        .current_dir(folder)
        .env("TF_IN_AUTOMATION", "1")
        .output()
        .expect("terraform runs, as PLIMSOLL_TERRAFORM_PLUGINS says");
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.success(), said(&output.stdout), said(&output.stderr))
}

/// What Terraform says; a fault when it fails.
fn terraform(folder: &Path, arguments: &[&str]) -> String {
    let (done, out, err) = run(folder, arguments);
    assert!(done, "{arguments:?} in {}: {out}{err}", folder.display());
    out
}

/// Nobody is asked in a plan.
const NOBODY: &str = "provider \"aws\" {
  access_key                  = \"made-up\"
  secret_key                  = \"made-up\"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
}
";

/// Terraform's own plan beside a cluster makes what pods use and no more, and asks for nothing but
/// the places of passwords; without one it asks for every input of the spec.
fn plans_beside_a_cluster(shape: &str, spec: &Spec, module: &Path) {
    std::fs::write(module.join("override.tf"), NOBODY).expect("a file");
    let zones: Vec<String> = (0..spec.placement.zones.len())
        .map(|at| format!("\"{}{}\"", spec.placement.region, ["a", "b", "c"][at]))
        .collect();
    let mut given = vec![format!("-var=zones=[{}]", zones.join(","))];
    let inputs = &spec.inputs_required;
    let secrets = inputs.iter().filter(|own| own.kind == InputKind::SecretReference);
    given.extend(secrets.map(|own| format!("-var={}=managed", own.name)));
    let plan = ["plan", "-input=false", "-no-color", "-refresh=false", "-lock=false"];
    let plan: Vec<&str> = plan.into_iter().chain(given.iter().map(String::as_str)).collect();

    let (done, out, err) = run(module, &plan);
    assert!(!done, "{shape}: without images: {out}");
    // Words wrap, and lines have a frame.
    let told = err.replace(['│', '\n'], " ");
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    for own in inputs.iter().filter(|own| own.kind != InputKind::SecretReference) {
        let asked = format!("{} is asked for, unless cluster is true.", own.name);
        assert!(told.contains(&asked), "{shape}: {}: {told}", own.name);
    }

    let beside = plan.iter().copied().chain(["-var=cluster=true", "-out=cluster.plan"]);
    terraform(module, &beside.collect::<Vec<_>>());
    let shown = terraform(module, &["show", "-json", "cluster.plan"]);
    let shown: serde_json::Value = serde_json::from_str(&shown).expect("it is JSON");
    let made = shown["planned_values"]["root_module"]["resources"].as_array().expect("a list");
    for own in made.iter().filter(|own| own["mode"] == "managed") {
        let of = |name: &str| own[name].as_str().expect("a text").to_owned();
        assert!(cluster::used_by_pods(spec, &of("type"), &of("name")), "{shape}: {own}");
    }
    assert!(made.len() > 10, "{shape}: {}", made.len());
    let _ = std::fs::remove_file(module.join("override.tf"));
}

#[test]
fn terraform_takes_every_shape() {
    let Ok(plugins) = std::env::var("PLIMSOLL_TERRAFORM_PLUGINS") else {
        let mut stdout = std::io::stdout();
        let _ = std::io::Write::write_all(
            &mut stdout,
            b"not validated by terraform: PLIMSOLL_TERRAFORM_PLUGINS is not set\n",
        );
        return;
    };
    let folder = std::env::temp_dir().join(format!("plimsoll-terraform-{}", std::process::id()));
    for (shape, spec) in specs::all() {
        for format in [Format::TerraformAws, Format::Budget] {
            let files = emit(&spec, format, DAY).expect("it is generated");
            let own = folder.join(shape);
            for (name, text) in &files {
                let path = own.join(name);
                std::fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
                std::fs::write(&path, text).expect("a file");
            }
            let module = own.join(files[0].0.split('/').next().expect("it is in a folder"));
            terraform(&module, &["fmt", "-check", "-diff"]);
            terraform(&module, &["init", "-input=false", &format!("-plugin-dir={plugins}")]);
            terraform(&module, &["validate", "-json"]);
            if format == Format::TerraformAws {
                plans_beside_a_cluster(shape, &spec, &module);
            }
        }
    }
    let _ = std::fs::remove_dir_all(folder);
}
