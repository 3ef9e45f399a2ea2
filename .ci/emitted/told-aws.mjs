// What the machines of the module for AWS are given and may do, held against the spec: profiles,
// policies, the user data as cloud-init reads it and the settings as a shell does; endpoints, and
// the names by which fleets are called.
import { spawnSync } from "node:child_process";

const label = (name) => name.replaceAll("-", "_").replace(/^(?=[0-9])/, "_");
const sorted = (values) => [...values].sort();
const letters = "ABCDEFGHIJ";

const SETTINGS = "/etc/plimsoll/settings.env";
const SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:made-up";
const WATCH = "/var/lib/plimsoll/watch";

export function toldAws({ spec, made, configured, same }) {
  const of = (type) => made.filter((own) => own.type === type && own.mode === "managed");
  const named = (type, name) => of(type).find((own) => own.name === name)?.values;
  const fleets = spec.services.filter((own) => own.type === "service" && own.platform === "vm");
  const managed = (type) =>
    spec.services.filter((own) => own.type === type && own.platform === "managed");
  const uses = (fleet, to) =>
    fleet.targets.includes(to.name) || (to.type === "queue" && to.targets.includes(fleet.name));

  for (const fleet of fleets) {
    const name = label(fleet.name);
    const role = named("aws_iam_role", name);
    const profile = named("aws_iam_instance_profile", name);
    same(`${name}: whose profile it is`, profile?.role, role?.name);
    const by = JSON.parse(role?.assume_role_policy ?? "{}").Statement?.[0]?.Principal;
    same(`${name}: who may be it`, by, { Service: "ec2.amazonaws.com" });
    const policy = named("aws_iam_role_policy", name)?.policy;
    const statements = policy ? JSON.parse(policy).Statement : [];
    const reads = managed("sql").filter((to) => uses(fleet, to));
    const read = statements.filter((own) => own.Action.includes("secretsmanager:GetSecretValue"));
    same(
      `${name}: secrets that it reads`,
      read.map((own) => [own.Action.length, sorted(new Set(own.Resource))]),
      reads.map(() => [1, [SECRET]]),
    );
    const place = configured.find((own) => own.address === `aws_iam_role_policy.${name}`);
    const references = place?.expressions.policy.references ?? [];
    same(
      `${name}: whose secrets they are`,
      sorted(new Set(references.filter((own) => own.startsWith("local.")))),
      sorted(reads.map((to) => `local.${label(to.name)}_secrets`)),
    );
    const queues = managed("queue").filter((to) => uses(fleet, to));
    const others = statements.filter((own) => own.Action.some((it) => it.startsWith("sqs:")));
    same(
      `${name}: queues that it uses`,
      sorted(new Set(others.map((own) => own.Resource))).length,
      Math.min(queues.length, 1),
    );
    const actions = new Set(statements.flatMap((own) => own.Action.map((it) => it.split(":")[0])));
    const may = [
      ...(reads.length > 0 ? ["secretsmanager", "kms"] : []),
      ...(queues.length > 0 ? ["sqs"] : []),
    ];
    const further = [...actions].filter((own) => !may.includes(own));
    same(`${name}: nothing else`, further, []);

    const templates = fleet.offers.map((_, at) =>
      fleet.offers.length > 1 ? `${name}_${letters[at]}` : name,
    );
    for (const own of templates) {
      const template = named("aws_launch_template", own);
      same(`${own}: profile`, template?.iam_instance_profile?.[0]?.arn, profile?.arn);
      given({ spec, fleet, own, template, same, uses });
    }
  }

  const ends = [
    ["secretsmanager", managed("sql")],
    ["sqs", managed("queue")],
  ].filter(([, asked]) => asked.some((to) => fleets.some((fleet) => uses(fleet, to))));
  const region = spec.placement.region;
  same(
    "endpoints",
    sorted(of("aws_vpc_endpoint").map((own) => own.values.service_name)),
    sorted(ends.map(([end]) => `com.amazonaws.${region}.${end}`)),
  );
  const called = fleets.filter((to) => fleets.some((fleet) => uses(fleet, to)));
  const names = sorted(called.map((own) => label(own.name)));
  for (const type of ["aws_service_discovery_service", "aws_cloudwatch_event_target"]) {
    same(`${type} of what is called`, sorted(of(type).map((own) => own.name)), names);
  }
  for (const fleet of called) heard({ fleet, of, named, same });
}

// How it is heard of machines of a fleet that come and go, and what is done then.
function heard({ fleet, of, named, same }) {
  const name = label(fleet.name);
  const pattern = JSON.parse(named("aws_cloudwatch_event_rule", name)?.event_pattern ?? "{}");
  const groups = of("aws_autoscaling_group").filter(
    (own) => own.name === name || own.name.match(/^(.*)_[A-Z]$/)?.[1] === name,
  );
  same(
    `${name}: whose machines are heard of`,
    sorted(pattern.detail?.AutoScalingGroupName ?? []),
    sorted(groups.map((own) => own.values.name)),
  );
  const [input] = named("aws_cloudwatch_event_target", name)?.input_transformer ?? [];
  const text = (input?.input_template ?? "").replace(/<(.*?)>/g, '"$1"');
  const told = JSON.parse(text || "{}");
  const keys = ["event", "instance", "service", "start_s"];
  same(`${name}: what is told of it`, sorted(Object.keys(told)), keys);
  same(`${name}: where that is taken from`, sorted(Object.keys(input?.input_paths ?? {})), [
    "event",
    "instance",
  ]);
  const [machine] = of("aws_sfn_state_machine");
  const { StartAt: first, States: states = {} } = JSON.parse(machine?.values.definition ?? "{}");
  const follow = (own) => [
    ...(own.Next ? [own.Next] : []),
    ...(own.Default ? [own.Default] : []),
    ...(own.Choices ?? []).map((it) => it.Next),
    ...(own.Catch ?? []).map((it) => it.Next),
  ];
  const reached = new Set([first]);
  for (const state of reached) for (const next of follow(states[state] ?? {})) reached.add(next);
  same(`${name}: steps that are reached`, sorted(reached), sorted(Object.keys(states)));
  const ends = Object.entries(states).filter(
    ([, own]) => !own.End && own.Type !== "Succeed" && follow(own).length === 0,
  );
  same(`${name}: no step leads nowhere`, ends.length, 0);
  const events = (states[first]?.Choices ?? []).map((own) => own.StringEquals);
  same(
    `${name}: every event is heard of`,
    events.every((own) => pattern["detail-type"]?.includes(own)),
    true,
  );
}

// One launch template's user data.
function given({ spec, fleet, own, template, same, uses }) {
  const text = Buffer.from(template?.user_data ?? "", "base64").toString("utf8");
  const [first, ...rest] = text.split("\n");
  same(`${own}: for cloud-init`, first, "#cloud-config");
  const document = JSON.parse(rest.join("\n") || "{}");
  const files = Object.fromEntries(
    (document.write_files ?? []).map((file) => [file.path, file.content]),
  );
  const behind = spec.services.some(
    (it) => it.type === "load_balancer" && it.targets.includes(fleet.name),
  );
  same(`${own}: looked after by itself`, WATCH in files, !behind);
  const shell = spawnSync("/bin/sh", ["-c", 'set -a; eval "$(cat)"; exec env -0'], {
    input: files[SETTINGS] ?? "",
    env: { PATH: process.env.PATH },
    encoding: "utf8",
  });
  const pairs = shell.stdout.split("\0").map((line) => line.split(/=(.*)/s));
  const told = Object.fromEntries(pairs);
  const stated = expected(spec, fleet, uses);
  const kept = Object.fromEntries(Object.keys(stated).map((key) => [key, told[key]]));
  same(`${own}: what it is told`, kept, stated);
}

// What a program has to know by its spec, said once more.
function expected(spec, fleet, uses) {
  const { process: own, resilience: calls } = fleet;
  const stated = {
    PORT: fleet.port,
    OTEL_SERVICE_NAME: fleet.name,
    ...(own ? { MAX_IN_FLIGHT: own.max_in_flight, QUEUE_LIMIT: own.queue_limit } : {}),
    ...(calls
      ? {
          CALL_TIMEOUT_MS: Math.floor(calls.timeout_us / 1000),
          CALL_RETRIES: calls.retries,
          CALL_RETRY_BUDGET_PERCENT: calls.retry_budget_ppm / 10_000,
          CALL_QUEUE_MS: Math.floor(calls.queue_us / 1000),
        }
      : {}),
  };
  const { name, labels } = spec.metadata;
  const environment = spec.metadata.environment ?? labels.environment;
  const zone = `${environment ? `${name}-${environment}` : name}.internal`;
  for (const to of spec.services.filter((it) => uses(fleet, it))) {
    const key = label(to.name).toUpperCase();
    stated[`${key}_PORT`] = to.port;
    const several = to.type === "sql" && to.shards > 1;
    const hosts = several
      ? Array.from({ length: to.shards }, (_, at) => `${key}_${at + 1}`)
      : [key];
    const host = {
      sql: "made-up.rds.example.com",
      cache: "made-up.cache.example.com",
      queue: `sqs.${spec.placement.region}.amazonaws.com`,
      service: `${to.name}.${zone}`,
    }[to.type];
    for (const own of hosts) stated[`${own}_HOST`] = host;
    if (to.type !== "service") stated[`${key}_TLS`] = "true";
    if (to.type === "sql") {
      for (const own of hosts) stated[`${own}_PASSWORD_SECRET`] = SECRET;
      for (const what of ["DATABASE", "USER"]) stated[`${key}_${what}`] = "plimsoll";
      if (to.connections) stated[`${key}_POOL`] = to.connections.pool_per_instance;
    }
    if (to.type === "service") stated[`${key}_BALANCING`] = to.algorithm;
  }
  return Object.fromEntries(Object.entries(stated).map(([key, value]) => [key, String(value)]));
}
