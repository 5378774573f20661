// This SDK does what tests/conformance/*.json say that every SDK does.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as sdk from "../dist/index.js";
import { digest } from "../dist/digest.js";
import { refusal, retryAfter } from "../dist/problems.js";
import { admits, parseRange } from "../dist/ranges.js";
import { badName, badVersion, parseReference } from "../dist/reference.js";
import { succeeded } from "../dist/result.js";
import { messages } from "../dist/sse.js";
import { answersOf, TRUST_SITES } from "./trust_sites.js";
import { latest } from "../dist/versions.js";

const FOLDER = process.env.CONFORMANCE ?? new URL("../../../tests/conformance", import.meta.url).pathname;
const KINDS = {
  InvalidRequestError: "invalid-request",
  AuthenticationError: "authentication",
  PermissionDeniedError: "permission",
  NotFoundError: "not-found",
  NotSupportedError: "not-supported",
  ConflictError: "conflict",
  FindingsError: "findings",
  IntegrityError: "integrity",
  RateLimitedError: "rate-limited",
  ServerError: "server",
};

const runners = {
  names: ({ name }) => ({ valid: badName(name) === "" }),
  versions: ({ version }) => ({ valid: badVersion(version) === "" }),
  latest: ({ versions, yanked }) => ({ version: latest(versions, new Set(yanked)) }),
  ranges({ range, version }) {
    const found = parseRange(range);
    return found ? { valid: true, admits: admits(found, version) } : { valid: false };
  },
  references({ text }) {
    try {
      return { valid: true, ...parseReference(text) };
    } catch (error) {
      assert(error instanceof sdk.InvalidRequestError);
      return { valid: false };
    }
  },
  digests: async ({ files }) => ({ digest: await digest(fromBase64(files)) }),
  errors: errorOf,
  listing,
  execute,
  async events({ stream }) {
    const found = [];
    for await (const { id, event, data } of messages(pieces(stream))) found.push({ id, event, data });
    return { messages: found };
  },
  following,
  packages,
  retries,
  trust: async ({ visits }) => ({ answers: await answersOf(visits) }),
};
const NEEDS = { trust: TRUST_SITES ? false : "TRUST_SITES names no server of signed registries" };

function fromBase64(files) {
  return new Map(Object.entries(files).map(([path, data]) => [path, new Uint8Array(Buffer.from(data, "base64"))]));
}

async function* pieces(text) {
  for (const byte of Buffer.from(text)) yield Uint8Array.of(byte);
}

/** Headers by lower-case name; `Headers` takes no character above 255, a server's bytes can't have one either. */
function headersOf(given) {
  const kept = new Map(Object.entries(given));
  return { get: (name) => kept.get(name) ?? null };
}

function errorOf({ status, headers, body }) {
  const given = headersOf(headers);
  const error = refusal(status, given, body, "https://example.com", retryAfter(given));
  assert.equal(error.status, status);
  const told = { kind: KINDS[error.constructor.name], request_id: error.requestId };
  if (error instanceof sdk.FindingsError) {
    told.findings = error.findings.map((f) => `${f.path}:${f.line}:${f.column} ${f.rule}`);
  } else if (body.startsWith("{")) told.reason = error.reason;
  if (error instanceof sdk.RateLimitedError) told.retry_after = error.retryAfter;
  return told;
}

async function listing({ documents, filters, take }) {
  const fetched = [];
  const fetch = async (url) => {
    const path = decodeURIComponent(url.replace("https://registry.example.com/api/v1/", ""));
    fetched.push(path);
    const found = documents[path];
    return new Response(JSON.stringify(found ?? {}), { status: found === undefined ? 404 : 200 });
  };
  const client = new sdk.WorkflowClient({ registryUrl: "https://registry.example.com", fetch });
  const names = [];
  if (take === 0) return { names, fetched };
  for await (const { name } of client.listWorkflows(filters)) {
    names.push(name);
    if (names.length === take) break;
  }
  return { names, fetched };
}

function execute({ run }) {
  let found;
  try {
    found = succeeded(run, "exec-0");
  } catch (error) {
    assert(error instanceof sdk.RunFailedError);
    return { ok: false, status: error.result.status, ...("error" in run && { reason: error.reason }) };
  }
  const { outputs, usage, seconds, answeredBy, insteadOf, notices } = found;
  return {
    ok: true,
    outputs,
    tokens: usage.inputTokens + usage.outputTokens,
    seconds,
    ...(answeredBy && { answered_by: answeredBy, instead_of: insteadOf }),
    ...(notices.length > 0 && { notices }),
  };
}

async function following({ id, streams, run }) {
  const asked = [];
  const fetch = async (url, { headers = {} } = {}) => {
    if (url.endsWith("/events")) return new Response(streams[asked.push(headers["Last-Event-ID"] ?? "") - 1] ?? "");
    return new Response(JSON.stringify(run));
  };
  const client = new sdk.WorkflowClient({ registryUrl: "https://registry.example.com", fetch, sleep: async () => {} });
  const events = [];
  for await (const { name } of client.run(id)) events.push(name);
  const ok = await client.run(id).result().then(() => true, (error) => (assert(error instanceof sdk.RunFailedError), false));
  return { events, asked: asked.slice(0, streams.length), ok };
}

async function packages({ package: data, digest: expected }) {
  try {
    const found = await sdk.verifyPackage(Buffer.from(data, "base64"), expected);
    return { valid: true, name: found.name, version: found.version, digest: found.digest };
  } catch (error) {
    assert(error instanceof sdk.IntegrityError, error);
    return { valid: false };
  }
}

async function retries({ answers, retries: most }) {
  const waits = [];
  let requests = 0;
  const fetch = async () => {
    const { status, headers = {} } = answers[requests++];
    if (status === 0) throw new TypeError("lost");
    return new Response("[]", { status, headers });
  };
  const sleep = async (milliseconds) => waits.push(milliseconds / 1000);
  const client = new sdk.WorkflowClient({ registryUrl: "https://registry.example.com", retries: most, fetch, sleep });
  const error = await client.listWorkflows({ tag: "t" }).all().then(() => undefined, (found) => found);
  const asked = answers.slice(0, waits.length).flatMap(({ headers = {} }, n) => ("retry-after" in headers ? [waits[n]] : []));
  const kind = error instanceof sdk.UnreachableError ? "unreachable" : KINDS[error?.constructor.name];
  return { requests, asked, kind: error ? kind : "" };
}

for (const file of readdirSync(FOLDER).filter((name) => name.endsWith(".json")).sort()) {
  const { format, subject, cases } = JSON.parse(readFileSync(join(FOLDER, file), "utf8"));
  test(file, async (t) => {
    assert.equal(format, "puppyai.com/conformance/v1");
    assert(runners[subject], `no runner for ${subject}`);
    for (const { id, given, expected } of cases) {
      await t.test(id, { skip: NEEDS[subject] }, async () => assert.deepEqual(await runners[subject](given), expected));
    }
  });
}
