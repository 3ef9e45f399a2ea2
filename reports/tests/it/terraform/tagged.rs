//! The tags of the forecast and of the bill of materials are those of what is built, so that it
//! can be joined with its bill and judged by others.

use std::collections::BTreeMap;

use domain::offer::Provider;
use domain::spec::Spec;
use hcl::Expression;
use hcl::expr::ObjectKey;
use reports::emit::{Format, emit};

use super::module::{Module, value, word};
use super::{DAY, aws, azure, google};

type Tags = BTreeMap<String, String>;

/// A map of texts that stands in a local value.
fn local(module: &Module, name: &str) -> Tags {
    let locals = module.blocks("locals");
    let found = locals.iter().find_map(|(_, body)| value(body, name)).expect("it is there");
    let Expression::Object(found) = found else { panic!("a map: {found}") };
    let text = |own: &Expression| match own {
        Expression::String(text) => text.clone(),
        other => panic!("a text: {other}"),
    };
    let pair = |(key, value): (&ObjectKey, &Expression)| match key {
        ObjectKey::Expression(key) => (text(key), text(value)),
        ObjectKey::Identifier(key) => (key.to_string(), text(value)),
        _ => panic!("a key is a text"),
    };
    found.iter().map(pair).collect()
}

/// What is written beside the tags of everything: `{ service = "app" }`, `{ "service" = "db" }`.
fn service_in(written: &str) -> Option<String> {
    let (_, after) = written.split_once("service")?;
    Some(after.split('"').find(|part| !part.trim().is_empty() && !part.contains('='))?.to_owned())
}

/// The kinds that bills have lines for, in each cloud.
const BILLED: [&str; 14] = [
    "aws_autoscaling_group",
    "aws_db_instance",
    "aws_elasticache_replication_group",
    "aws_lb",
    "aws_sqs_queue",
    "azurerm_linux_virtual_machine",
    "azurerm_linux_virtual_machine_scale_set",
    "azurerm_postgresql_flexible_server",
    "azurerm_redis_cache",
    "google_compute_disk",
    "google_compute_instance",
    "google_compute_region_instance_template",
    "google_memorystore_instance",
    "google_redis_instance",
];

/// The tags of what is built for each service.
fn built(module: &Module, everything: &Tags) -> BTreeMap<String, Tags> {
    let mut found = BTreeMap::new();
    for (labels, body) in module.blocks("resource") {
        if !BILLED.contains(&labels[0]) {
            continue;
        }
        let dynamic = body.blocks().find(|own| own.identifier() == "dynamic");
        let groups = dynamic.map(|own| word(own.body(), "for_each"));
        let name = if labels[0].starts_with("google") { "labels" } else { "tags" };
        let own = groups.filter(|own| own.contains("tags")).unwrap_or_else(|| word(body, name));
        let service = service_in(&own).unwrap_or_else(|| panic!("{labels:?}: {own}"));
        let mut tags = everything.clone();
        tags.insert("service".to_owned(), service.clone());
        found.insert(service, tags);
    }
    found
}

/// The cells of a line of CSV: within quotes a comma parts nothing, and a quote is two.
fn split(row: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let (mut quoted, mut before) = (false, ' ');
    for letter in row.chars() {
        match letter {
            ',' if !quoted => cells.push(String::new()),
            '"' => {
                quoted = !quoted;
                if quoted && before == '"' {
                    cells.last_mut().expect("there is one").push('"');
                }
            }
            _ => cells.last_mut().expect("there is one").push(letter),
        }
        before = letter;
    }
    cells
}

/// The tags of each line of the forecast, by the service that it is for.
fn forecast(spec: &Spec) -> Vec<(String, Tags)> {
    let csv = emit(spec, Format::Focus, DAY).expect("it is generated").remove(0).1;
    let mut rows = csv.lines();
    let heading: Vec<&str> = rows.next().expect("a heading").split(',').collect();
    let at = |name: &str| heading.iter().position(|own| *own == name).expect("the column");
    let (tags, service) = (at("Tags"), at("x_Service"));
    rows.map(|row| {
        let cells = split(row);
        let own: Tags = serde_json::from_str(&cells[tags]).expect("it is JSON");
        (cells[service].clone(), own)
    })
    .collect()
}

/// The tags of each resource of the bill of materials, by the service that it is for.
fn listed(spec: &Spec) -> Vec<(String, Tags)> {
    let text = emit(spec, Format::Bom, DAY).expect("it is generated").remove(0).1;
    let bill: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let resources = bill["resources"].as_array().expect("it has resources");
    let one = |own: &serde_json::Value| {
        let tags = serde_json::from_value(own["tags"].clone()).expect("a map of texts");
        (own["service"].as_str().unwrap_or_default().to_owned(), tags)
    };
    resources.iter().map(one).collect()
}

#[test]
fn the_forecast_and_the_bill_of_materials_have_the_tags_of_what_is_built() {
    let mut looked = 0;
    let clouds = [
        (Format::TerraformAws, aws::specs::all()),
        (Format::TerraformAzure, azure::specs::all()),
        (Format::TerraformGoogle, google::specs::all()),
    ];
    for (format, specs) in clouds {
        for (shape, mut spec) in specs {
            spec.metadata.labels.insert("cost-center".to_owned(), "42".to_owned());
            let module = Module::of(&spec, format);
            let google = spec.placement.provider == Provider::Google;
            let everything = local(&module, if google { "labels" } else { "tags" });
            let built = built(&module, &everything);
            let system = match spec.placement.provider {
                Provider::Aws => "plimsoll.dev/system",
                Provider::Azure => "plimsoll.dev:system",
                Provider::Google => "plimsoll-system",
            };
            for (service, own) in forecast(&spec).into_iter().chain(listed(&spec)) {
                let mut stated = built.get(&service).unwrap_or(&everything).clone();
                // Of Cloud SQL the labels stand in its settings, of balancers where they listen.
                let other = google && spec.services.iter().any(|own| own.name.as_str() == service);
                if other && !stated.contains_key("service") {
                    stated.insert("service".to_owned(), service.clone());
                }
                assert_eq!(own, stated, "{shape}: {service}");
                assert!(own.contains_key(system), "{shape}: by it the budget counts");
                looked += usize::from(own.contains_key("service"));
            }
        }
    }
    assert!(looked > 20, "{looked}");
}
