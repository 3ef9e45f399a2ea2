// Holds the plan that Terraform makes of an emitted module against the spec it was emitted from.
//
//   node plan.mjs prepare SPEC MODULE   writes what a plan without an account needs into the module
//   node plan.mjs compare SPEC MODULE   compares MODULE/checked.json with the spec, and prints
//                                       how many comparisons hold and how many resources there are;
//                                       for AWS also MODULE/checked.made.json, of `terraform test`,
//                                       where everything is made with made-up answers of AWS,
//                                       and MODULE/checked.cluster.json, the plan beside a cluster
//
// What is compared is what the spec says, by rules stated here once more, and not by the generator.
import { basename } from "node:path";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";

import { besideCluster, compareAws } from "./plan-aws.mjs";

const [task, specFile, module] = process.argv.slice(2);
const spec = JSON.parse(readFileSync(specFile, "utf8"));

// Made up: nobody is asked.
const OVERRIDE = `provider "aws" {
  access_key                  = "made-up"
  secret_key                  = "made-up"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
}
`;

// The provider asks AWS whether steps are such as soon as they are known: so they are not known in
// the plan. They are compared where everything is made with made-up answers.
const STEPS = `
resource "aws_sfn_state_machine" "Discovery" {
  definition = aws_iam_role.Discovery[0].arn
}
`;

// What AWS would answer once things are made: what machines are told is known only then. The
// provider looks whether ARNs are such.
const arn = (what) => `"arn:aws:${what}:us-east-1:123456789012:made-up"`;
const ANSWERS = {
  aws_db_instance: `address = "made-up.rds.example.com"
      master_user_secret = [{
        kms_key_id = ""
        secret_arn = ${arn("secretsmanager")}
        secret_status = ""
      }]`,
  aws_elasticache_replication_group: `primary_endpoint_address = "made-up.cache.example.com"
      configuration_endpoint_address = "made-up.cache.example.com"`,
  aws_sqs_queue: `arn = ${arn("sqs")}
      url = "https://made-up.sqs.example.com"`,
  aws_iam_instance_profile: `arn = ${arn("iam")}`,
  aws_iam_role: `arn = ${arn("iam")}`,
  aws_launch_template: `id = "lt-madeup"`,
  aws_lb: `arn = ${arn("elasticloadbalancing")}`,
  aws_lb_target_group: `arn = ${arn("elasticloadbalancing")}`,
  aws_service_discovery_service: `arn = ${arn("servicediscovery")}`,
  aws_sfn_state_machine: `arn = ${arn("states")}`,
};
const MADE = `mock_provider "aws" {
${Object.entries(ANSWERS)
  .map(([type, own]) => `  mock_resource "${type}" {\n    defaults = {\n      ${own}\n    }\n  }`)
  .join("\n")}
}

run "made" {
  command = apply
}
`;

// The module in a folder of its own, to be made with such answers. What is only opened while
// Terraform runs cannot be made up: it stays out, as where RDS makes the password.
function makeUp() {
  const folder = `${module}/checked-made`;
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(module).filter((own) => /\.tf$/.test(own))) {
    if (file === "checked_override.tf") continue;
    const text = readFileSync(`${module}/${file}`, "utf8")
      .replace(/^ephemeral "[^]*?^}\n/gm, "")
      .replace(/^( *password_wo(?:_version)? *= ).*$/gm, "$1null");
    writeFileSync(`${folder}/${file}`, text);
  }
  writeFileSync(`${folder}/made.tftest.hcl`, MADE);
}

const IMAGE = "ami-0123456789abcdef0";

// A value for an input of the spec: only those are given, so any other without a default fails.
function value(input) {
  const service = spec.services.find((own) => own.name === input.service);
  const architectures = [...new Set((service?.offers ?? []).map((offer) => offer.architecture))];
  switch (input.type) {
    case "image":
      return architectures.length < 2
        ? IMAGE
        : Object.fromEntries(architectures.map((own) => [own, IMAGE]));
    case "reference":
      return `arn:aws:acm:${spec.placement.region}:123456789012:certificate/made-up`;
    case "hostname":
      return "www.example.com";
    case "secret_reference":
      return "managed";
    default:
      throw new Error(`an input of an unknown type: ${input.type}`);
  }
}

function zones() {
  return spec.placement.zones.map((_, at) => spec.placement.region + "abcdef"[at]);
}

function prepare() {
  const inputs = Object.fromEntries(spec.inputs_required.map((own) => [own.name, value(own)]));
  const values =
    basename(module) === "terraform-aws"
      ? { ...inputs, zones: zones() }
      : { budget_addresses: ["owner@example.com"] };
  const discovers =
    existsSync(`${module}/discovery.tf`) &&
    readFileSync(`${module}/discovery.tf`, "utf8").includes("aws_sfn_state_machine");
  writeFileSync(`${module}/checked_override.tf`, OVERRIDE + (discovers ? STEPS : ""));
  writeFileSync(`${module}/checked.tfvars.json`, JSON.stringify(values));
  if (basename(module) === "terraform-aws") {
    makeUp();
    // Beside a cluster, only the places of passwords are asked for.
    const asked = spec.inputs_required.filter((own) => own.type === "secret_reference");
    const beside = Object.fromEntries(asked.map((own) => [own.name, value(own)]));
    const cluster = { ...beside, zones: zones(), cluster: true, node_security_group: "sg-0123" };
    writeFileSync(`${module}/checked.cluster.tfvars.json`, JSON.stringify(cluster));
  }
}

// The resources as they are once they are made.
function made() {
  const lines = readFileSync(`${module}/checked.made.json`, "utf8").split("\n").filter(Boolean);
  const states = lines.map((line) => JSON.parse(line)).filter((own) => own.type === "test_state");
  return states.flatMap((own) => own.test_state.root_module.resources);
}

const managedOf = (plan) =>
  plan.planned_values.root_module.resources.filter((own) => own.mode === "managed");

function compare() {
  const plan = JSON.parse(readFileSync(`${module}/checked.json`, "utf8"));
  let held = 0;
  const wrong = [];
  const same = (what, found, stated) => {
    if (JSON.stringify(found) === JSON.stringify(stated)) {
      held += 1;
    } else {
      wrong.push(`${what}: ${JSON.stringify(found)}, but the spec: ${JSON.stringify(stated)}`);
    }
  };
  const resources = managedOf(plan);
  if (basename(module) === "terraform-aws") {
    compareAws({ spec, plan, made: made(), resources, zones: zones(), same });
    const beside = JSON.parse(readFileSync(`${module}/checked.cluster.json`, "utf8"));
    besideCluster({ spec, resources: managedOf(beside), same });
  } else {
    compareBudget(resources, same);
  }
  if (wrong.length > 0) {
    console.error(wrong.join("\n"));
    process.exit(1);
  }
  console.log(`${held} ${resources.length}`);
}

// The alarm for the bill: the expected bill, and the ceiling that the plan cannot pass.
function compareBudget(resources, same) {
  same(
    "one budget",
    resources.map((own) => own.type),
    ["aws_budgets_budget"],
  );
  const [{ values }] = resources;
  const cents = Math.round(spec.cost.monthly_micros.expected / 1e4);
  same("the limit in cents", Math.round(values.limit_amount * 100), cents);
  same("its unit", [values.limit_unit, values.time_unit], ["USD", "MONTHLY"]);
  same(
    "who is told",
    values.notification.every((own) => own.subscriber_email_addresses.length === 1),
    true,
  );
}

({ prepare, compare })[task]();
