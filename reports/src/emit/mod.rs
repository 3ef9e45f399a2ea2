//! What is generated from a spec alone: one format a file, each a pure function of the spec.
//!
//! Whether something may be generated is not asked here: that is for whoever writes the files.

mod alerts;
mod answers;
mod bom;
mod budget;
mod commitments;
mod decimal;
mod focus;
mod hcl_text;
mod k6;
mod kubernetes;
mod objectives;
mod offering;
mod openslo;
mod queries;
mod remedies;
mod tags;
mod terraform;
mod terraform_aws;
mod terraform_azure;
mod terraform_google;
mod told;
mod unsupported;
mod yaml;
mod yaml_text;

use domain::approval::{APPROVAL_SCHEMA_V1, Approval};
use domain::record::{AUDIT_SCHEMA_V1, Record};
use domain::spec::Spec;
use jiff::civil::Date;
use schemars::JsonSchema;

pub use answers::{ANSWERS, Kept, Lost, keep};
pub use bom::{BOM_SCHEMA_V1, BillOfMaterials, Resource};
pub use unsupported::{Reason, Unsupported};

/// A format that can be generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Every resource with what policies ask about it, as JSON: for OPA and the like.
    Bom,
    /// The cloud's own alarm for the bill, in Terraform.
    Budget,
    /// The expected bill of a month in the columns of FOCUS 1.2, as CSV.
    Focus,
    /// The load that was simulated, as a k6 script with the objectives as thresholds.
    K6,
    /// The programs of the plan in a cluster, as manifests for Kubernetes.
    Kubernetes,
    /// The objectives as OpenSLO documents.
    Openslo,
    /// Alerting rules for Prometheus, with what the simulation saw hold.
    Alerts,
    /// What is to be built, as a root module of Terraform for AWS.
    TerraformAws,
    /// What is to be built, as a root module of Terraform for Azure.
    TerraformAzure,
    /// What is to be built, as a root module of Terraform for Google Cloud.
    TerraformGoogle,
}

impl Format {
    /// As the command line takes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bom => "bom",
            Self::Budget => "budget",
            Self::Focus => "focus",
            Self::K6 => "k6",
            Self::Kubernetes => "kubernetes",
            Self::Openslo => "openslo",
            Self::Alerts => "alerts",
            Self::TerraformAws => "terraform-aws",
            Self::TerraformAzure => "terraform-azure",
            Self::TerraformGoogle => "terraform-google",
        }
    }

    /// The files that it is written to, whatever the spec: relative paths with a folder at most.
    pub const fn files(self) -> &'static [&'static str] {
        match self {
            Self::Bom => &["bom.json"],
            Self::Budget => &budget::FILES,
            Self::Focus => &["focus.csv"],
            Self::K6 => &["load.js"],
            Self::Kubernetes => &kubernetes::FILES,
            Self::Openslo => &["openslo.yaml"],
            Self::Alerts => &["alerts.yaml"],
            Self::TerraformAws => &terraform_aws::FILES,
            Self::TerraformAzure => &terraform_azure::FILES,
            Self::TerraformGoogle => &terraform_google::FILES,
        }
    }
}

/// The files of a format with their texts. The bill of a month needs one: that of a given day.
///
/// # Errors
/// When the format has no way to say what the spec holds: all of that at once.
///
/// # Panics
/// When the bill of December 9999 is asked for, which ends on no date.
pub fn emit(
    spec: &Spec,
    format: Format,
    day: Date,
) -> Result<Vec<(&'static str, String)>, Unsupported> {
    let texts = match format {
        Format::Bom => {
            tags::refused(spec, format)?;
            vec![super::spec::pretty(&bom::bill(spec))]
        }
        Format::Budget => budget::texts(spec)?.into(),
        Format::Focus => {
            tags::refused(spec, format)?;
            vec![focus::csv(spec, day)]
        }
        Format::K6 => vec![k6::script(spec)],
        Format::Kubernetes => kubernetes::texts_of(spec)?.into(),
        Format::Openslo => vec![openslo::documents(spec)],
        Format::Alerts => vec![alerts::rules(spec)],
        Format::TerraformAws => terraform_aws::texts(spec)?.into(),
        Format::TerraformAzure => terraform_azure::texts(spec)?.into(),
        Format::TerraformGoogle => terraform_google::texts(spec)?.into(),
    };
    Ok(format.files().iter().copied().zip(texts).collect())
}

/// The JSON Schema of a bill of materials, draft 2020-12, as text.
pub fn bom_schema() -> String {
    schema::<BillOfMaterials>(BOM_SCHEMA_V1)
}

/// The JSON Schema of an approval, draft 2020-12, as text.
pub fn approval_schema() -> String {
    schema::<Approval>(APPROVAL_SCHEMA_V1)
}

/// The JSON Schema of a line of the audit chain, draft 2020-12, as text.
pub fn audit_schema() -> String {
    schema::<Record>(AUDIT_SCHEMA_V1)
}

/// The text of an approval: what is signed.
pub fn approval(approval: &Approval) -> String {
    super::spec::pretty(approval)
}

fn schema<T: JsonSchema>(id: &str) -> String {
    let mut schema = schemars::schema_for!(T);
    schema.insert("$id".into(), id.into());
    super::spec::pretty(&schema)
}
