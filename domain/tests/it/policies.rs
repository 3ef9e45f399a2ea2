//! Policies from the outside: what is read, what is refused and where, and what attacks the reader.

use domain::area::Area;
use domain::data_class::DataClass;
use domain::intent::Faults;
use domain::policy::{
    Clause, Effect, POLICY_CODES, POLICY_SCHEMA, Policies, PolicySource, Profile, Subject,
    read_policies,
};
use domain::units::{Availability, MicroDollars, Percentile, Ratio, Seconds};
use miette::Diagnostic as _;

const EXAMPLE: &str = include_str!("../../../examples/policies/platform.yaml");

fn source(file: &str, text: &str) -> PolicySource {
    PolicySource { file: file.into(), text: text.into(), digest: "sha256:test".into() }
}

fn policy(name: &str, rules: &str) -> String {
    format!(
        "apiVersion: plimsoll/v1\nkind: Policy\nmetadata: {{name: {name}}}\nrules:\n  - {rules}\n"
    )
}

fn read(rule: &str) -> Result<Policies, Faults> {
    read_policies(&[source("test.yaml", &policy("test", rule))])
}

fn codes(faults: &Faults) -> Vec<&'static str> {
    faults.faults.iter().map(domain::intent::PlacedFault::code).collect()
}

/// What a fault points at.
fn at(faults: &Faults) -> &str {
    let placed = &faults.faults[0];
    &placed.text.content[placed.offset..placed.offset + placed.length]
}

#[test]
fn the_example_is_read_as_it_stands() {
    let policies = read_policies(&[source("platform.yaml", EXAMPLE)]).expect("it is sound");
    assert_eq!(policies.layers[0].name.as_str(), "platform-baseline");
    assert_eq!(policies.layers[0].version, Some(7));
    let rule = |name: &str| policies.rules.iter().find(|rule| rule.name == name).expect("a rule");
    let floor = rule("prod-floor");
    let floors = [
        Clause::Uptime(Availability::from_ppm(999_000).unwrap()),
        Clause::Latency(Percentile::P95, Seconds::of(0.8)),
        Clause::Rpo(Seconds::of(900.0)),
    ];
    assert_eq!(floor.clauses, floors);
    assert_eq!(floor.environment.as_ref().map(ToString::to_string).as_deref(), Some("prod"));
    assert_eq!(floor.place, "platform.yaml:13:10");
    let headroom = [Clause::HeadroomLoad(Ratio::of(0.25)), Clause::InstancesDown(1)];
    assert_eq!(rule("headroom").clauses, headroom);
    let limits = [
        Clause::Expected(MicroDollars::from_dollars(20_000)),
        Clause::Ceiling(MicroDollars::from_dollars(40_000)),
    ];
    assert_eq!(rule("prod-limit").clauses, limits);
    let families = ["t*", "B*", "e2"].map(str::to_owned).to_vec();
    assert_eq!(rule("families").clauses, [Clause::Deny(Subject::Family, families)]);
    assert_eq!(rule("families").because.as_deref(), Some("burst credits run out at peak"));
    assert_eq!(rule("spot").stateful, Some(true));
    assert_eq!(rule("old-prices").effect, Effect::Warn);
    assert_eq!(rule("old-prices").clauses, [Clause::PriceAge(400)]);
    assert_eq!(rule("spread").clauses, [Clause::Zones(2), Clause::Standby]);
    assert_eq!(rule("regions").serves, ["GDPR Art. 44"]);
    let personal = rule("personal-data");
    assert_eq!(personal.holds, Some(DataClass::Personal));
    let places = [Clause::RegionIn(vec![Area::Eu]), Clause::BackupIn(vec![Area::Eu])];
    assert_eq!(personal.clauses, places);
    assert_eq!(rule("backups").clauses, [Clause::BackupDays(14), Clause::BackupCopy]);
    assert_eq!(rule("soc2-backups").clauses, [Clause::BackupDays(7)]);
    assert_eq!(policies.rules[policies.exceptions[0].rule].name, "families");
}

/// Each fault with its code and with what it points at.
const REFUSED: [(&str, &str, &str); 30] = [
    ("{id: a, require: {uptime: 99.9%}}", "policy::direction", "99.9%"),
    ("{id: a, require: {uptime: '<= 99.9%'}}", "policy::direction", "'<= 99.9%'"),
    ("{id: a, require: {uptime: '>= 99.9'}}", "policy::unit", "'>= 99.9'"),
    ("{id: a, require: {uptime: '>= 9%'}}", "policy::range", "'>= 9%'"),
    ("{id: a, require: {uptime: '>= lots'}}", "policy::number", "'>= lots'"),
    ("{id: a, require: {zones: '>= 70'}}", "policy::range", "'>= 70'"),
    ("{id: a, require: {price.age: '<= 5m'}}", "policy::ambiguous", "'<= 5m'"),
    ("{id: a, require: {price.age: '<= 3h'}}", "policy::range", "'<= 3h'"),
    ("{id: a, require: {utilisation: '<= 0%'}}", "policy::range", "'<= 0%'"),
    ("{id: a, require: {uptimes: '>= 99.9%'}}", "policy::unknown_key", "uptimes"),
    ("{id: a, require: {hours: nights}}", "policy::choice", "nights"),
    ("{id: a, require: {subnets: public}}", "policy::choice", "public"),
    ("{id: a, require: {region.in: EUR}}", "policy::choice", "EUR"),
    ("{id: a, require: {ingress: [99999]}}", "policy::range", "99999"),
    ("{id: a, require: {backup.retention: '>= 0d'}}", "policy::range", "'>= 0d'"),
    ("{id: a, require: {database.standby: false}}", "policy::choice", "false"),
    ("{id: a, limit: {cost.expected: 400}}", "policy::unit", "400"),
    ("{id: a, allow: {provider: [awz]}}", "policy::choice", "awz"),
    ("{id: a, allow: {region: []}}", "policy::missing_key", "region"),
    ("{id: a, deny: {family: ['c 8']}}", "policy::name", "'c 8'"),
    ("{id: a, allow: {platform: [metal]}}", "policy::choice", "metal"),
    ("{id: a, allow: {service: [web]}}", "policy::unsupported", "service"),
    ("{id: a, require: {latency.p95: '<= 3h'}}", "policy::range", "'<= 3h'"),
    ("{id: a, require: {latency.p97: '<= 3ms'}}", "policy::unknown_key", "latency.p97"),
    ("{id: a, require: {recovery.rpo: '>= 3h'}}", "policy::direction", "'>= 3h'"),
    ("{id: a}", "policy::missing_key", "a"),
    ("{id: A, deny: {family: [t]}}", "policy::name", "A"),
    ("[a]", "policy::shape", "["),
    (
        "{id: a, when: {cost.increase: 1}, deny: {family: [t]}}",
        "policy::unsupported",
        "cost.increase",
    ),
    ("{id: a, because: \"x\\e\", deny: {family: [t]}}", "policy::text", "\"x\\e\""),
];

#[test]
fn every_fault_has_its_code_and_points_at_its_place() {
    for (rule, code, place) in REFUSED {
        let faults = read(rule).expect_err(rule);
        assert_eq!(codes(&faults)[0], code, "{rule}");
        if !place.starts_with('[') {
            assert!(at(&faults).starts_with(place), "{rule}: {}", at(&faults));
        }
        assert!(POLICY_CODES.contains(&code), "{code}");
    }
}

#[test]
fn a_rule_for_some_services_speaks_of_what_is_bought_for_them() {
    let faults = read("{id: a, when: {service.stateful: true}, require: {zones: '>= 2'}}");
    assert_eq!(codes(&faults.expect_err("zones are of no service")), ["policy::unsupported"]);
    let faults = read("{id: a, when: {service.stateful: true}, allow: {region: [x]}}");
    assert_eq!(codes(&faults.expect_err("regions are of no service")), ["policy::unsupported"]);
    read("{id: a, when: {service.stateful: true}, deny: {product: [instance]}}").expect("sound");
}

#[test]
fn all_faults_of_all_documents_are_told_together() {
    let one = policy("one", "{id: a, require: {uptime: 99.9%}, color: red}");
    let faults = read_policies(&[
        source("one.yaml", &one),
        source("two.yaml", "complience: [gdpr]\n"),
        source("three.yaml", ""),
    ])
    .expect_err("three faulty documents");
    assert_eq!(
        codes(&faults),
        [
            "policy::direction",
            "policy::unknown_key",
            "policy::missing_key",
            "policy::missing_key",
            "policy::missing_key",
            "policy::missing_key",
            "policy::unknown_key",
            "policy::empty",
        ]
    );
    assert_eq!(faults.to_string(), "the policy has 8 faults");
    let files: Vec<&str> = faults.faults.iter().map(|placed| placed.text.name.as_str()).collect();
    assert_eq!((files[0], files[6], files[7]), ("one.yaml", "two.yaml", "three.yaml"));
}

#[test]
fn rules_that_contradict_each_other_are_named_with_both_places() {
    let pairs = [
        ("allow: {region: [eu-west-1]}", "allow: {region: [us-east-1, us-west-2]}"),
        ("allow: {provider: [aws]}", "deny: {provider: [aws, google]}"),
        ("deny: {family: ['C*']}", "allow: {family: [c8g, c7g]}"),
        ("require: {replicas: '>= 5'}", "require: {replicas: '<= 3'}"),
        ("require: {region.in: EU}", "require: {region.in: [NO, US]}"),
        ("require: {backup.region.in: IE}", "require: {backup.region.in: DE}"),
        ("require: {ingress: [443]}", "require: {ingress: [80, 8080]}"),
    ];
    for (one, two) in pairs {
        let one = policy("organisation", &format!("{{id: a, {one}}}"));
        let two = policy("team", &format!("{{id: b, {two}}}"));
        let layers = [source("organisation.yaml", &one), source("team.yaml", &two)];
        let faults = read_policies(&layers).expect_err("nothing keeps both");
        assert_eq!(codes(&faults), ["policy::contradiction"], "{two}");
        assert_eq!(faults.faults[0].text.name, "team.yaml");
        let help = &faults.faults[0].fault.words().help;
        assert!(help.contains("organisation.yaml:5:"), "{help}");
        let message = faults.faults[0].to_string();
        assert!(message.contains("rule a") && message.contains("rule b"), "{message}");
    }
    let meet = [
        ("allow: {region: ['eu-*']}", "allow: {region: [eu-west-1]}"),
        ("allow: {family: ['c*']}", "deny: {family: [c8g]}"),
        ("require: {replicas: '>= 3'}", "require: {replicas: '<= 3'}"),
        (
            "when: {environment: dev}, allow: {region: [x]}",
            "when: {environment: prod}, allow: {region: [y]}",
        ),
        ("effect: warn, allow: {region: [x]}", "allow: {region: [y]}"),
        ("require: {region.in: EU}", "require: {region.in: [NO, IE]}"),
    ];
    for (one, two) in meet {
        let text = format!("{{id: a, {one}}}\n  - {{id: b, {two}}}");
        read(&text).unwrap_or_else(|faults| panic!("{text}: {faults:?}"));
    }
}

#[test]
fn rules_of_one_name_are_told_apart_by_their_policies() {
    let rule = "{id: zones, require: {zones: '>= 2'}}";
    let layers = [
        source("a.yaml", &policy("organisation", rule)),
        source("b.yaml", &policy("team", "{id: zones, require: {zones: '>= 3'}}")),
    ];
    let policies = read_policies(&layers).expect("two layers");
    let names: Vec<&str> = policies.rules.iter().map(|rule| rule.name.as_str()).collect();
    assert_eq!(names, ["organisation/zones", "team/zones"]);
    let twice = [source("a.yaml", &policy("team", rule)), source("b.yaml", &policy("team", rule))];
    assert_eq!(codes(&read_policies(&twice).expect_err("one name")), ["policy::name"]);
    let faults = read(&format!("{rule}\n  - {rule}")).expect_err("one name");
    assert_eq!(codes(&faults), ["policy::name"]);
}

#[test]
fn hostile_documents_are_refused_after_little_work() {
    let of = |text: &str| {
        let faults = read_policies(&[source("x", text)]).expect_err("hostile");
        codes(&faults)[0]
    };
    let rules = |rules: &str| policy("x", rules);
    assert_eq!(of(&rules(&"x".repeat(2 << 20))), "policy::too_large");
    assert_eq!(of(&"[".repeat(100_000)), "policy::too_large");
    assert_eq!(of(&rules("&a {id: a}\n  - *a")), "policy::alias");
    assert_eq!(of(&rules("!!str a")), "policy::tag");
    assert_eq!(of("a: [1"), "policy::syntax");
    assert_eq!(of("a: 1\n---\na: 2\n"), "policy::several_documents");
    assert_eq!(of(&rules("{id: a, id: b, deny: {family: [x]}}")), "policy::duplicate_key");
    assert_eq!(of(&rules("{}").replace("v1", "v2")), "policy::version");
    let many = (0..501).map(|at| format!("{{id: r{at}, deny: {{family: [x]}}}}"));
    let many: Vec<String> = many.collect();
    assert_eq!(of(&rules(&many.join("\n  - "))), "policy::too_large");
    let layers: Vec<PolicySource> = (0..17)
        .map(|at| source("x", &policy(&format!("p{at}"), "{id: a, deny: {family: [x]}}")))
        .collect();
    assert_eq!(codes(&read_policies(&layers).expect_err("too many")), ["policy::too_large"]);
    // Thousands of rules that contradict each other are counted, not compared for ever.
    let clash = (0..500).map(|at| format!("{{id: r{at}, allow: {{region: [r{at}]}}}}"));
    let clash: Vec<String> = clash.collect();
    let faults = read_policies(&[source("x", &rules(&clash.join("\n  - ")))]).expect_err("clash");
    assert_eq!(faults.faults.len(), 100);
}

#[test]
fn every_code_can_be_reached() {
    let mut reached: Vec<&str> = REFUSED.iter().map(|(_, code, _)| *code).collect();
    // Those of the tests above.
    reached.extend([
        "policy::alias",
        "policy::contradiction",
        "policy::duplicate_key",
        "policy::empty",
        "policy::several_documents",
        "policy::syntax",
        "policy::tag",
        "policy::too_large",
        "policy::version",
    ]);
    let missing: Vec<&str> =
        POLICY_CODES.into_iter().filter(|code| !reached.contains(code)).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn documents_that_are_read_meet_the_schema_and_the_others_mostly_do_not() {
    let schema = serde_json::from_str(POLICY_SCHEMA).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let errors = |text: &str| -> Vec<String> {
        let value: serde_json::Value = serde_saphyr::from_str(text).unwrap();
        schema.iter_errors(&value).map(|fault| fault.to_string()).collect()
    };
    assert_eq!(errors(EXAMPLE), Vec::<String>::new());
    for (rule, code, _) in REFUSED {
        let of_value = ["unit", "number", "range", "ambiguous", "text"];
        if of_value.iter().all(|kind| !code.ends_with(kind)) {
            assert!(!errors(&policy("test", rule)).is_empty(), "{rule}");
        }
    }
}

/// A policy with a rule and an exception.
fn lifted(exception: &str) -> Result<Policies, Faults> {
    let rules = "{id: families, deny: {family: [t]}}\n  - {id: zones, require: {zones: '>= 2'}}";
    let text = format!("{}exceptions: [{exception}]\n", policy("test", rules));
    read_policies(&[source("test.yaml", &text)])
}

#[test]
fn an_exception_names_a_rule_of_its_own_policy_and_a_day() {
    let rest = "until: 2027-03-31, by: a, because: b";
    let read = lifted(&format!("{{rule: families, service: batch, {rest}}}")).expect("sound");
    let [exception] = &read.exceptions[..] else { panic!("there is one") };
    assert_eq!(read.rules[exception.rule].name, "families");
    assert_eq!(exception.until.to_string(), "2027-03-31");
    assert!(!read.lifts(exception), "no day was stated");
    for (exception, code, needle) in [
        (format!("{{rule: famlies, {rest}}}"), "policy::name", "did you mean `families`?"),
        (format!("{{rule: zones, service: batch, {rest}}}"), "policy::contradiction", "split"),
        ("{rule: zones, until: soon, by: a, because: b}".into(), "policy::number", "2027-03-31"),
        ("{rule: zones, until: 2027-03-31, by: a}".into(), "policy::missing_key", "because"),
        (format!("{{rule: zones, whom: c, {rest}}}"), "policy::unknown_key", "who"),
    ] {
        let faults = lifted(&exception).expect_err(&exception);
        assert_eq!(codes(&faults), [code], "{exception}");
        let words = faults.faults[0].fault.words();
        assert!(format!("{} {}", words.message, words.help).contains(needle), "{words:?}");
    }
    // Another policy cannot lift it.
    let layers = [
        source("a.yaml", &policy("organisation", "{id: families, deny: {family: [t]}}")),
        source(
            "b.yaml",
            &format!(
                "{}exceptions: [{{rule: families, {rest}}}]\n",
                policy("team", "{id: zones, require: {zones: '>= 2'}}")
            ),
        ),
    ];
    assert_eq!(codes(&read_policies(&layers).expect_err("of another")), ["policy::name"]);
}

fn complying(name: &str, profiles: &str) -> String {
    format!(
        "apiVersion: plimsoll/v1\nkind: Policy\nmetadata: {{name: {name}}}\n\
         compliance: {profiles}\n"
    )
}

#[test]
fn profiles_are_policies_whose_rules_each_name_a_clause() {
    let schema = serde_json::from_str(POLICY_SCHEMA).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let bound =
        [Some(DataClass::Personal), Some(DataClass::Health), Some(DataClass::Payment), None];
    for (profile, class) in Profile::ALL.into_iter().zip(bound) {
        let alone = read_policies(&[source("x.yaml", profile.text())]).expect("a policy by itself");
        let name = profile.as_str();
        let named = complying("x", &format!("[{name}]"));
        let document: serde_json::Value = serde_saphyr::from_str(&named).expect("YAML");
        assert!(validator.is_valid(&document), "{name}");
        let read = read_policies(&[source("y.yaml", &named)]).expect("a sound policy");
        assert!(read.rules.len() >= 4, "{name}");
        for (rule, own) in read.rules.iter().zip(alone.rules.iter()) {
            assert_eq!((&rule.name, &rule.clauses), (&own.name, &own.clauses));
            assert!(!rule.serves.is_empty() && rule.because.is_some(), "{}", rule.name);
            assert_eq!(rule.holds, class, "{}", rule.name);
            assert!(rule.place.starts_with(&format!("compliance/{name}.yaml:")), "{}", rule.place);
        }
    }
}

#[test]
fn a_profile_holds_once_and_its_rules_can_be_lifted_where_it_is_named() {
    let all = complying("organisation", "[gdpr, hipaa, pci_dss, soc2]");
    let lifted = "exceptions:\n  - {rule: soc2-backups, until: 2027-03-31, by: a, because: b}\n";
    let layers = [
        source("a.yaml", &format!("{all}{lifted}")),
        source("b.yaml", &complying("team", "[gdpr]")),
    ];
    let policies = read_policies(&layers).expect("two sound policies");
    let names: Vec<&str> = policies.rules.iter().map(|rule| rule.name.as_str()).collect();
    let count = names.iter().filter(|name| name.starts_with("gdpr-")).count();
    assert_eq!(count, 4, "{names:?}");
    assert_eq!(names[policies.exceptions[0].rule], "soc2-backups");
    let faults = read_policies(&[source("a.yaml", &complying("x", "[gdrp]"))]).expect_err("a slip");
    assert_eq!(codes(&faults), ["policy::choice"]);
}

#[test]
fn a_bound_that_points_the_other_way_is_told_which_one_is_due() {
    let message = |rule: &str| {
        let faults = read(rule).expect_err(rule);
        let placed = &faults.faults[0];
        (placed.fault.to_string(), placed.help().expect("a help").to_string())
    };
    let (said, help) = message("{id: a, require: {uptime: '<= 99.9%'}}");
    assert!(said.contains("points the wrong way: <=, and >= is due"), "{said}");
    assert_eq!(help, "it is a floor: write >= before the number");
    let (said, help) = message("{id: a, require: {recovery.rpo: '>= 3h'}}");
    assert!(said.contains("points the wrong way: >=, and <= is due"), "{said}");
    assert_eq!(help, "it is a cap: write <= before the number");
    let (said, _) = message("{id: a, require: {uptime: 99.9%}}");
    assert!(said.contains("does not say in which direction"), "{said}");
}
