// Runs checkov over what was emitted in a format. checkov does not tell how grave a finding is
// without an account with its maker, so every finding counts, but for those that checkov.json states
// with a reason, for a check or for what it finds at one resource ("CHECK RESOURCE"). A statement
// that no finding needs any more is a fault as well. Its maker publishes how grave checks are (the
// policy reference of Prisma Cloud): of those stated for AWS and for clusters none is high.
// CKV2_AWS_28, CKV_AWS_31 and CKV_AWS_285 are medium, the others low or for information;
// CKV_AWS_394 is newer than the list.
//
//   node checkov.mjs CHECKOV WORK FORMAT FOLDER...
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const [checkov, work, format, ...folders] = process.argv.slice(2);
const stated = JSON.parse(readFileSync(new URL("checkov.json", import.meta.url), "utf8"));
const excepted = stated[format];

// All below one folder: told of several, it looks at the first one again and again. What the other
// checks have written stays out.
const parent = join(work, "checkov", format);
for (const [at, folder] of folders.entries()) {
  mkdirSync(join(parent, String(at)), { recursive: true });
  for (const file of readdirSync(folder)) {
    const emitted = /\.(tf|ya?ml|json)$/.test(file) && !file.startsWith("checked");
    if (emitted) copyFileSync(join(folder, file), join(parent, String(at), file));
  }
}
const run = spawnSync(
  checkov,
  [
    ...["--directory", parent, "--compact", "--skip-download", "--output", "json"],
    ...["--framework", format === "kubernetes" ? "kubernetes" : "terraform"],
  ],
  { encoding: "utf8", maxBuffer: 2 ** 29 },
);
if (![0, 1].includes(run.status)) {
  console.error(run.stderr);
  process.exit(1);
}
// Where it has no check for anything that it reads, a report is nothing but its summary.
const report = JSON.parse(run.stdout);
const summary = report.summary ?? report;
const { failed_checks: failed = [], passed_checks: passed = [] } = report.results ?? {};
const found = new Set(failed.map((own) => own.check_id));
const at = (own) => `${own.check_id} ${own.resource}`;
const needed = new Set([...found, ...failed.map(at)]);

const faults = [];
if (summary.parsing_errors > 0) faults.push(`${summary.parsing_errors} files cannot be read`);
const looked = new Set([...failed, ...passed].map((own) => own.file_path.split("/")[1]));
if (excepted) {
  if (looked.size !== folders.length)
    faults.push(`${looked.size} folders of ${folders.length} read`);
  for (const own of failed.filter((it) => ![it.check_id, at(it)].some((key) => key in excepted))) {
    const folder = folders[own.file_path.split("/")[1]];
    faults.push(`${own.check_id} ${own.check_name}: ${own.resource} in ${folder}`);
  }
  for (const id of Object.keys(excepted).filter((own) => !needed.has(own))) {
    faults.push(`${id} is excepted for ${format}, and nothing needs it`);
  }
}
if (faults.length > 0) {
  console.error(faults.join("\n"));
  process.exit(1);
}
const over = `${folders.length} folders, ${summary.passed} checks pass`;
const kinds = `${failed.length} of ${found.size} kinds fail`;
if (excepted) {
  console.log(`${over}; ${kinds}, each stated with a reason`);
} else if (found.size === 0) {
  console.log(`${over} and none fails`);
} else {
  console.log(`${over}; ${kinds} and are NOT held: checkov.json has no list for ${format}`);
}
