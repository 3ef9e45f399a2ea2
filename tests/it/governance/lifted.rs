//! A plan that rests on an exception is built as long as the exception lasts.

use super::{PHRASE, file, refused};
use crate::support::program::plimsoll;

#[test]
fn after_the_last_day_of_an_exception_nothing_is_built_on_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let policy = file(
        folder.path(),
        "frugal.yaml",
        "apiVersion: plimsoll/v1\nkind: Policy\nmetadata: {name: frugal}\n\
         rules: [{id: frugal, limit: {cost.expected: 1 USD/month}}]\n\
         exceptions: [{rule: frugal, until: 2031-03-31, by: lee@example.com, because: a trial}]\n",
    );
    let plan = ["plan", PHRASE, "--policy", &policy, "--json", "--on"];
    assert_eq!(plimsoll(&[&plan[..], &["2031-04-01"]].concat()).code, 3, "the rule holds again");
    let said = plimsoll(&[&plan[..], &["2031-03-01"]].concat());
    assert_eq!(said.code, 0, "{}", said.stderr);
    let spec = file(folder.path(), "spec.json", &said.stdout);
    let out = folder.path().join("out").display().to_string();
    let emit = ["emit", &spec, "--to", "bom", "--out", &out, "--on"];
    refused(&plimsoll(&[&emit[..], &["2031-04-01"]].concat()), "emit::exception");
    assert!(!folder.path().join("out").exists(), "nothing is written");
    let said = plimsoll(&[&emit[..], &["2031-03-31"]].concat());
    assert_eq!(said.code, 0, "{}", said.stderr);
}
