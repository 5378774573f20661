// A file of metadata: read, and its signatures looked at.
import { sha256 } from "../digest.js";
import { NotSupportedError } from "../errors.js";
import { isObject, number, text, type JsonObject, type JsonValue } from "../json.js";
import { canonical } from "./canonical.js";
import { Refusal } from "./refusal.js";

/** Bytes as they come from the network. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** What is signed in a file, and by whom. */
export interface Metadata {
  readonly version: number;
  readonly expires: number;
  readonly members: JsonObject;
  readonly bytes: Bytes;
  readonly signatures: ReadonlyMap<string, string>;
}

/** The object of a name, empty where there is none: names come from strangers, and `constructor` is one, too. */
export function objectIn(of: JsonObject, name: string): JsonObject {
  const found = Object.hasOwn(of, name) ? of[name] : undefined;
  return isObject(found) ? found : {};
}

/** The metadata of a kind in a file; `Refusal` says what it is not. */
export function opened(data: Bytes, kind: string): Metadata {
  try {
    const file = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(data)) as JsonValue;
    if (isObject(file) && isObject(file.signed)) return metadataIn(file.signed, file.signatures, kind);
  } catch (error) {
    if (error instanceof Refusal) throw error;
  }
  throw new Refusal("invalid", `${kind} is not signed JSON`);
}

function metadataIn(members: JsonObject, listed: JsonValue | undefined, kind: string): Metadata {
  const [version, expires] = [number(members.version), text(members.expires)];
  const isOurs = text(members._type) === kind && text(members.spec_version).startsWith("1.") && Number.isSafeInteger(version);
  const until = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(expires) ? Date.parse(expires) : NaN;
  if (!isOurs || version < 1 || Number.isNaN(until)) throw new Refusal("invalid", `not a ${kind} of specification 1`);
  const signatures = (Array.isArray(listed) ? listed : []).map((one) => {
    const about = isObject(one) ? one : {};
    return [text(about.keyid), text(about.sig)] as const;
  });
  const bytes = new TextEncoder().encode(canonical(members));
  return { version, expires: until, members, bytes, signatures: new Map(signatures) };
}

/** `Refusal` where fewer keys of a role have signed than its threshold. */
export async function demandSigned(found: Metadata, keys: JsonObject, role: JsonObject, name: string): Promise<void> {
  const threshold = number(role.threshold);
  const signers = new Set<string>(); // by the key itself: one key under two names is one
  for (const id of Array.isArray(role.keyids) ? role.keyids.map(text) : []) {
    const key = objectIn(keys, id);
    if (await verifies(key, found.signatures.get(id) ?? "", found.bytes)) signers.add(publicOf(key));
  }
  if (threshold >= 1 && signers.size >= threshold) return;
  throw new Refusal("unsigned", `${name} has ${signers.size} of ${threshold} signatures`);
}

function publicOf(key: JsonObject): string {
  return text(objectIn(key, "keyval").public);
}

async function verifies(key: JsonObject, signature: string, data: Bytes): Promise<boolean> {
  const isOurs = text(key.keytype) === "ed25519" && text(key.scheme) === "ed25519";
  if (!isOurs || !/^[0-9a-f]{64}$/.test(publicOf(key)) || !/^[0-9a-f]{128}$/.test(signature)) return false;
  try {
    const { subtle } = globalThis.crypto;
    const imported = await subtle.importKey("raw", fromHex(publicOf(key)), { name: "Ed25519" }, false, ["verify"]);
    return await subtle.verify({ name: "Ed25519" }, imported, fromHex(signature), data);
  } catch (error) {
    if (error instanceof DOMException && error.name === "DataError") return false; // such a key can't exist
    throw cantCheck();
  }
}

/** `NotSupportedError` where signatures can't be checked at all: nothing is read unchecked. */
export function demandWebCrypto(): void {
  if (!globalThis.crypto?.subtle) throw cantCheck();
}

function cantCheck(): NotSupportedError {
  const help = "use Node.js 20 or a browser whose Web Crypto has Ed25519, on a page from https:// or localhost";
  return new NotSupportedError("a root is pinned, and Ed25519 signatures can't be checked here", { location: "root", help });
}

function fromHex(given: string): Bytes {
  return Uint8Array.from(given.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Whether a file has the length and the hash that are signed of it; what is not said counts for metadata alone. */
export async function isAsSigned(about: JsonObject, data: Bytes, isMetadata = false): Promise<boolean> {
  const length = isMetadata && about.length === undefined ? data.length : number(about.length);
  if (length !== data.length) return false;
  if (isMetadata && about.hashes === undefined) return true;
  return text(objectIn(about, "hashes").sha256) === (await sha256(data));
}
