//! Who the machines of a service are for AWS, and what they may do: take from and send to the
//! queues that they use, and read the passwords of the databases that they call. Nothing else.

use domain::intent::ServiceKind;
use domain::spec::{ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, list, map};
use crate::emit::terraform::each;
use crate::emit::terraform::fleet::{is_fleet, is_managed};
use crate::emit::told::used;

use super::names::{cloud, ident, system_of};
use super::{cluster, database, queue};

pub(super) fn file(spec: &Spec) -> Body {
    let services = spec.services.iter().filter(|service| is_fleet(service));
    let about = "Who the machines of each service are, and what they may do. Nobody logs in: there \
                 is no key, and no session of Systems Manager is let in.";
    each(Body::file(about), "This plan has no machines.", services, |own| identity(spec, own))
}

/// The profile of a service's machines.
pub(super) fn profile(service: &ServicePart) -> Expression {
    code(&format!("aws_iam_instance_profile.{}[0].arn", ident(&service.name)))
}

fn identity(spec: &Spec, service: &ServicePart) -> Body {
    let label = ident(&service.name);
    let name = cloud(&[&system_of(spec), service.name.as_str()], 64);
    let role_id = code(&format!("aws_iam_role.{label}[0].name"));
    let role = cluster::unless_there()
        .set("name", name.as_str())
        .set("assume_role_policy", assumed_by("ec2.amazonaws.com"));
    let profile = cluster::unless_there().set("name", name.as_str()).set("role", role_id.clone());
    let allowed: Vec<Expression> =
        queue::allowed(spec, service).into_iter().chain(secrets(spec, service)).collect();
    let about = if allowed.is_empty() {
        format!("{} may do nothing in the account.", service.name)
    } else {
        format!("{} may do this and nothing else in the account.", service.name)
    };
    let body = Body::default().part(&about, "resource", &["aws_iam_role", &label], role);
    let body = if allowed.is_empty() {
        body
    } else {
        let policy = cluster::unless_there()
            .set("name", "own")
            .set("role", role_id)
            .set("policy", policy(allowed));
        body.part("", "resource", &["aws_iam_role_policy", &label], policy)
    };
    body.part("", "resource", &["aws_iam_instance_profile", &label], profile)
}

/// That the machines read the passwords of the databases that they call.
fn secrets(spec: &Spec, service: &ServicePart) -> Vec<Expression> {
    let called = used(spec, service).filter(|to| is_managed(to, ServiceKind::Sql));
    let statements = called.flat_map(|to| {
        let secrets = database::secrets(to);
        let read = allow(&["secretsmanager:GetSecretValue"], secrets.clone());
        let region = &spec.placement.region;
        let condition = map([
            ("kms:ViaService", Expression::from(format!("secretsmanager.{region}.amazonaws.com"))),
            ("kms:EncryptionContext:SecretARN", secrets),
        ]);
        let keys = format!("arn:aws:kms:{region}:*:key/*");
        // A secret of the owner's may have a key of the owner's.
        let opened = database::place_of_secret(spec, to).map(|_| {
            map([
                ("Effect", Expression::from("Allow")),
                ("Action", list(["kms:Decrypt"])),
                ("Resource", Expression::from(keys)),
                ("Condition", map([("StringEquals", condition)])),
            ])
        });
        [Some(read), opened]
    });
    statements.flatten().collect()
}

/// A statement that allows some actions on something.
pub(super) fn allow(actions: &[&str], resource: Expression) -> Expression {
    map([
        ("Effect", Expression::from("Allow")),
        ("Action", list(actions.iter().copied())),
        ("Resource", resource),
    ])
}

/// A policy of statements.
pub(super) fn policy(statements: Vec<Expression>) -> Expression {
    encoded(map([("Version", Expression::from("2012-10-17")), ("Statement", list(statements))]))
}

/// That a service of AWS may be a role.
pub(super) fn assumed_by(service: &str) -> Expression {
    policy(vec![map([
        ("Effect", Expression::from("Allow")),
        ("Action", list(["sts:AssumeRole"])),
        ("Principal", map([("Service", service)])),
    ])])
}

/// Something as JSON.
pub(super) fn encoded(value: Expression) -> Expression {
    Expression::from(hcl::expr::FuncCall::builder("jsonencode").arg(value).build())
}
