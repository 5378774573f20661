// Clients of the signed registries that tests/sdk/trust_sites.py makes and serves, honest and hostile ones.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as sdk from "../dist/index.js";
import { trustFolder } from "../dist/node.js";

/** The address below which each copy has a folder. */
export const TRUST_SITES = process.env.TRUST_SITES;
/** What tests/conformance/trust.json calls a reason that has these words; the first counts. */
const ANSWERS = Object.entries({
  "older metadata than was seen before": "older or mixed",
  "its signed metadata has expired": "expired",
  "lacks signatures of keys that count": "signatures",
  "not the one that the registry signed": "altered",
  "don't belong together, or one was altered": "altered",
  "more than": "too long",
  "the root is not the pinned one": "another root",
  "a root of this registry is pinned, and it isn't served": "no root",
  withheld: "withheld",
  "its signed metadata is not valid": "not valid",
  "there is no workflow": "not found",
});

/** The pinned root of all copies but those of strangers. */
export async function pinnedRoot() {
  return (await fetch(`${TRUST_SITES}/pin`)).text();
}

const above = mkdtempSync(join(tmpdir(), "trust-"));
process.on("exit", () => rmSync(above, { recursive: true, force: true }));

/** A folder for what is seen, empty, and gone with the process. */
export function newFolder() {
  return mkdtempSync(join(above, "seen-"));
}

/** A client of a copy at a moment; `more` are other options. */
export async function clientOf(copy, at, more = {}) {
  const now = () => new Date(at);
  const root = await pinnedRoot();
  return new sdk.WorkflowClient({ registryUrl: `${TRUST_SITES}/${copy}`, root, now, trustStore: trustFolder(newFolder()), ...more });
}

/** What visits answer that share what was seen. */
export async function answersOf(visits) {
  const trustStore = trustFolder(newFolder());
  const answers = [];
  for (const { at, copy, get } of visits) {
    const client = await clientOf(copy, at, { trustStore });
    answers.push(await client.getWorkflow(get).then(({ version }) => version, answerOf));
  }
  return answers;
}

function answerOf(error) {
  assert(error instanceof sdk.IntegrityError || error instanceof sdk.NotFoundError, error);
  assert(error.location && error.help, error);
  return ANSWERS.find(([words]) => error.reason.includes(words))?.[1] ?? error.message;
}
