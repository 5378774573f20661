// A pinned root: what the table of conformance doesn't ask.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as sdk from "../dist/index.js";
import { canonical } from "../dist/trust/canonical.js";
import { demandSigned, opened } from "../dist/trust/metadata.js";
import { clientOf, newFolder, pinnedRoot, TRUST_SITES } from "./trust_sites.js";
import { trustFolder } from "../dist/node.js";

const TUESDAY = "2026-01-06T13:00:00Z";
const served = { skip: TRUST_SITES ? false : "TRUST_SITES names no server of signed registries" };
const store = { getItem: () => null, setItem: () => undefined };

test("canonical JSON is that of securesystemslib", () => {
  assert.equal(canonical({ b: [1, -2, true, false, null], a: {} }), '{"a":{},"b":[1,-2,true,false,null]}');
  assert.equal(canonical('a"b\\c\nd\u0007é/'), '"a\\"b\\\\c\nd\u0007é/"');
  assert.equal(canonical({ "\ud83d\ude00": 1, "\uffff": 2 }), '{"\uffff":2,"\ud83d\ude00":1}'); // by code points, not by UTF-16
  for (const value of [1.5, { a: [0.1] }, 2 ** 53]) assert.throws(() => canonical(value), RangeError);
});

const COMMON = { _type: "targets", spec_version: "1.0.31", version: 1, expires: "2027-01-01T00:00:00Z" };

function bytesOf(value) {
  return new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
}

test("what is not metadata is refused", () => {
  const refused = ["<html>", "{}", "[]", "null", { signed: {} }, { signed: { ...COMMON, _type: "root" } }];
  refused.push({ signed: { ...COMMON, spec_version: "2.0" } }, { signed: { ...COMMON, version: 0 } });
  refused.push({ signed: { ...COMMON, expires: "soon" } }, { signed: { ...COMMON, more: 0.5 } });
  refused.push(`{"signed": ${"[".repeat(9999)}${"]".repeat(9999)}}`, `{"signed": {"a": ${"[".repeat(99999)}${"]".repeat(99999)}}}`);
  for (const value of refused) assert.throws(() => opened(bytesOf(value), "targets"), { why: "invalid" });
});

async function keyPair() {
  const pair = await crypto.subtle.generateKey({ name: "Ed25519" }, true, ["sign", "verify"]);
  const raw = await crypto.subtle.exportKey("raw", pair.publicKey);
  return { pair, key: { keytype: "ed25519", scheme: "ed25519", keyval: { public: Buffer.from(raw).toString("hex") } } };
}

async function signedBy(...pairs) {
  const signatures = [];
  for (const [n, { pair }] of pairs.entries()) {
    const sig = await crypto.subtle.sign({ name: "Ed25519" }, pair.privateKey, bytesOf(canonical(COMMON)));
    signatures.push({ keyid: `${n}`, sig: Buffer.from(sig).toString("hex") });
  }
  return opened(bytesOf({ signed: COMMON, signatures }), "targets");
}

test("one key under two names is one, and nobody meets a threshold of none", async () => {
  const [one, two] = [await keyPair(), await keyPair()];
  const role = { keyids: ["0", "1"], threshold: 2 };
  await demandSigned(await signedBy(one, two), { 0: one.key, 1: two.key }, role, "targets");
  await assert.rejects(demandSigned(await signedBy(one, one), { 0: one.key, 1: one.key }, role, "targets"), { why: "unsigned" });
  await assert.rejects(demandSigned(await signedBy(), {}, {}, "targets"), { why: "unsigned" });
});

test("a pin that is none is named, and so is a missing store", () => {
  const registryUrl = "https://registry.example.com";
  const zeros = "0".repeat(64);
  for (const root of ["", "1", `0:sha256:${zeros}`, `sha256:${zeros}`, `1:sha256:${zeros}\n`, null]) {
    const make = () => new sdk.WorkflowClient({ registryUrl, root, trustStore: store });
    assert.throws(make, { name: "InvalidRequestError", location: "root" });
  }
  const make = () => new sdk.WorkflowClient({ registryUrl, root: `1:sha256:${zeros}` });
  assert.throws(make, { name: "InvalidRequestError", help: /localStorage/ });
});

test("a client stays in use while a registry publishes", served, async () => {
  let copy = "monday";
  const swapped = (url, init) => {
    assert.equal(init.cache, "no-cache"); // a browser's own may be older
    return fetch(url.replace("/copy/", `/${copy}/`), init);
  };
  const client = await clientOf("copy", "2026-01-06T11:59:00Z", { fetch: swapped });
  assert.equal((await client.getWorkflow("hello")).version, "1.0.0");
  copy = "tuesday";
  assert.equal((await client.getWorkflow("hello")).version, "1.1.0");
  const both = await Promise.all([client.getWorkflow("hello"), client.versions("hello"), client.versions("nobody").catch((e) => e)]);
  assert.deepEqual([both[0].version, both[1].length, both[2].name], ["1.1.0", 2, "NotFoundError"]);
});

test("lists are held against the root, too", served, async () => {
  const client = await clientOf("tuesday", TUESDAY);
  assert.deepEqual((await client.listWorkflows().all()).map(({ name }) => name), ["hello"]);
  assert.deepEqual(await client.listWorkflows({ tag: "none" }).all(), []);
});

test("what can't be kept, and an aborted call, are reported", served, async () => {
  const full = { getItem: () => null, setItem: () => { throw new Error("quota exceeded"); } }; // prettier-ignore
  const client = await clientOf("tuesday", TUESDAY, { trustStore: full });
  await assert.rejects(client.versions("hello"), /can't be kept: quota exceeded \(give a trustStore/);
  const reason = new Error("enough");
  const other = await clientOf("tuesday", TUESDAY);
  await assert.rejects(other.versions("hello", { signal: AbortSignal.abort(reason) }), reason);
  assert.equal((await other.versions("hello")).length, 2);
});

test("where Ed25519 is missing nothing is read unchecked", served, async (t) => {
  const { subtle } = globalThis.crypto;
  t.mock.method(subtle, "importKey", async () => {
    throw new DOMException("Unrecognized name", "NotSupportedError");
  });
  const client = await clientOf("tuesday", TUESDAY);
  await assert.rejects(client.getWorkflow("hello"), { name: "NotSupportedError", help: /Web Crypto has Ed25519/ });
});

test("a root in the store that is not the pinned one is asked for again", served, async () => {
  const trustStore = trustFolder(newFolder());
  const key = `tuf/${(await pinnedRoot()).slice("1:sha256:".length).slice(0, 32)}/root_history/1.root.json`;
  await trustStore.setItem(key, await (await fetch(`${TRUST_SITES}/stranger/tuf/1.root.json`)).text());
  const client = await clientOf("tuesday", TUESDAY, { trustStore });
  assert.equal((await client.versions("hello")).length, 2);
});

test("a folder keeps what was seen where Python's client looks for it", served, async () => {
  const trustStore = trustFolder(newFolder());
  const client = await clientOf("tuesday", TUESDAY, { trustStore });
  await client.versions("hello");
  const seen = `tuf/${(await pinnedRoot()).slice("1:sha256:".length).slice(0, 32)}`;
  for (const name of ["root_history/1.root.json", "timestamp.json", "snapshot.json"]) {
    assert.equal(JSON.parse(await trustStore.getItem(`${seen}/${name}`)).signatures.length > 0, true);
  }
});
