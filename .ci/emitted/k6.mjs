// Loads each k6 script in Node, with stand-ins for the two modules of k6, and holds the options that
// it exports against the spec it was emitted from.
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
      get(url, options) { asked.push({ url, options }); return { status: 200 }; },
    };`,
};
const folder = join(work, "k6");
mkdirSync(join(folder, "node_modules/k6"), { recursive: true });
for (const [name, text] of Object.entries(STAND_INS)) {
  writeFileSync(join(folder, "node_modules/k6", name), text);
}
const exported = { ".": "./index.js", "./http": "./http.js" };
const manifest = { name: "k6", type: "module", exports: exported };
writeFileSync(join(folder, "node_modules/k6/package.json"), JSON.stringify(manifest));

// Up to the peak and the headroom, and how long each is kept, as docs/book/src/measuring.md says.
const MINUTES = [2, 10, 2, 5];
const MILLION = 1_000_000n;
const up = (over, under) => Number((over + under - 1n) / under);

// The thresholds that the objectives come to.
function thresholds(spec) {
  const stated = { dropped_iterations: ["count==0"] };
  for (const own of spec.intent.objectives) {
    if (own.kind === "latency") {
      const metric = own.class ? `http_req_duration{class:${own.class}}` : "http_req_duration";
      const limit = `p(${own.percentile_permille / 10})<${own.threshold_us / 1000}`;
      (stated[metric] ??= []).push(limit);
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
}
if (wrong > 0) process.exit(1);
console.log(`${scripts.length} scripts run, ${held} comparisons with the specs hold`);
