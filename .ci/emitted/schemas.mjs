// Holds OpenSLO documents and bills of materials against their JSON Schemas, and the objectives of
// the former against the spec they were emitted from.
//
//   node schemas.mjs MODULES OPENSLO_SCHEMA BOM_SCHEMA FILE...
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";

const [modules, opensloSchema, bomSchema, ...files] = process.argv.slice(2);
const required = createRequire(resolve(modules, "package.json"));
const { Ajv2020 } = required("ajv/dist/2020.js");
const YAML = required("yaml");

const read = (file) => JSON.parse(readFileSync(file, "utf8"));
// Formats of numbers, as schemas of Rust name them, say nothing that the bounds do not.
const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false });
const openslo = ajv.compile(read(opensloSchema));
const bom = ajv.compile(read(bomSchema));

let documents = 0;
let wrong = 0;
function fault(what) {
  wrong += 1;
  console.error(what);
}
function valid(schema, document, what) {
  documents += 1;
  if (!schema(document)) fault(`${what}: ${ajv.errorsText(schema.errors)}`);
}

// What is promised of requests is an SLO with that share as its target.
function promised(spec) {
  const shares = spec.intent.objectives.map((own) => {
    if (own.kind === "latency") return own.percentile_permille / 1000;
    return own.kind === "availability" ? own.target_ppm / 1e6 : undefined;
  });
  return shares.filter((own) => own !== undefined).sort();
}

for (const file of files) {
  if (basename(file) === "bom.json") {
    valid(bom, read(file), file);
    continue;
  }
  const parsed = YAML.parseAllDocuments(readFileSync(file, "utf8"), { strict: true });
  const found = parsed.map((own) => {
    for (const error of own.errors) fault(`${file}: ${error.message}`);
    return own.toJS();
  });
  for (const [at, document] of found.entries()) valid(openslo, document, `${file}, document ${at}`);
  const spec = read(join(dirname(file), "../spec.json"));
  const slos = found.filter((own) => own.kind === "SLO");
  const targets = slos.flatMap((own) => own.spec.objectives.map((it) => it.target)).sort();
  if (JSON.stringify(targets) !== JSON.stringify(promised(spec))) {
    fault(`${file}: targets ${targets}, but the spec: ${promised(spec)}`);
  }
  const services = found.filter((own) => own.kind === "Service").map((own) => own.metadata.name);
  for (const own of slos) {
    if (!services.includes(own.spec.service)) fault(`${file}: no service ${own.spec.service}`);
  }
}
if (wrong > 0) process.exit(1);
console.log(`${documents} documents of ${files.length} files are valid`);
