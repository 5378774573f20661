// What a registry serves, held against its pinned root (docs/trust.md).
import { IntegrityError, NotFoundError, PermissionDeniedError, WorkflowError } from "../errors.js";
import { number, type JsonObject } from "../json.js";
import { fits, type Pinned } from "../pin.js";
import type { Transport } from "../transport.js";
import { demandWebCrypto, isAsSigned, type Bytes } from "./metadata.js";
import { Refusal, type Why } from "./refusal.js";
import { LARGEST_ROOT, Updater } from "./updater.js";

const LONGEST_TRUSTED = 60_000; // then a client that is still in use asks again
const TELL = "ask another copy of the registry, and tell its maintainers";
const AGAIN = `try again in some minutes; if it stays so, ${TELL}`;
const OTHER_ROOT = "look at the address; where the registry really has a new root, give that one as root";
const REASONS: Readonly<Record<Exclude<Why, "storage">, readonly [string, string]>> = {
  old: ["older metadata than was seen before, or of versions that don't belong together: an old copy is passed off as the registry", AGAIN],
  expired: ["its signed metadata has expired: the copy is kept from news, or the registry's publish job has stopped", `look at your clock, then ${TELL}`],
  unsigned: ["its metadata lacks signatures of keys that count", TELL],
  mixed: ["its metadata files don't belong together, or one was altered", AGAIN],
  missing: ["its signed metadata isn't served as a whole: it is withheld, or just being published", AGAIN],
  invalid: ["its signed metadata is not valid", TELL],
};

/** Reads a file of at most so many bytes; `NotFoundError` where there is none. */
export type FetchFile = (largest: number) => Promise<Bytes>;

/** A call for a document; `isNew` tells that it was judged by metadata which it has fetched itself. */
interface Asked {
  readonly path: string;
  readonly largest: number;
  readonly fetch: FetchFile;
  readonly signal: AbortSignal | undefined;
  isNew: boolean;
}

/** Checks the documents of one registry; calls look at its metadata one after another. */
export class SignedDocuments {
  readonly #transport: Transport;
  readonly #pinned: Pinned;
  #updater: Updater | undefined;
  #refreshed = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(transport: Transport, pinned: Pinned) {
    this.#transport = transport;
    this.#pinned = pinned;
  }

  /**
   * A document that the registry signed, by its path from the site's root. One that does not fit is looked at again by
   * metadata of now: it may have been published meanwhile.
   */
  async document(path: string, largest: number, fetch: FetchFile, signal?: AbortSignal): Promise<Bytes> {
    const asked = { path, largest, fetch, signal, isNew: false };
    try {
      return await this.#attempt(asked, LONGEST_TRUSTED);
    } catch (error) {
      if (asked.isNew || !(error instanceof IntegrityError || error instanceof NotFoundError)) throw error;
      return this.#attempt(asked, 0);
    }
  }

  async #attempt(asked: Asked, oldest: number): Promise<Bytes> {
    const { path, largest, fetch } = asked;
    const location = `${this.#transport.address}/${path}`;
    const target = await this.#inTurn(() => this.#target(asked, oldest));
    if (!target) throw new NotFoundError("there is no such document", { location });
    const length = number(target.length);
    if (length > largest) throw new IntegrityError(`more than ${largest} bytes`, { location, help: TELL });
    const data = await fetch(length).catch((error: unknown) => {
      if (!(error instanceof NotFoundError)) throw error;
      const reason = "the registry signed this document, and it isn't served: it is withheld, or just being published";
      throw new IntegrityError(reason, { location, help: AGAIN });
    });
    if (await isAsSigned(target, data)) return data;
    const reason = "the document is not the one that the registry signed: it was altered, is of another time, or is just being published";
    throw new IntegrityError(reason, { location, help: AGAIN });
  }

  /** One after another, whether the one before succeeded or not. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work, work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  /** What is signed of a file, by metadata that is at most so old. */
  async #target(asked: Asked, oldest: number): Promise<JsonObject | undefined> {
    asked.signal?.throwIfAborted();
    const now = this.#pinned.now();
    const age = now.getTime() - this.#refreshed;
    try {
      asked.isNew = !this.#updater || age < 0 || age >= oldest;
      if (asked.isNew) await this.#refresh(now, asked.signal);
      return await this.#updater!.target(asked.path);
    } catch (error) {
      throw error instanceof Refusal ? this.#refused(error) : error;
    }
  }

  async #refresh(now: Date, signal?: AbortSignal): Promise<void> {
    demandWebCrypto();
    this.#updater = undefined; // nothing counts until all is checked
    const files = {
      fetch: (name: string, largest: number) => this.#metadata(name, largest, signal),
      load: (name: string) => this.#load(name),
      save: (name: string, data: Bytes) => this.#save(name, data),
    };
    this.#updater = await Updater.refreshed(await this.#root(signal), files, now);
    this.#refreshed = now.getTime();
  }

  /** The pinned root: the kept one, else as it is served, held against its digest. */
  async #root(signal?: AbortSignal): Promise<Bytes> {
    const { pin } = this.#pinned;
    const name = `${pin.version}.root.json`;
    const kept = await this.#load(`root_history/${name}`);
    if (kept && (await fits(pin, kept))) return kept;
    const details = { location: `${this.#location}/${name}`, help: OTHER_ROOT };
    const data = await this.#metadata(name, LARGEST_ROOT, signal);
    if (!data) {
      const reason = "a root of this registry is pinned, and it isn't served: this is another registry, or one whose signatures were left out";
      throw new IntegrityError(reason, details);
    }
    if (!(await fits(pin, data))) throw new IntegrityError(`the root is not the pinned one (${pin.digest})`, details);
    return data;
  }

  async #metadata(name: string, largest: number, signal?: AbortSignal): Promise<Bytes | null> {
    try {
      return (await this.#transport.send(`${this.#location}/${name}`, { largest, signal, cache: "no-cache" })).body;
    } catch (error) {
      // S3 denies what isn't there to who may not list: so it ends a chain of roots, too.
      const denied = name.endsWith(".root.json") && error instanceof PermissionDeniedError;
      if (denied || error instanceof NotFoundError) return null;
      throw error;
    }
  }

  get #location(): string {
    return `${this.#transport.address}/tuf`;
  }

  /** By the root, not by the address: whichever mirror it was seen at. */
  #key(name: string): string {
    return `tuf/${this.#pinned.pin.digest.slice("sha256:".length, "sha256:".length + 32)}/${name}`;
  }

  async #load(name: string): Promise<Bytes | null> {
    const kept = await this.#stored(async () => this.#pinned.store.getItem(this.#key(name)));
    return typeof kept === "string" ? new TextEncoder().encode(kept) : null;
  }

  async #save(name: string, data: Bytes): Promise<void> {
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(data);
    await this.#stored(async () => this.#pinned.store.setItem(this.#key(name), text));
  }

  async #stored<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw new Refusal("storage", error instanceof Error ? error.message : String(error));
    }
  }

  #refused({ why, message }: Refusal): WorkflowError {
    if (why === "storage") {
      const help = "give a trustStore that can be written to";
      return new WorkflowError(`what was seen last of the registry can't be kept: ${message}`, { location: "trustStore", help });
    }
    const [reason, help] = REASONS[why];
    return new IntegrityError(`${reason} (${message})`, { location: this.#location, help });
  }
}
