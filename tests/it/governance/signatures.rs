//! Which signatures count: those that the real `ssh-keygen` made, and every reason against one.

use domain::name::Name;
use domain::policy::{Demanded, Signer};
use domain::spec::{AuthorPart, Day, Spec};
use jiff::civil::{Date, date};
use miette::Diagnostic;
use plimsoll::approvals::{Bench, Given, Lack, judge};

use super::fixtures::{
    DIAZ, DIAZ_KEY, DIAZ_SIGNATURE, FILE_SIGNATURE, LEE, LEE_KEY, LEE_SIGNATURE, RSA_SIGNATURE,
};
use super::{key, signed, signed_for};

const TODAY: Date = date(2026, 11, 10);

/// The spec that the fixtures approve.
fn spec() -> Spec {
    let text = include_str!("../../../reports/tests/golden/spec-v1.json");
    let mut spec = domain::spec::read(text).expect("it is a spec");
    spec.metadata.digest = format!("sha256:{}", "1".repeat(64));
    spec.metadata.name = Name::of("web");
    spec.metadata.environment = Some(Name::of("prod"));
    spec.provenance.catalog.as_of = Day(date(2026, 10, 4));
    spec
}

fn signer(name: &str, key: &str, role: &str) -> Signer {
    Signer {
        name: format!("{name}@example.com"),
        place: "people.yaml:1:1".to_owned(),
        key: key.to_owned(),
        roles: vec![Name::of(role)],
        until: None,
    }
}

fn signers() -> Vec<Signer> {
    let park = key(2).public_key().to_openssh().expect("a key has a text");
    vec![
        signer("a.lee", LEE_KEY, "platform"),
        signer("b.park", &park, "platform"),
        signer("c.diaz", DIAZ_KEY, "finops"),
    ]
}

fn review(name: &str, approvals: u32, role: &str) -> Demanded {
    let (review, why) = (name.to_owned(), "every plan".to_owned());
    Demanded { review, applies: true, why, approvals, from: vec![Name::of(role)] }
}

fn given(text: &str, signature: &str) -> Given {
    Given { file: "a.json".into(), text: text.into(), signature: signature.into() }
}

/// What is lacking, or the code of the first reason against.
fn judged(given: &[Given], bench: &Bench<'_>) -> Result<Vec<Lack>, String> {
    judge(given, bench).map_err(|faults| faults.0[0].code().expect("each has a code").to_string())
}

/// What one approval of b.park comes to, signed as it should be.
fn of_park(change: impl Fn(String) -> String, bench: &Bench<'_>) -> Result<Vec<Lack>, String> {
    let text = change(LEE.replace("a.lee", "b.park"));
    judged(&[given(&text, &signed(2, &text))], bench)
}

#[test]
fn signatures_of_the_real_ssh_keygen_count_on_both_kinds_of_keys() {
    let (spec, signers) = (spec(), signers());
    let demanded = [review("prod-change", 1, "platform"), review("dearer", 1, "finops")];
    let bench = Bench { spec: &spec, signers: &signers, demanded: &demanded, on: TODAY };
    let (lee, diaz) = (given(LEE, LEE_SIGNATURE), given(DIAZ, DIAZ_SIGNATURE));
    assert_eq!(judged(&[lee.clone(), diaz], &bench), Ok(Vec::new()));
    let lack = judged(&[lee], &bench).expect("it counts").remove(0);
    assert_eq!((lack.review.as_str(), lack.wanted, lack.found), ("dearer", 1, 0));
}

#[test]
fn a_signature_for_something_else_or_by_somebody_else_does_not_count() {
    let (spec, signers) = (spec(), signers());
    let demanded = [review("prod-change", 1, "platform")];
    let bench = Bench { spec: &spec, signers: &signers, demanded: &demanded, on: TODAY };
    let code = |text: &str, signature: &str| {
        judged(&[given(text, signature)], &bench).expect_err("it does not count")
    };
    assert_eq!(code(LEE, FILE_SIGNATURE), "approval::namespace");
    assert_eq!(code(LEE, RSA_SIGNATURE), "approval::key");
    assert_eq!(code(LEE, &signed(9, LEE)), "approval::key");
    assert_eq!(code(LEE, &signed(2, LEE)), "approval::signer");
    assert_eq!(code(LEE, "no signature"), "approval::signature_form");
    assert_eq!(code(LEE, ""), "approval::signature_form");
    let longer = LEE.replace("2026-12-31", "2036-12-31");
    assert_eq!(code(&longer, LEE_SIGNATURE), "approval::signature");
    assert_eq!(code(&format!("{LEE} "), LEE_SIGNATURE), "approval::signature");
    let park = LEE.replace("a.lee", "b.park");
    assert_eq!(code(&park, &signed_for("git", 2, &park)), "approval::namespace");
    let other = LEE.replace("1111", "2222");
    assert_eq!(code(&other, LEE_SIGNATURE), "approval::digest");
    assert_eq!(code(&LEE.replace("prod", "dev"), LEE_SIGNATURE), "approval::digest");
    assert_eq!(code("{}", LEE_SIGNATURE), "approval::form");
    assert_eq!(code(&"[".repeat(10_000), LEE_SIGNATURE), "approval::form");
}

#[test]
fn days_decide() {
    let (spec, mut signers) = (spec(), signers());
    let demanded = [review("prod-change", 1, "platform")];
    let on = |day, signers: &[Signer]| {
        let bench = Bench { spec: &spec, signers, demanded: &demanded, on: day };
        of_park(|text| text, &bench)
    };
    assert_eq!(on(date(2026, 12, 31), &signers), Ok(Vec::new()), "its last day counts");
    assert_eq!(on(date(2027, 1, 1), &signers), Err("approval::expired".to_owned()));
    assert_eq!(on(date(2026, 11, 1), &signers), Err("approval::early".to_owned()));
    signers[1].until = Some(TODAY);
    assert_eq!(on(TODAY, &signers), Ok(Vec::new()), "the key's last day counts");
    assert_eq!(on(date(2026, 11, 11), &signers), Err("approval::key_expired".to_owned()));
    let bench = Bench { spec: &spec, signers: &signers, demanded: &demanded, on: TODAY };
    let before = of_park(|text| text.replace("2026-11-02", "2026-10-03"), &bench);
    assert_eq!(before, Err("approval::early".to_owned()), "before its prices");
    let backwards = of_park(|text| text.replace("2026-12-31", "2026-11-01"), &bench);
    assert_eq!(backwards, Err("approval::form".to_owned()));
}

#[test]
fn roles_reviews_and_people_decide() {
    let (mut spec, signers) = (spec(), signers());
    let finops = [review("dearer", 1, "finops")];
    let both = [review("prod-change", 2, "platform"), review("dearer", 1, "finops")];
    let bench = |demanded| Bench { spec: &spec, signers: &signers, demanded, on: TODAY };
    assert_eq!(of_park(|text| text, &bench(&finops)), Err("approval::role".to_owned()));
    let as_finops = |text: String| text.replace("\"on\"", "\"role\": \"finops\", \"on\"");
    assert_eq!(of_park(as_finops, &bench(&both)), Err("approval::role".to_owned()));
    let named = |text: String, name: &str| {
        text.replace("\"by\"", &format!("\"reviews\": [\"{name}\"], \"by\""))
    };
    let for_finops = of_park(|text| named(text, "dearer"), &bench(&both));
    assert_eq!(for_finops, Err("approval::role".to_owned()));
    let strange = of_park(|text| named(text, "none"), &bench(&both));
    assert_eq!(strange, Err("approval::review".to_owned()));
    // Two people are wanted, and the same one twice is one.
    let (lee, park) = (given(LEE, LEE_SIGNATURE), LEE.replace("a.lee", "b.park"));
    let later = park.replace("2026-12-31", "2026-12-30");
    let twice = [given(&park, &signed(2, &park)), given(&later, &signed(2, &later))];
    assert_eq!(judged(&twice, &bench(&both)), Err("approval::twice".to_owned()));
    let two = [lee, given(&park, &signed(2, &park))];
    let lacks = judged(&two, &bench(&both)).expect("both count");
    assert_eq!(lacks.len(), 1, "finops is lacking alone: {lacks:?}");
    // Whoever asked for it.
    spec.provenance.author = Some(AuthorPart {
        kind: domain::policy::AuthorKind::Human,
        name: Some("B.Park@example.com".to_owned()),
    });
    let bench = Bench { spec: &spec, signers: &signers, demanded: &both, on: TODAY };
    assert_eq!(of_park(|text| text, &bench), Err("approval::author".to_owned()));
}

#[test]
fn the_example_of_an_approval_is_one_that_counts() {
    let text = include_str!("../../../examples/approvals/a-lee.json");
    let signature = include_str!("../../../examples/approvals/a-lee.json.sig");
    assert_eq!((text, signature), (LEE, LEE_SIGNATURE));
    let (spec, signers) = (spec(), signers());
    let demanded = [review("prod-change", 1, "platform")];
    let bench = Bench { spec: &spec, signers: &signers, demanded: &demanded, on: TODAY };
    assert_eq!(judged(&[given(text, signature)], &bench), Ok(Vec::new()));
    let policy = include_str!("../../../examples/policies/reviews.yaml");
    assert!(policy.contains(LEE_KEY), "its key stands in the example of a policy");
}

#[test]
fn a_damaged_signature_is_told_in_plain_words() {
    let (spec, signers) = (spec(), signers());
    let demanded = [review("prod-change", 1, "platform")];
    let bench = Bench { spec: &spec, signers: &signers, demanded: &demanded, on: TODAY };
    let said = |signature: &str| {
        let faults = judge(&[given(LEE, signature)], &bench).expect_err("it is none");
        faults.0[0].to_string()
    };
    let lines: Vec<&str> = LEE_SIGNATURE.trim().lines().collect();
    let (first, last) = (lines[0], lines[lines.len() - 1]);
    for (signature, words) in [
        (String::new(), "it is empty"),
        ("nonsense".to_owned(), "its first line is not -----BEGIN SSH SIGNATURE-----"),
        (lines[..lines.len() - 1].join("\n"), "part of it is missing"),
        (format!("{first}\nAAAA\n{last}\n"), "between its first and last line is damaged"),
        (format!("{first}\n{}\n{last}\n", lines[1]), "between its first and last line is damaged"),
    ] {
        let message = said(&signature);
        assert!(message.contains(words), "{words}: {message}");
        assert!(!message.contains("error"), "{message}");
    }
}
