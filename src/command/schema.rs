//! `plimsoll schema`: the JSON Schemas of the documents.

use crate::arguments::SchemaKind;
use crate::failure::{Exit, Failure};
use crate::screen;

pub(super) fn run(kind: SchemaKind) -> Result<Exit, Failure> {
    match kind {
        SchemaKind::Approval => screen::print(&reports::emit::approval_schema())?,
        SchemaKind::Audit => screen::print(&reports::emit::audit_schema())?,
        SchemaKind::Bom => screen::print(&reports::emit::bom_schema())?,
        SchemaKind::Capacity => screen::print(&reports::spec::capacity_schema())?,
        SchemaKind::Check => screen::print(&reports::spec::check_schema())?,
        SchemaKind::Comparison => screen::print(&reports::spec::comparison_schema())?,
        SchemaKind::Difference => screen::print(&reports::diff::schema())?,
        SchemaKind::Environments => screen::print(&reports::spec::environments_schema())?,
        SchemaKind::Errors => screen::print(&reports::diagnostics::json_schema())?,
        SchemaKind::Explanation => screen::print(&reports::spec::explanation_schema())?,
        SchemaKind::Frontier => screen::print(&reports::spec::frontier_schema())?,
        SchemaKind::Infeasible => screen::print(&reports::spec::infeasible_schema())?,
        SchemaKind::Intent => screen::print(domain::intent::INTENT_SCHEMA)?,
        SchemaKind::Model => screen::print(domain::model::MODEL_SCHEMA)?,
        SchemaKind::Policy => screen::print(domain::policy::POLICY_SCHEMA)?,
        SchemaKind::Simulation => screen::print(&reports::simulation::schema())?,
        SchemaKind::Spec => screen::print(&reports::spec::schema())?,
        SchemaKind::Verification => screen::print(&reports::spec::judgement_schema())?,
    }
    Ok(Exit::Verified)
}
