// What a plan of the module for AWS must have in common with its spec.

import { toldAws } from "./told-aws.mjs";

const seconds = (micros) => Math.ceil(micros / 1e6);
const gib = (mebibytes) => Math.ceil(mebibytes / 1024);
const label = (name) => name.replaceAll("-", "_").replace(/^(?=[0-9])/, "_");
const sorted = (values) => [...values].sort();
const sum = (values) => values.reduce((total, own) => total + own, 0);

export function compareAws({ spec, plan, made, resources, zones, same }) {
  const of = (type) => resources.filter((own) => own.type === type);
  const configured = plan.configuration.root_module.resources;
  const parts = { spec, plan, resources, zones, same, of, configured };
  inputs(parts);
  network(parts);
  fleets(parts);
  balancers(parts);
  databases(parts);
  caches(parts);
  tags(parts);
  toldAws({ spec, made, configured, same });
  same(
    "queues",
    of("aws_sqs_queue").filter((own) => !own.name.endsWith("_failed")).length >=
      kinds(spec, "queue", "managed").length,
    true,
  );
  same("nothing that the bill has not", resources.filter((own) => BILLED.test(own.type)).length, 0);
}

// Resources that AWS bills and no plan of these has. Endpoints and the zone of names are billed as
// well: told-aws.mjs says which there have to be.
const BILLED =
  /^aws_(nat_gateway|eip|kms_key|flow_log|wafv2_.*|cloudwatch_(log|metric|dashboard).*|s3_.*)$/;

const kinds = (spec, type, platform) =>
  spec.services.filter((own) => own.type === type && (!platform || own.platform === platform));

const USED_BY_PODS = [
  "aws_default_security_group",
  "aws_internet_gateway",
  "aws_route_table",
  "aws_route_table_association",
  "aws_security_group",
  "aws_sqs_queue",
  "aws_subnet",
  "aws_vpc",
  "aws_vpc_endpoint",
  "aws_vpc_security_group_ingress_rule",
];

// Beside a cluster is made what its pods use: the network, data, queues, and its nodes' ways to
// them. Nothing that a program or a balancer has, no name by which machines are called.
export function besideCluster({ spec, resources, same }) {
  const data = [...kinds(spec, "sql", "managed"), ...kinds(spec, "cache", "managed")];
  const queues = kinds(spec, "queue", "managed");
  const names = (type) =>
    sorted(new Set(resources.filter((own) => own.type === type).map((own) => own.name)));
  const ends = queues.length > 0 ? ["Endpoints"] : [];
  const stated = sorted([...data.map((own) => label(own.name)), ...ends]);
  same("beside a cluster: security groups", names("aws_security_group"), stated);
  same(
    "beside a cluster: ways in",
    names("aws_vpc_security_group_ingress_rule"),
    sorted(stated.map((own) => `Nodes_to_${own}`)),
  );
  same("beside a cluster: endpoints", names("aws_vpc_endpoint"), queues.length > 0 ? ["sqs"] : []);
  same(
    "beside a cluster: data",
    sorted([...names("aws_db_instance"), ...names("aws_elasticache_replication_group")]),
    sorted(data.map((own) => label(own.name))),
  );
  const used = (type) => USED_BY_PODS.includes(type) || /^aws_(db|elasticache)_/.test(type);
  const further = resources.filter((own) => !used(own.type)).map((own) => own.address);
  same("beside a cluster: nothing else", further, []);
}

// Every input is a variable, and no other is without a default; those that a cluster does without
// have null, which is refused where there is no cluster.
function inputs({ spec, plan, same }) {
  const variables = Object.entries(plan.configuration.root_module.variables);
  const open = variables.filter(([, own]) => (own.default ?? null) === null).map(([name]) => name);
  same(
    "variables without a default",
    sorted(open),
    sorted(spec.inputs_required.map((own) => own.name)),
  );
}

function network({ spec, zones, same, of }) {
  same(
    "networks",
    of("aws_vpc").map((own) => own.values.cidr_block),
    [spec.network.vpc.cidr],
  );
  const zone = (id) => zones[spec.placement.zones.findIndex((own) => own.id === id)];
  const found = of("aws_subnet").map(
    (own) => `${own.values.cidr_block} ${own.values.availability_zone}`,
  );
  const stated = spec.network.subnets.map((own) => `${own.cidr} ${zone(own.zone)}`);
  same("subnets and their zones", sorted(found), sorted(stated));
  same(
    "no address from outside",
    of("aws_subnet").some((own) => own.values.map_public_ip_on_launch),
    false,
  );
  const outside = spec.services.filter((own) => own.type === "queue" && own.platform === "managed");
  const groups = spec.services
    .filter((own) => !outside.includes(own))
    .map((own) => label(own.name));
  const found_groups = of("aws_security_group").map((own) => own.name);
  same(
    "security groups",
    sorted(found_groups.filter((own) => own !== "Endpoints")),
    sorted(groups),
  );
  const inside = (name) => name === "internet" || groups.includes(label(name));
  const flows = spec.network.flows.filter((own) => inside(own.from) && inside(own.to));
  const entered = of("aws_vpc_security_group_ingress_rule").filter(
    (own) => !own.name.endsWith("_to_Endpoints"),
  );
  const rules = entered.map((own) => own.values);
  same(
    "ways in",
    sorted(rules.map((own) => `${own.description} at ${own.from_port} to ${own.to_port}`)),
    sorted(new Set(flows.map((own) => `${own.from} to ${own.to} at ${own.port} to ${own.port}`))),
  );
  const open = rules.filter((own) => own.cidr_ipv4 === "0.0.0.0/0");
  same("ways in from anywhere", open.length, flows.filter((own) => own.from === "internet").length);
}

// Each kind of machines: its group, its template and its policy.
function fleets({ spec, same, of, configured }) {
  const fleets = kinds(spec, "service", "vm");
  const offers = fleets.flatMap((service) =>
    service.offers.map((offer, at) => {
      const letter = service.offers.length > 1 ? `_${"ABCDEFGHIJ"[at]}` : "";
      return { service, offer, name: label(service.name) + letter };
    }),
  );
  const names = sorted(offers.map((own) => own.name));
  same("groups of machines", sorted(of("aws_autoscaling_group").map((own) => own.name)), names);
  same("templates", sorted(of("aws_launch_template").map((own) => own.name)), names);
  const scaled = offers.filter((own) => own.offer.autoscaling).map((own) => own.name);
  same("policies", sorted(of("aws_autoscaling_policy").map((own) => own.name)), sorted(scaled));
  for (const { service, offer, name } of offers) {
    const named = (type) => of(type).find((own) => own.name === name)?.values;
    const group = named("aws_autoscaling_group");
    const template = named("aws_launch_template");
    if (!group || !template) continue;
    const peak = sum(Object.values(offer.per_zone));
    const { min = peak, max = peak } = offer.autoscaling ?? {};
    same(
      `${name}: machines`,
      [group.min_size, group.desired_capacity, group.max_size],
      [min, peak, Math.max(max, peak)],
    );
    same(`${name}: type`, template.instance_type, offer.instance_type);
    const disk = service.root_volume;
    const [ebs] = template.block_device_mappings.flatMap((own) => own.ebs);
    same(
      `${name}: disk`,
      ebs && [ebs.volume_type, ebs.volume_size, ebs.encrypted],
      disk && [disk.product, gib(disk.size_mib), String(disk.encrypted)],
    );
    same(
      `${name}: IMDSv2`,
      template.metadata_options.map((own) => own.http_tokens),
      ["required"],
    );
    const place = configured.find((own) => own.address === `aws_autoscaling_group.${name}`);
    const references = place.expressions.vpc_zone_identifier.references.join(" ");
    const stood = sorted(new Set([...references.matchAll(/\["(.*?)"\]/g)].map((own) => own[1])));
    const stated = Object.entries(offer.per_zone).filter(
      ([, count]) => offer.autoscaling || count > 0,
    );
    same(`${name}: zones`, stood, sorted(stated.map(([zone]) => zone)));
    const behind = spec.services.some(
      (own) => own.type === "load_balancer" && own.targets.includes(service.name),
    );
    same(`${name}: who says that it is well`, group.health_check_type, behind ? "ELB" : "EC2");
    if (!offer.autoscaling) continue;
    const policy = named("aws_autoscaling_policy");
    const [tracking] = policy.target_tracking_configuration;
    same(`${name}: how busy`, tracking.target_value, offer.autoscaling.target_ppm / 10_000);
    same(
      `${name}: warm-up`,
      policy.estimated_instance_warmup,
      seconds(offer.autoscaling.warmup_us),
    );
  }
}

function balancers({ spec, same, of }) {
  const own = kinds(spec, "load_balancer");
  same(
    "balancers",
    sorted(of("aws_lb").map((lb) => lb.name)),
    sorted(own.map((lb) => label(lb.name))),
  );
  for (const balancer of own) {
    const found = of("aws_lb").find((lb) => lb.name === label(balancer.name))?.values ?? {};
    same(`${balancer.name}: idle`, found.idle_timeout, seconds(balancer.listener.idle_timeout_us));
    const listener =
      of("aws_lb_listener").find((lb) => lb.name === label(balancer.name))?.values ?? {};
    same(
      `${balancer.name}: listener`,
      [listener.port, listener.protocol],
      [balancer.listener.port, "HTTPS"],
    );
  }
  const targets = spec.services.filter((service) =>
    own.some((lb) => lb.targets.includes(service.name)),
  );
  same(
    "targets",
    sorted(of("aws_lb_target_group").map((group) => group.name)),
    sorted(targets.map((service) => label(service.name))),
  );
  for (const service of targets) {
    const group = of("aws_lb_target_group").find((it) => it.name === label(service.name))?.values;
    const [found] = group?.health_check ?? [];
    const stated = service.health_check;
    same(
      `${service.name}: health`,
      found && [
        found.path,
        found.interval,
        found.timeout,
        found.unhealthy_threshold,
        found.healthy_threshold,
      ],
      [
        stated.path ?? "/",
        seconds(stated.interval_us),
        seconds(stated.timeout_us),
        stated.unhealthy_threshold,
        stated.healthy_threshold,
      ],
    );
    same(`${service.name}: port`, group?.port, service.port);
  }
}

function databases({ spec, same, of }) {
  const own = kinds(spec, "sql", "managed");
  same("databases", of("aws_db_instance").length, sum(own.map((service) => service.shards)));
  for (const service of own) {
    for (const { values, address } of of("aws_db_instance").filter(
      (it) => it.name === label(service.name),
    )) {
      same(
        `${address}: what it is`,
        [values.engine, values.engine_version, values.instance_class, values.port],
        [service.engine, service.engine_version, service.offers[0].instance_type, service.port],
      );
      same(
        `${address}: disk`,
        [values.allocated_storage, values.storage_type, values.storage_encrypted],
        [gib(service.volume.size_mib), service.volume.product, true],
      );
      same(`${address}: copy`, values.multi_az, service.redundancy.mode === "standby");
      const backup = service.backup;
      same(
        `${address}: backups`,
        [values.backup_retention_period, values.deletion_protection ?? false],
        [backup?.retention_days ?? 0, backup?.deletion_protection ?? false],
      );
      if (backup) same(`${address}: when`, values.backup_window, backup.window_utc);
      same(`${address}: password`, values.password ?? null, null);
    }
  }
}

function caches({ spec, same, of }) {
  const own = kinds(spec, "cache", "managed");
  same("caches", of("aws_elasticache_replication_group").length, own.length);
  for (const service of own) {
    const found = of("aws_elasticache_replication_group").find(
      (it) => it.name === label(service.name),
    );
    const { values = {} } = found ?? {};
    const { shards, offers, replicas, redundancy } = service;
    same(
      `${service.name}: nodes`,
      [
        values.node_type,
        shards > 1
          ? values.num_node_groups * (values.replicas_per_node_group + 1)
          : values.num_cache_clusters,
        values.multi_az_enabled,
        values.at_rest_encryption_enabled,
        values.transit_encryption_enabled,
      ],
      [offers[0].instance_type, replicas.peak, redundancy.mode === "standby", "true", true],
    );
  }
}

// Whatever can be tagged leads back to the spec, and has the labels.
function tags({ spec, resources, same }) {
  const { name, digest, labels } = spec.metadata;
  const environment = spec.metadata.environment ?? labels.environment;
  const stated = {
    ...labels,
    ...(environment ? { environment } : {}),
    "plimsoll.dev/system": environment ? `${name}-${environment}` : name,
    "plimsoll.dev/spec": digest,
  };
  const tagged = resources.filter((own) => "tags_all" in own.values);
  same("something is tagged", tagged.length > 5, true);
  const kept = (found) => Object.fromEntries(Object.keys(stated).map((key) => [key, found?.[key]]));
  for (const { address, values } of tagged) same(`${address}: tags`, kept(values.tags_all), stated);
  for (const { address, type, values } of resources) {
    if (type !== "aws_autoscaling_group") continue;
    const found = Object.fromEntries(values.tag.map((own) => [own.key, own.value]));
    same(`${address}: tags`, kept(found), stated);
    same(
      `${address}: tags of machines`,
      values.tag.every((own) => own.propagate_at_launch),
      true,
    );
  }
}
