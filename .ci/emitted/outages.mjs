// Lets promtool run the alerting rules over requests that are answered well and in time, and over
// the same where each fails as fast, over nothing at all and over what a balancer answers where no
// program is there, and sees which alerts fire.
//
//   node outages.mjs MODULES PROMTOOL WORK RULES...
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";

const [modules, promtool, work, ...files] = process.argv.slice(2);
const { parse } = createRequire(resolve(modules, "package.json"))("yaml");
const folder = join(work, "outages");
mkdirSync(folder, { recursive: true });

// Ten requests a second of each class that all end with one status, within every limit.
function requests(spec, system, status) {
  const limits = spec.intent.objectives.filter((own) => own.kind === "latency");
  const series = (part, labels) => ({
    series: `http_server_request_duration_seconds_${part}{${labels}}`,
    values: "0+600x120",
  });
  return spec.demand.classes.flatMap(({ name, enters }) => {
    const labels =
      `service_name="${enters}",service_namespace="${system}",class="${name}",` +
      `http_response_status_code="${status}"`;
    const bounds = new Set(limits.map((own) => own.threshold_us / 1e6));
    return [
      series("count", labels),
      ...[...bounds].map((bound) => series("bucket", `${labels},le="${bound}"`)),
    ];
  });
}

// How many alerts of a kind fire after so long.
const firing = (names, minutes, count) => ({
  expr: `count(ALERTS{alertstate="firing",alertname=~"${names}"})`,
  eval_time: `${minutes}m`,
  exp_samples: count === 0 ? [] : [{ labels: "{}", value: count }],
});

let promises = 0;
let balancers = 0;
for (const [at, file] of files.entries()) {
  const spec = JSON.parse(readFileSync(join(dirname(file), "../spec.json"), "utf8"));
  const rules = parse(readFileSync(file, "utf8")).groups.flatMap((own) => own.rules);
  const { system } = rules.find((own) => own.alert).labels;
  const burning = rules.filter((own) => own.alert?.endsWith("Burning1h")).length;
  promises += burning;
  const test = (name, input_series, promql_expr_test) => {
    return { name, interval: "1m", input_series, promql_expr_test };
  };
  const tests = [
    test("all is well", requests(spec, system, 200), [firing(".*Burning.*", 110, 0)]),
    test("the client is wrong", requests(spec, system, 404), [firing(".*Burning.*", 110, 0)]),
    test("all fail", requests(spec, system, 503), [firing(".*Burning1h", 110, burning)]),
  ];
  const entries = new Set(spec.demand.classes.map((own) => own.enters)).size;
  const silent = firing("NothingMeasured", 110, entries);
  tests.push(test("nobody measures", [], [silent]));
  tests[0].promql_expr_test.push(firing("NothingMeasured", 110, 0));
  // CloudWatch writes of what there is, and of a request that no machine is there for as no other.
  const edge = spec.services[0].name;
  const balancer = (metric, count) => ({
    series:
      `aws_applicationelb_${metric}_sum{` +
      `tag_plimsoll_dev_system="${system}",tag_service="${edge}"}`,
    values: `${count}x120`,
  });
  const heard = rules.filter((own) => own.alert?.endsWith("Unanswered")).length;
  const failed = (count) => balancer("httpcode_elb_5_xx_count", count);
  tests.push(
    test("no program is there", [failed(600)], [firing(".*Unanswered", 110, heard)]),
    test("no program answers", [failed(600), balancer("request_count", 600)], [
      firing(".*Unanswered", 110, heard),
    ]),
    test("the balancer has nothing to say", [failed(0), balancer("request_count", 600)], [
      firing(".*Unanswered", 110, 0),
    ]),
  );
  balancers += heard;
  const path = join(folder, `${at}.yaml`);
  writeFileSync(path, JSON.stringify({ rule_files: [resolve(file)], tests }));
  execFileSync(promtool, ["test", "rules", path], { stdio: ["ignore", "ignore", "inherit"] });
}
if (promises === 0 || balancers === 0) throw new Error("no rules watch a promise, or a balancer");
console.log(
  `${files.length} files of rules: ${promises} promises are heard of when all fails, ` +
    `silence always, ${balancers} balancers where no program answers`,
);
