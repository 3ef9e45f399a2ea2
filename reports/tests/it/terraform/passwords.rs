//! How a changed password reaches a database that the cloud runs: Terraform keeps none, so it goes
//! by a number, which the owner counts up, or Google does.

use reports::emit::Format;

use super::module::{Module, value, word};
use super::{aws, azure, google};

/// The variable that is counted up, with a default, as a description says what for.
fn counted(module: &Module, name: &str) {
    let variables = module.blocks("variable");
    let (_, body) = variables.iter().find(|(labels, _)| labels[0] == name).expect("it is there");
    assert_eq!(value(body, "default"), Some(&hcl::Expression::from(1)));
    assert_eq!(word(body, "type"), "number");
    assert!(word(body, "description").starts_with("To be counted up whenever the secret of "));
}

#[test]
fn a_changed_password_is_set_on_aws_by_a_number() {
    let mut looked = 0;
    for (shape, spec) in aws::specs::all() {
        let module = Module::of(&spec, Format::TerraformAws);
        for label in module.labels("aws_db_instance") {
            let own = module.resource("aws_db_instance", label);
            if value(own, "password_wo").is_none() {
                continue;
            }
            let name = format!("{label}_password_version");
            let managed = format!("var.{label}_password == \"managed\" ? null :");
            let version = word(own, "password_wo_version");
            assert_eq!(version, format!("{managed} var.{name}"), "{shape}");
            assert!(word(own, "password_wo").starts_with(&managed), "{shape}");
            counted(&module, &name);
            let variables = module.blocks("variable");
            let place = format!("{label}_password");
            let (_, own) = variables.iter().find(|(labels, _)| labels[0] == place).expect("asked");
            let about = word(own, "description");
            assert!(about.contains("rotates every seven days"), "{shape}: {about}");
            assert!(about.contains("unless they read the secret of RDS themselves"), "{shape}");
            looked += 1;
        }
    }
    assert!(looked > 3, "{looked}");
}

#[test]
fn a_changed_password_is_set_on_azure_by_a_number() {
    let mut looked = 0;
    for (shape, spec) in azure::specs::all() {
        let module = Module::of(&spec, Format::TerraformAzure);
        for label in module.labels("azurerm_postgresql_flexible_server") {
            let own = module.resource("azurerm_postgresql_flexible_server", label);
            let name = format!("{label}_password_version");
            let version = word(own, "administrator_password_wo_version");
            assert_eq!(version, format!("var.{name}"), "{shape}");
            counted(&module, &name);
            looked += 1;
        }
    }
    assert!(looked > 0);
}

/// The provider reads the secret into the state anyway, and with it the number of its version.
#[test]
fn a_changed_password_is_set_on_google_by_the_version_of_the_secret() {
    let mut looked = 0;
    for (shape, spec) in google::specs::all() {
        let module = Module::of(&spec, Format::TerraformGoogle);
        for label in module.labels("google_sql_user") {
            let own = module.resource("google_sql_user", label);
            let read = format!("data.google_secret_manager_secret_version.{label}");
            assert_eq!(word(own, "password_wo"), format!("{read}.secret_data"), "{shape}");
            let version = word(own, "password_wo_version");
            assert_eq!(version, format!("tonumber({read}.version)"), "{shape}");
            looked += 1;
        }
    }
    assert!(looked > 0);
}
