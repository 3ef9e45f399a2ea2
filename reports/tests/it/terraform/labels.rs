//! Labels that a cloud takes as no tags are refused with their place, what is wrong and a way out.

use domain::spec::Spec;
use miette::Diagnostic as _;
use reports::emit::{Format, Reason, emit};

use super::{DAY, aws, azure, google};

/// Of each label its place and what is wrong with it.
fn told(spec: &Spec, format: Format) -> Vec<(String, String)> {
    let Err(refusal) = emit(spec, format, DAY) else { return Vec::new() };
    let of_one = |reason: Reason| {
        let code = reason.code().map(|code| code.to_string());
        assert_eq!(code.as_deref(), Some("emit::label"), "{reason}");
        let help = reason.help().map(|help| help.to_string()).unwrap_or_default();
        let act = match &reason {
            Reason::Label { why, .. } if why.starts_with("its value") => "change its value",
            Reason::Label { why, .. } if why.starts_with("there are") => "leave some out",
            _ => "rename it",
        };
        let place = "under metadata.labels of the intent";
        assert!(help.starts_with(&format!("{act} {place}")), "{help}");
        match reason {
            Reason::Label { place, why, .. } => (place, why),
            other => panic!("{other}"),
        }
    };
    refusal.reasons.into_iter().map(of_one).collect()
}

fn labelled(mut spec: Spec, key: &str, value: &str) -> Spec {
    spec.metadata.labels.insert(key.to_owned(), value.to_owned());
    spec
}

#[test]
fn what_aws_takes_as_no_tag_is_refused_by_whatever_tags_something_there() {
    let (long, longer) = ("k".repeat(129), "v".repeat(257));
    let cases = [
        ("aws:owner", "x", "keys with aws: are the cloud's own"),
        ("AwS:Owner", "x", "keys with aws: are the cloud's own"),
        ("", "x", "its key is empty"),
        ("cost*center", "x", "its key has '*'"),
        ("note", "a; b", "its value has ';'"),
        (&*long, "x", "its key has 129 letters, and 128 are taken"),
        ("note", &*longer, "its value has 257 letters, and 256 are taken"),
        ("service", "pay", "every resource has that of its service"),
        ("Service", "pay", "every resource has that of its service"),
        ("Name", "pay", "resources have a Name of their own"),
        ("plimsoll.dev/system", "pay", "what is generated has a value of its own there"),
        ("plimsoll.dev/spec", "pay", "what is generated has a value of its own there"),
        ("unit", "x", "another one differs from it by its case alone"),
    ];
    for (key, value, why) in cases {
        let spec = labelled(labelled(aws::specs::seed(), "Unit", "x"), key, value);
        let expected = vec![(format!("metadata.labels.{key}"), why.to_owned())];
        for format in [Format::TerraformAws, Format::Budget] {
            assert_eq!(told(&spec, format), expected, "{}", format.as_str());
        }
        let over = ["service", "plimsoll.dev/system", "plimsoll.dev/spec"].contains(&key);
        for format in [Format::Bom, Format::Focus] {
            let why = "what is generated has a value of its own there".to_owned();
            let expected = over.then(|| (format!("metadata.labels.{key}"), why));
            assert_eq!(told(&spec, format), Vec::from_iter(expected), "{}", format.as_str());
        }
    }
    for (key, value) in
        [("awsome", "x"), ("name", "x"), ("a b+-=._:/@é", "a b+-=._:/@é"), (&long[1..], "")]
    {
        let spec = labelled(aws::specs::seed(), key, value);
        assert_eq!(told(&spec, Format::TerraformAws), [], "{key}");
    }
    let mut spec = aws::specs::seed();
    spec.metadata.labels = (0..49).map(|at| (format!("k{at}"), String::new())).collect();
    let [(place, why)] = &*told(&spec, Format::TerraformAws) else { panic!("one reason") };
    assert_eq!(place, "metadata.labels");
    assert!(why.ends_with(", and 48 fit on a resource"), "{why}");
}

#[test]
fn what_azure_takes_as_no_tag_is_refused() {
    for (key, value, why) in [
        ("cost/center", "1", "its key has '/'"),
        ("Azure-x", "1", "keys with azure are the cloud's own"),
        ("Service", "1", "every resource has that of its service"),
        ("plimsoll.dev:system", "1", "what is generated has a value of its own there"),
        ("note", &*"v".repeat(257), "its value has 257 letters, and 256 are taken"),
    ] {
        let spec = labelled(azure::specs::seed(), key, value);
        let expected = [(format!("metadata.labels.{key}"), why.to_owned())];
        assert_eq!(told(&spec, Format::TerraformAzure), expected);
        assert_eq!(told(&spec, Format::Budget), [], "the alarm of Azure has no tags");
    }
}

/// Google's labels are less than labels: what does not fit stands beside.
#[test]
fn what_google_takes_as_no_label_is_told_beside() {
    let spec = labelled(google::specs::seed(), "aws:Owner", "A; b");
    assert_eq!(told(&spec, Format::TerraformGoogle), []);
}

#[test]
fn labels_that_google_or_a_cluster_would_write_over_are_refused() {
    let why = "what is generated has a value of its own there".to_owned();
    for (spec, format, keys) in [
        (
            google::specs::seed(),
            Format::TerraformGoogle,
            &[
                "plimsoll.dev/spec",
                "plimsoll.dev/system",
                "plimsoll-spec",
                "plimsoll-system",
                "service",
            ][..],
        ),
        (
            aws::specs::seed(),
            Format::Kubernetes,
            &[
                "app.kubernetes.io/instance",
                "app.kubernetes.io/managed-by",
                "app.kubernetes.io/name",
                "app.kubernetes.io/part-of",
                "plimsoll.dev/spec",
                "pod-security.kubernetes.io/enforce",
                "service",
            ],
        ),
    ] {
        emit(&spec, format, DAY).expect("no label is in the way");
        for key in keys {
            let spec = labelled(spec.clone(), key, "pay");
            let expected = [(format!("metadata.labels.{key}"), why.clone())];
            assert_eq!(told(&spec, format), expected, "{}", format.as_str());
        }
    }
}

/// A label that a policy gave is changed there, and the rule is named.
#[test]
fn a_label_that_a_rule_gave_is_changed_in_the_rule() {
    let mut spec = labelled(aws::specs::seed(), "note", "a; b");
    let mut entry = spec.assumptions[0].clone();
    entry.name = "metadata.labels.note".to_owned();
    entry.source = "policy rule notes: the intent has no label note".to_owned();
    spec.assumptions.push(entry);
    for format in [Format::TerraformAws, Format::Budget] {
        let refusal = emit(&spec, format, DAY).expect_err("it is no tag");
        let help = refusal.reasons[0].help().expect("it helps").to_string();
        let told = "change its value where it comes from, policy rule notes: AWS takes";
        assert!(help.starts_with(told), "{help}");
    }
}
