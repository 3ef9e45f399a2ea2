// Holds the plan that Terraform makes of an emitted module against the spec it was emitted from.
//
//   node plan.mjs prepare SPEC MODULE   writes what a plan without an account needs into the module
//   node plan.mjs compare SPEC MODULE   compares MODULE/checked.json with the spec, and prints
//                                       how many comparisons hold and how many resources there are
//
// What is compared is what the spec says, by rules stated here once more, and not by the generator.
import { basename } from "node:path";
import { readFileSync, writeFileSync } from "node:fs";

import { compareAws } from "./plan-aws.mjs";

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
  writeFileSync(`${module}/checked_override.tf`, OVERRIDE);
  writeFileSync(`${module}/checked.tfvars.json`, JSON.stringify(values));
}

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
  const resources = plan.planned_values.root_module.resources.filter(
    (own) => own.mode === "managed",
  );
  if (basename(module) === "terraform-aws") {
    compareAws({ spec, plan, resources, zones: zones(), same });
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
  const cents = Math.ceil(spec.cost.monthly_micros.expected / 1e4);
  same("the limit in cents", Math.round(values.limit_amount * 100), cents);
  same("its unit", [values.limit_unit, values.time_unit], ["USD", "MONTHLY"]);
  same(
    "who is told",
    values.notification.every((own) => own.subscriber_email_addresses.length === 1),
    true,
  );
}

({ prepare, compare })[task]();
