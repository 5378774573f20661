// What the client workflow asks of files of metadata beside their signatures.
import { sha256 } from "../digest.js";
import { isObject, number, text, type JsonObject } from "../json.js";
import { objectIn, type Metadata } from "./metadata.js";
import { Refusal } from "./refusal.js";

/** Leaves out metadata that is not trusted, and nothing else that goes wrong. */
export function unlessRefused(error: unknown): undefined {
  if (!(error instanceof Refusal)) throw error;
}

/** The name under which a root is kept. */
export function rootName(version: number): string {
  return `root_history/${version}.root.json`;
}

/** Who signs a root. */
export function rootRole(root: Metadata): JsonObject {
  return objectIn(objectIn(root.members, "roles"), "root");
}

/** What a timestamp says of the snapshot. */
export function snapshotNamedBy(timestamp: Metadata): JsonObject {
  return objectIn(objectIn(timestamp.members, "meta"), "snapshot.json");
}

/** `Refusal` where a timestamp is older than the one that was seen. */
export function demandNewer(before: Metadata | undefined, found: Metadata): void {
  const version = number(snapshotNamedBy(found).version);
  if (!version) throw new Refusal("invalid", "the timestamp names no snapshot");
  if (!before) return;
  const seen = number(snapshotNamedBy(before).version);
  if (found.version < before.version) throw new Refusal("old", `rollback: timestamp ${found.version} after ${before.version}`);
  if (version < seen) throw new Refusal("old", `rollback: snapshot ${version} after ${seen}`);
}

/** `Refusal` where a snapshot names something older than the one that was seen. */
export function demandNoneOlder(before: Metadata | undefined, found: Metadata): void {
  const now = objectIn(found.members, "meta");
  for (const [name, seen] of Object.entries(before ? objectIn(before.members, "meta") : {})) {
    const [version, old] = [number(objectIn(now, name).version), isObject(seen) ? number(seen.version) : 0];
    if (!Object.hasOwn(now, name)) throw new Refusal("invalid", `the snapshot no longer names ${name}`);
    if (version < old) throw new Refusal("old", `rollback: ${name} of version ${version} after ${old}`);
  }
}

/** `Refusal` where a file is of another version than the one that names it says. */
export function demandVersion(found: Metadata, named: number, role: string): void {
  if (found.version === named) return;
  throw new Refusal("old", `mix-and-match: ${role} ${found.version}, where another file names ${named}`);
}

/** What a role of targets says of a file. */
export function targetIn(role: Metadata, path: string): JsonObject | undefined {
  const targets = objectIn(role.members, "targets");
  return Object.hasOwn(targets, path) ? objectIn(targets, path) : undefined;
}

/** The bin that signs a file. */
export async function binOf(bins: JsonObject, path: string): Promise<string> {
  const bits = number(bins.bit_length);
  if (!Number.isInteger(bits) || bits < 1 || bits > 32) throw new Refusal("invalid", `targets are spread by ${bits} bits`);
  const bin = Number.parseInt((await sha256(path)).slice(0, 8), 16) >>> (32 - bits);
  const digits = (2 ** bits - 1).toString(16).length;
  return `${text(bins.name_prefix)}-${bin.toString(16).padStart(digits, "0")}`;
}
