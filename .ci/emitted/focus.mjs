// Runs the FOCUS validator over bills. It fails on what is demanded and on what is recommended, but
// for the rules below.
//
//   node focus.mjs BIN WORK BILL...
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const [bin, work, ...bills] = process.argv.slice(2);
// It finds a file of its own only from there.
const library = resolve(bin, "../lib");
const python = readdirSync(library).find((own) => own.startsWith("python3"));
const cwd = join(library, python, "site-packages");

// Bills with the same columns are looked at as one, which takes the time of one.
const tables = new Map();
for (const bill of bills) {
  const [heading, ...rows] = readFileSync(bill, "utf8").split(/\r\n(?=.)/);
  if (rows.length === 0) throw new Error(`${bill} has no line`);
  tables.set(heading, [...(tables.get(heading) ?? []), ...rows.map((own) => own.trimEnd())]);
}

// Rules that are broken, and why.
const EXCEPTED = {
  "InvoiceId-C-005-C":
    "Wants an invoice where there is one, and is the alternative to InvoiceId-C-004-C, which wants " +
    "none where there is none: InvoiceId-C-003-C asks for either, and holds.",
};

const fewest = 100;
let lines = 0;
let held = 0;
let wrong = 0;
for (const [at, [heading, rows]] of [...tables].entries()) {
  const table = join(work, `focus-${at}.csv`);
  writeFileSync(table, [heading, ...rows, ""].join("\r\n"));
  const run = spawnSync(
    resolve(bin, "focus-validator"),
    [
      "--data-file",
      table,
      "--validate-version",
      "1.2",
      "--focus-dataset",
      "CostAndUsage",
      "--block-download",
      "--show-violations",
    ],
    { cwd, encoding: "utf8", maxBuffer: 2 ** 26 },
  );
  const [, passed, failed] = /Pass: (\d+) \| Fail: (\d+)/.exec(run.stdout) ?? [];
  const broken = [...run.stdout.matchAll(/^- (\S+): violations=/gm)].map((own) => own[1]);
  const expected = Object.keys(EXCEPTED);
  const as = broken.sort().join() === expected.join() && Number(failed) === expected.length;
  if (run.status !== 0 || !as || Number(passed) < fewest) {
    wrong += 1;
    const told = run.stdout.slice(Math.max(run.stdout.indexOf("--- Failures"), 0));
    console.error(`${table}: ${passed} hold, ${failed} do not\n${told}\n${run.stderr}`);
  }
  held += Number(passed ?? 0);
  lines += rows.length;
}
if (wrong > 0) process.exit(1);
const tried = `${lines} lines of ${bills.length} bills in ${tables.size} tables`;
const but = `none is broken but ${Object.keys(EXCEPTED).length}, stated with a reason`;
console.log(`${tried}, ${held} times a rule of FOCUS 1.2 holds, and ${but}`);
