//! An answer that was given once is there after the same plan, or another one, is emitted again.

use crate::support::program::{SEED_PHRASE, plimsoll};

#[test]
fn answers_outlive_a_second_emit() {
    let folder = std::env::temp_dir().join(format!("plimsoll-answers-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let (spec, out) = (folder.join("spec.json"), folder.join("out"));
    let planned = plimsoll(&["plan", "--json", SEED_PHRASE]);
    std::fs::write(&spec, &planned.stdout).expect("a file can be written");
    let [spec, to] = [&spec, &out].map(|path| path.display().to_string());
    let emit = ["emit", &spec, "--to", "kubernetes", "--out", &to, "--force"];
    let path = out.join("kubernetes/inputs.yaml");
    let said = plimsoll(&emit);
    assert_eq!(said.code, 0, "{}", said.stderr);
    let fresh = std::fs::read_to_string(&path).expect("it is written");

    let answered = fresh.replace("edge_domain: null", "edge_domain: www.example.com  # ours");
    assert_ne!(answered, fresh);
    std::fs::write(&path, &answered).expect("it can be answered");
    let said = plimsoll(&emit);
    assert!(said.stdout.contains("inputs.yaml  kept with its "), "{}", said.stdout);
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), answered);

    // A plan that asks for more, and for something else.
    let start = answered.find("  # cache").expect("it asks for the cache");
    let fewer = answered[..start].to_owned() + "  old_host: db.example.com\n";
    std::fs::write(&path, &fewer).expect("it can be answered");
    let said = plimsoll(&emit);
    assert!(said.stdout.contains("asks for cache_host"), "{}", said.stdout);
    assert!(said.stdout.contains("nobody asks for old_host any more"), "{}", said.stdout);
    let now = std::fs::read_to_string(&path).expect("it is there");
    assert!(now.starts_with(&fewer) && now.contains("  cache_host: cache."), "{now}");

    // What cannot be read is not written over, and neither is anything beside it.
    std::fs::write(&path, "data: [").expect("it can be broken");
    let other = out.join("kubernetes/settings.yaml");
    std::fs::write(&other, "mine").expect("it can be changed");
    let said = plimsoll(&emit);
    assert_eq!(said.code, 2, "{}", said.stdout);
    assert!(said.stderr.contains("emit::answers"), "{}", said.stderr);
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), "data: [");
    assert_eq!(std::fs::read_to_string(&other).expect("it is there"), "mine");
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
}
