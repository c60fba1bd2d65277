// Two linters over the whole document: not an error, not a warning.
// node lint.mjs DOCUMENT
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const document = process.argv[2];
const folder = fileURLToPath(new URL(".", import.meta.url));
const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
const run = (name, ...args) => spawnSync(`${folder}/node_modules/.bin/${name}`, args, { cwd: folder, encoding: "utf8", env });

const redocly = run("redocly", "lint", document, "--extends=recommended", "--format=json");
const { totals, problems } = JSON.parse(redocly.stdout);
for (const problem of problems)
  console.error(`redocly ${problem.severity} ${problem.ruleId}: ${problem.message} ${problem.location?.[0]?.pointer ?? ""}`);

const spectral = run("spectral", "lint", document, "--ruleset=spectral.yaml", "--fail-severity=hint", "--quiet");
if (spectral.status !== 0)
  console.error(spectral.stdout + spectral.stderr);
process.exitCode = totals.errors + totals.warnings > 0 || spectral.status !== 0 ? 1 : 0;
