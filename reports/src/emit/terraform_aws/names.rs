//! What things are called for AWS, within its limits.

use domain::spec::Spec;

use crate::emit::terraform::names::named;

pub(super) use crate::emit::terraform::names::{ident, system_of};

/// A name for AWS of parts, of so many characters at most.
pub(super) fn cloud(parts: &[&str], most: usize) -> String {
    // AWS keeps these beginnings for itself.
    named(parts, most, &["internal-", "sg-", "subnet-"])
}

/// The name of something that is of the system as a whole: with an underscore, which no name of a
/// service holds, because AWS tells some names apart by no capital.
pub(super) fn of_system(spec: &Spec, what: &str) -> String {
    format!("{}_{what}", cloud(&[&system_of(spec)], 48))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_aws_keeps_for_itself_begins_no_name() {
        for start in ["internal", "sg", "subnet"] {
            let name = cloud(&[start, "db"], 32);
            assert!(name.starts_with(&format!("s-{start}-db-")), "{name}");
        }
        assert_eq!(cloud(&["sgx", "db"], 32), "sgx-db");
    }
}
