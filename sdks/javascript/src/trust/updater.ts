// A client of The Update Framework: which files a registry's keys signed
// (https://theupdateframework.github.io/specification/latest/, 5), with targets in hashed bins (TAP 15).
import { number, type JsonObject } from "../json.js";
import {
  binOf,
  demandNewer,
  demandNoneOlder,
  demandVersion,
  rootName,
  rootRole,
  snapshotNamedBy,
  targetIn,
  unlessRefused,
} from "./checks.js";
import { demandSigned, isAsSigned, objectIn, opened, type Bytes, type Metadata } from "./metadata.js";
import { Refusal } from "./refusal.js";

/** The most bytes of a root; of other files whose length nothing signed tells. */
export const LARGEST_ROOT = 512_000;
const LARGEST_TIMESTAMP = 16_384;
const LARGEST_SNAPSHOT = 2_000_000;
const LARGEST_TARGETS = 5_000_000;
const MOST_ROOTS = 256;

/** The files of a registry's metadata as they are served (null: there is none), and those that were seen last. */
export interface Files {
  fetch(name: string, largest: number): Promise<Bytes | null>;
  load(name: string): Promise<Bytes | null>;
  save(name: string, data: Bytes): Promise<void>;
}

/** The metadata that is trusted, made by `refreshed`. */
export class Updater {
  readonly #files: Files;
  readonly #now: number;
  readonly #bins = new Map<string, Metadata>();
  #root!: Metadata;
  #timestamp: Metadata | undefined;
  #snapshot!: Metadata;
  #targets!: Metadata;

  private constructor(files: Files, now: Date) {
    this.#files = files;
    this.#now = now.getTime();
  }

  /** Metadata as the registry has it at a moment, from a root that is trusted already. */
  static async refreshed(root: Bytes, files: Files, now: Date): Promise<Updater> {
    const made = new Updater(files, now);
    await made.#begin(root);
    await made.#followRoots();
    await made.#updateSnapshot(await made.#updateTimestamp());
    made.#targets = await made.#targetsOf("targets", objectIn(made.#root.members, "keys"), made.#role("targets"));
    return made;
  }

  /** What is signed of a file, by its path from the site's root; undefined where the registry has none. */
  async target(path: string): Promise<JsonObject | undefined> {
    const found = targetIn(this.#targets, path);
    const to = objectIn(this.#targets.members, "delegations");
    const bins = objectIn(to, "succinct_roles");
    if (found || !Object.keys(bins).length) return found;
    const name = await binOf(bins, path);
    const bin = this.#bins.get(name) ?? (await this.#targetsOf(name, objectIn(to, "keys"), bins));
    this.#bins.set(name, bin);
    return targetIn(bin, path);
  }

  async #begin(data: Bytes): Promise<void> {
    const found = opened(data, "root");
    await demandSigned(found, objectIn(found.members, "keys"), rootRole(found), "root");
    this.#root = found;
    await this.#files.save(rootName(found.version), data);
  }

  /** Each next root is signed by the one before and by its own keys. The last must not have expired. */
  async #followRoots(): Promise<void> {
    for (let n = 0; n < MOST_ROOTS && (await this.#nextRoot()); n++);
    this.#demandFresh(this.#root, "root");
  }

  async #nextRoot(): Promise<boolean> {
    const version = this.#root.version + 1;
    const kept = await this.#files.load(rootName(version));
    if (kept && (await this.#takeRoot(kept, version).then(() => true, unlessRefused))) return true;
    const data = await this.#files.fetch(`${version}.root.json`, LARGEST_ROOT);
    if (!data) return false;
    await this.#takeRoot(data, version);
    await this.#files.save(rootName(version), data);
    return true;
  }

  async #takeRoot(data: Bytes, version: number): Promise<void> {
    const found = opened(data, "root");
    await demandSigned(found, objectIn(this.#root.members, "keys"), rootRole(this.#root), `root ${version}`);
    if (found.version !== version) throw new Refusal("old", `root ${found.version} in the place of ${version}`);
    await demandSigned(found, objectIn(found.members, "keys"), rootRole(found), `root ${version}`);
    this.#root = found;
  }

  /**
   * The timestamp must not be older than the one that was seen. One that the root's keys have not signed was never
   * seen: so a new key undoes what a thief of the old one has signed. Gives what it says of the snapshot.
   */
  async #updateTimestamp(): Promise<JsonObject> {
    const before = await this.#kept("timestamp");
    const data = await this.#download("timestamp.json", LARGEST_TIMESTAMP);
    const found = await this.#signedByRoot(data, "timestamp");
    demandNewer(before, found);
    const isNew = !before || found.version > before.version;
    this.#timestamp = isNew ? found : before;
    this.#demandFresh(this.#timestamp, "timestamp");
    if (isNew) await this.#files.save("timestamp.json", data);
    return snapshotNamedBy(this.#timestamp);
  }

  /** The snapshot is the one that the timestamp names; no version in it may be older than in the one before. */
  async #updateSnapshot(named: JsonObject): Promise<void> {
    const before = await this.#kept("snapshot");
    const version = number(named.version);
    if (before?.version === version && this.#isFresh(before)) {
      this.#snapshot = before;
      return;
    }
    const data = await this.#download(this.#nameOf("snapshot", version), number(named.length) || LARGEST_SNAPSHOT);
    if (!(await isAsSigned(named, data, true))) throw new Refusal("mixed", "the snapshot is not the one that the timestamp names");
    const found = await this.#signedByRoot(data, "snapshot");
    demandNoneOlder(before, found);
    demandVersion(found, version, "snapshot");
    this.#demandFresh(found, "snapshot");
    this.#snapshot = found;
    await this.#files.save("snapshot.json", data);
  }

  /** A role of targets in the version that the snapshot names, signed by its keys. */
  async #targetsOf(name: string, keys: JsonObject, role: JsonObject): Promise<Metadata> {
    const named = objectIn(objectIn(this.#snapshot.members, "meta"), `${name}.json`);
    const version = number(named.version);
    if (!version) throw new Refusal("invalid", `the snapshot does not name ${name}`);
    const data = await this.#download(this.#nameOf(name, version), number(named.length) || LARGEST_TARGETS);
    if (!(await isAsSigned(named, data, true))) throw new Refusal("mixed", `${name} is not the one that the snapshot names`);
    const found = opened(data, "targets");
    await demandSigned(found, keys, role, name);
    demandVersion(found, version, name);
    this.#demandFresh(found, name);
    return found;
  }

  /** The file of a role that was seen last, where today's keys have signed it. */
  async #kept(role: string): Promise<Metadata | undefined> {
    const data = await this.#files.load(`${role}.json`);
    return data ? this.#signedByRoot(data, role).catch(unlessRefused) : undefined;
  }

  async #signedByRoot(data: Bytes, role: string): Promise<Metadata> {
    const found = opened(data, role);
    await demandSigned(found, objectIn(this.#root.members, "keys"), this.#role(role), role);
    return found;
  }

  async #download(name: string, largest: number): Promise<Bytes> {
    const found = await this.#files.fetch(name, largest);
    if (!found) throw new Refusal("missing", `there is no ${name}`);
    return found;
  }

  #role(name: string): JsonObject {
    return objectIn(objectIn(this.#root.members, "roles"), name);
  }

  #nameOf(role: string, version: number): string {
    return this.#root.members.consistent_snapshot === true ? `${version}.${role}.json` : `${role}.json`;
  }

  #isFresh(one: Metadata): boolean {
    return this.#now < one.expires;
  }

  #demandFresh(one: Metadata, name: string): void {
    if (this.#isFresh(one)) return;
    throw new Refusal("expired", `freeze: ${name} expired on ${new Date(one.expires).toISOString().slice(0, 10)}`);
  }
}
