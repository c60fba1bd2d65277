// node validate.mjs < MANIFESTS: each document against the schema of its kind, as
// kubernetes-models and @kubernetes-models/knative carry it.
// Finds missing fields, wrong types, enums and quantities; prints a line for each fault and ends with 1 if there is any.
import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";

const packages = ["kubernetes-models", "@kubernetes-models/knative"];
let faults = 0;
for (const document of parseAllDocuments(readFileSync(0, "utf8"))) {
  const manifest = document.toJS();
  const name = `${manifest.apiVersion} ${manifest.kind} ${manifest.metadata?.name}`;
  try {
    const Kind = await kind(manifest);
    new Kind(manifest).validate();
  } catch (error) {
    faults++;
    console.log(`${name}: ${error.message}`);
  }
}
process.exitCode = faults ? 1 : 0;

async function kind({ apiVersion, kind }) {
  for (const name of packages) {
    try {
      const module = await import(`${name}/${apiVersion}/${kind}`);
      return module[kind] ?? module.default[kind];
    } catch (error) {
      if (!["ERR_MODULE_NOT_FOUND", "ERR_PACKAGE_PATH_NOT_EXPORTED"].includes(error.code)) throw error;
    }
  }
  throw new Error("no schema of this kind is known");
}
