//! What things are called for AWS, within its limits.

use crate::emit::terraform::names::named;

pub(super) use crate::emit::terraform::names::{ident, system_of};

/// A name for AWS of parts, of so many characters at most.
pub(super) fn cloud(parts: &[&str], most: usize) -> String {
    // AWS keeps these beginnings for itself.
    named(parts, most, &["internal-", "sg-", "subnet-"])
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
