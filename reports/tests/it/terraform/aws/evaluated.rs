//! What a launch template gives a machine, as Terraform would work it out: hcl-rs evaluates the
//! expressions, with addresses made up.

use std::collections::BTreeMap;

use domain::spec::Spec;
use hcl::eval::{Context, Evaluate as _, FuncArgs, FuncDef, ParamType};
use hcl::{Expression, Value};
use reports::emit::Format;
use serde_json::Value as Json;

use crate::terraform::module::{Module, value};

/// What a machine is given: its files, by their paths, and what is run.
pub(super) struct Boot {
    pub(super) files: BTreeMap<String, String>,
    pub(super) commands: Vec<Vec<String>>,
    pub(super) settings: BTreeMap<String, String>,
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Terraform's functions; what is encoded stays as it is, and what matches nothing is null.
fn functions(context: &mut Context<'_>) {
    let any = |func: fn(FuncArgs) -> Result<Value, String>| {
        FuncDef::builder().variadic_param(ParamType::Any).build(func)
    };
    context.declare_func("base64encode", any(|args| Ok(args[0].clone())));
    context.declare_func(
        "jsonencode",
        any(|args| {
            serde_json::to_string(&args[0]).map(Value::from).map_err(|fault| fault.to_string())
        }),
    );
    context.declare_func(
        "join",
        any(|args| {
            let parts: Vec<String> = args[1].as_array().into_iter().flatten().map(text).collect();
            Ok(Value::from(parts.join(&text(&args[0]))))
        }),
    );
    context.declare_func(
        "replace",
        any(|args| Ok(Value::from(text(&args[0]).replace(&text(&args[1]), &text(&args[2]))))),
    );
    context.declare_func(
        "regex",
        any(|args| {
            assert_eq!(text(&args[0]), "^[A-Za-z0-9_./:@%+=,-]*$");
            let own = text(&args[1]);
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_./:@%+=,-".contains(&byte);
            Ok(if own.bytes().all(allowed) { args[1].clone() } else { Value::Null })
        }),
    );
    context.declare_func(
        "concat",
        any(|args| {
            let lists = args.iter().filter_map(Value::as_array).flatten();
            Ok(Value::Array(lists.cloned().collect()))
        }),
    );
    context.declare_func("can", any(|args| Ok(Value::from(!args[0].is_null()))));
    context.declare_func(
        "element",
        any(|args| {
            let at = args[1].as_u64().and_then(|at| usize::try_from(at).ok()).expect("a number");
            let list = args[0].as_array().expect("a list");
            Ok(list[at % list.len()].clone())
        }),
    );
}

fn object(entries: Vec<(String, Value)>) -> Value {
    Value::Object(entries.into_iter().collect())
}

/// What resources are called once they are there.
fn resources(context: &mut Context<'_>, spec: &Spec) {
    let labels = || spec.services.iter().map(|own| own.name.as_str().replace('-', "_"));
    let labels = || {
        labels().map(|own| if own.as_bytes()[0].is_ascii_digit() { format!("_{own}") } else { own })
    };
    let shards = spec.services.iter().map(|own| own.shards);
    let databases = labels().zip(shards).map(|(label, shards)| {
        let slice = |at| object(vec![("address".into(), format!("{label}.{at}.rds").into())]);
        let all =
            if shards > 1 { Value::Array((0..shards).map(slice).collect()) } else { slice(0) };
        (label, all)
    });
    context.declare_var("aws_db_instance", object(databases.collect()));
    let ends = ["primary_endpoint_address", "configuration_endpoint_address"];
    let caches = labels().map(|label| {
        let ends = ends.map(|end| (end.to_owned(), format!("{label}.cache").into()));
        (label, object(ends.into()))
    });
    context.declare_var("aws_elasticache_replication_group", object(caches.collect()));
    let queues = labels().map(|label| {
        let url = object(vec![("url".into(), format!("https://sqs/{label}").into())]);
        (label, url)
    });
    context.declare_var("aws_sqs_queue", object(queues.collect()));
}

fn local(module: &Module, name: &str) -> Expression {
    let locals = module.blocks("locals");
    let found = locals.iter().find_map(|(_, body)| value(body, name));
    found.unwrap_or_else(|| panic!("there is a local value {name}")).clone()
}

/// What the machines of a label are given, with the owner's start and the place of every secret.
pub(super) fn boot(spec: &Spec, label: &str, start: &str, secret: &str) -> Boot {
    let module = Module::of(spec, Format::TerraformAws);
    let mut context = Context::new();
    functions(&mut context);
    resources(&mut context, spec);
    let starts = vec![(format!("{label}_start"), start.into())];
    context.declare_var("var", object(starts));
    let secrets = spec.services.iter().map(|own| {
        let own = own.name.as_str().replace('-', "_");
        let own = if own.as_bytes()[0].is_ascii_digit() { format!("_{own}") } else { own };
        (format!("{own}_secrets"), Value::Array(vec![secret.into()]))
    });
    let mut locals: Vec<(String, Value)> = secrets.collect();
    for name in ["settings", "boot"].map(|what| format!("{label}_{what}")) {
        context.declare_var("local", object(locals.clone()));
        let own = local(&module, &name).evaluate(&context);
        locals.push((name, own.unwrap_or_else(|fault| panic!("{fault}"))));
    }
    context.declare_var("local", object(locals.clone()));
    let templates = module.labels("aws_launch_template");
    let template = templates.iter().find(|own| {
        **own == label || own.strip_prefix(label).is_some_and(|end| end.starts_with("_A"))
    });
    let template = module.resource("aws_launch_template", template.expect("it has a template"));
    let given = value(template, "user_data").expect("it is given something").evaluate(&context);
    let given = text(&given.unwrap_or_else(|fault| panic!("{fault}")));
    let document = given.strip_prefix("#cloud-config\n").expect("it is for cloud-init");
    read(document, &locals)
}

fn read(document: &str, locals: &[(String, Value)]) -> Boot {
    let document: Json = serde_json::from_str(document).expect("it is JSON");
    let word = |value: &Json| value.as_str().expect("a text").to_owned();
    let files = document["write_files"].as_array().expect("files").iter();
    let commands = document["runcmd"].as_array().expect("commands").iter();
    let settings = locals.iter().find(|(name, _)| name.ends_with("_settings"));
    let settings = settings.expect("it has settings").1.as_object().expect("a map").iter();
    Boot {
        files: files.map(|own| (word(&own["path"]), word(&own["content"]))).collect(),
        commands: commands
            .map(|own| own.as_array().expect("words").iter().map(word).collect())
            .collect(),
        settings: settings.map(|(name, value)| (name.clone(), text(value))).collect(),
    }
}
