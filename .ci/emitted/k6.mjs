// Loads each k6 script in Node, with stand-ins for the modules of k6, and holds the options that
// it exports, and what it counts as in time, against the spec it was emitted from.
//
//   node k6.mjs WORK SCRIPT...
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { isDeepStrictEqual } from "node:util";

const [work, ...scripts] = process.argv.slice(2);
let held = 0;
let wrong = 0;
function same(what, found, stated) {
  if (isDeepStrictEqual(found, stated)) {
    held += 1;
  } else {
    wrong += 1;
    console.error(`${what}: ${JSON.stringify(found)}, but the spec: ${JSON.stringify(stated)}`);
  }
}

// Stand-ins that remember what is asked for.
const STAND_INS = {
  "index.js":
    "export const check = (answer, checks) => Object.values(checks).every((own) => own(answer));",
  "http.js": `const asked = [];
    export default {
      asked,
      setResponseCallback() {},
      expectedStatuses: (range) => range,
      next: { status: 200, timings: { duration: 0 } },
      get(url, options) { asked.push({ url, options }); return this.next; },
    };`,
  "metrics.js": `export const rates = [];
    export class Rate {
      constructor(name) { this.name = name; this.added = []; rates.push(this); }
      add(value) { this.added.push(value); }
    }`,
};
const folder = join(work, "k6");
mkdirSync(join(folder, "node_modules/k6"), { recursive: true });
for (const [name, text] of Object.entries(STAND_INS)) {
  writeFileSync(join(folder, "node_modules/k6", name), text);
}
const exported = { ".": "./index.js", "./http": "./http.js", "./metrics": "./metrics.js" };
const manifest = { name: "k6", type: "module", exports: exported };
writeFileSync(join(folder, "node_modules/k6/package.json"), JSON.stringify(manifest));

// Up to the peak and the headroom, and how long each is kept, as docs/book/src/measuring.md says.
const MINUTES = [2, 10, 2, 5];
const MILLION = 1_000_000n;
const up = (over, under) => Number((over + under - 1n) / under);

// The metric of what is answered well within a limit.
const counted = (us) => `answered_within_${String(us / 1000).replace(".", "_")}_ms`;

// The thresholds that the objectives come to.
function thresholds(spec) {
  const stated = { dropped_iterations: ["count==0"] };
  for (const own of spec.intent.objectives) {
    if (own.kind === "latency") {
      const metric = counted(own.threshold_us) + (own.class ? `{class:${own.class}}` : "");
      (stated[metric] ??= []).push(`rate>=${own.percentile_permille / 1000}`);
    } else if (own.kind === "availability") {
      const lost = (1e6 - own.target_ppm) / 1e6;
      stated.http_req_failed = [`rate<=${lost.toFixed(6).replace(/0+$/, "")}`];
    }
  }
  return stated;
}

function headroom(spec) {
  const load = spec.intent.objectives.find((own) => own.headroom_ppm !== undefined);
  return BigInt(load?.headroom_ppm ?? 0);
}

globalThis.__ENV = { BASE_URL: "https://www.example.com", CLASS_PATH: "/" };
for (const [at, script] of scripts.entries()) {
  const spec = JSON.parse(readFileSync(join(dirname(script), "../spec.json"), "utf8"));
  const module = join(folder, `load-${at}.mjs`);
  copyFileSync(script, module);
  execFileSync(process.execPath, ["--check", module]);
  const { options, request } = await import(pathToFileURL(module).href);
  same(`${script}: thresholds`, options.thresholds, thresholds(spec));
  const names = spec.demand.classes.map((own) => own.name);
  same(`${script}: classes`, Object.keys(options.scenarios).sort(), [...names].sort());
  const peak = BigInt(spec.demand.peak_micro_rps) * 60n;
  for (const { name, share_ppm: share } of spec.demand.classes) {
    const own = options.scenarios[name];
    const rate = peak * BigInt(share);
    const high = up(rate, MILLION ** 2n);
    const higher = up(rate * (MILLION + headroom(spec)), MILLION ** 3n);
    const targets = [high, high, higher, higher];
    const stages = targets.map((target, it) => ({ target, duration: `${MINUTES[it] * 60}s` }));
    same(`${script}: ${name}: stages`, own.stages, stages);
    same(`${script}: ${name}: an open model`, own.executor, "ramping-arrival-rate");
    same(`${script}: ${name}: unit`, [own.timeUnit, own.startRate], ["1m", 0]);
    same(`${script}: ${name}: tag`, own.tags.class, name);
    same(
      `${script}: ${name}: users`,
      own.preAllocatedVUs >= 1 && own.maxVUs >= own.preAllocatedVUs,
      true,
    );
  }
  const { default: http } = await import(
    pathToFileURL(join(folder, "node_modules/k6/http.js")).href
  );
  const before = http.asked.length;
  request();
  const timeout = spec.services[0].resilience.timeout_us / 1e6;
  same(`${script}: what is asked`, http.asked.slice(before), [
    { url: "https://www.example.com/", options: { timeout: `${timeout}s` } },
  ]);
  // Only what is answered well and within the limit is in time.
  const { rates } = await import(pathToFileURL(join(folder, "node_modules/k6/metrics.js")).href);
  const latencies = spec.intent.objectives.filter((own) => own.kind === "latency");
  for (const us of new Set(latencies.map((own) => own.threshold_us))) {
    const rate = rates.findLast((own) => own.name === counted(us));
    rate.added.length = 0;
    for (const status of [200, 399, 404, 500, 503, 0]) {
      for (const duration of [0, us / 1000, us / 1000 + 0.001]) {
        http.next = { status, timings: { duration } };
        request();
      }
    }
    const late = [true, true, false];
    const stated = [...late, ...late, ...Array(12).fill(false)];
    same(`${script}: in time within ${us} us`, rate.added, stated);
  }
  http.next = { status: 200, timings: { duration: 0 } };
}
if (wrong > 0) process.exit(1);
console.log(`${scripts.length} scripts run, ${held} comparisons with the specs hold`);
