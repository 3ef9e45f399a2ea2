//! Answers that were given once are there after the same plan, or another one, is emitted again;
//! and pods are told what the module beside them makes.

use crate::support::program::{SEED_PHRASE, example, plimsoll};

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

/// Pods find a queue by the name that the module for the same spec gives it.
#[test]
fn a_queue_is_told_by_the_name_that_it_is_made_under() {
    let folder = std::env::temp_dir().join(format!("plimsoll-queue-{}", std::process::id()));
    let out = folder.display().to_string();
    let plan = plimsoll(&["plan", &example("jobs.yaml"), "--out", &out, "--quiet"]);
    assert_eq!(plan.code, 0, "{}", plan.stderr);
    let spec = format!("{out}/spec.json");
    let to = ["--to", "kubernetes", "--to", "terraform-aws", "--out", &out];
    let emitted = plimsoll(&[&["emit", spec.as_str()][..], &to].concat());
    assert_eq!(emitted.code, 0, "{}", emitted.stderr);
    let read = |file: &str| std::fs::read_to_string(folder.join(file)).expect("it was written");
    let (told, made) = (read("kubernetes/settings.yaml"), read("terraform-aws/queue.tf"));
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
    let after = |text: &str, mark: &str| {
        let rest = text.split_once(mark).map(|(_, rest)| rest.trim_start_matches([' ', '=']));
        rest.and_then(|rest| rest.lines().next()).map(|line| line.trim_matches('"').to_owned())
    };
    let name = after(&made, "name ").expect("the queue has a name");
    assert!(name.ends_with("jobs"), "{name}");
    assert_eq!(after(&told, "JOBS_NAME: "), Some(name));
}
