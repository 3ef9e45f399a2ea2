//! Plans for Google Cloud are generated whole: the seed phrase, and a shop of five services.

use std::path::Path;

use serde_json::Value;

use crate::support::program::{SEED_PHRASE, example, plimsoll};

/// Plans and generates; the spec and the text of all files.
fn built(name: &str, arguments: &[&str]) -> (Value, String) {
    let folder =
        std::env::temp_dir().join(format!("plimsoll-google-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let (spec, out) = (folder.join("spec.json"), folder.join("out"));
    let planned = plimsoll(&[&["plan", "--json"], arguments].concat());
    std::fs::write(&spec, &planned.stdout).expect("a file can be written");
    let [own, to] = [&spec, &out].map(|path| path.display().to_string());
    let said = plimsoll(&["emit", &own, "--to", "terraform-google", "--out", &to]);
    let text = texts(&out.join("terraform-google"));
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    (planned.json(), text)
}

fn texts(folder: &Path) -> String {
    let files = std::fs::read_dir(folder).expect("it is written");
    let paths = files.map(|file| file.expect("it is a file").path());
    paths.map(|path| std::fs::read_to_string(path).expect("it is text")).collect()
}

/// Every kind of machine of every service is there, under the name of its service.
fn stands(spec: &Value, text: &str) {
    let services = spec["services"].as_array().expect("services");
    assert!(!services.is_empty());
    for service in services {
        let label = service["name"].as_str().expect("a name").replace('-', "_");
        let fleet = ["service", "load_balancer"].contains(&service["type"].as_str().expect("one"));
        let kind = if fleet {
            "google_compute_region_instance_template"
        } else {
            "google_compute_instance"
        };
        let block = format!("resource \"{kind}\" \"{label}\"");
        let (_, own) = text.split_once(&block).unwrap_or_else(|| panic!("{block} is there"));
        let machine = service["offers"][0]["instance_type"].as_str().expect("a machine");
        let own = own.split("\n}\n").next().expect("it ends");
        assert!(own.contains(&format!("= \"{machine}\"")), "{machine} of {own}");
    }
}

#[test]
fn the_seed_phrase() {
    let phrase = format!("{SEED_PHRASE}, google");
    let (spec, text) = built("seed", &[&phrase]);
    assert_eq!(spec["placement"]["provider"], "google");
    stands(&spec, &text);
}

#[test]
fn a_shop_with_a_database_and_a_cache() {
    let shop = example("shop.yaml");
    let (spec, text) = built("shop", &[&shop, "--set", "run_on.regions=[europe-west1]"]);
    assert_eq!(spec["services"].as_array().expect("services").len(), 6);
    stands(&spec, &text);
}
