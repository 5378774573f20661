// The pinned root of a registry: which one it is, and where what was seen last of the registry is kept.
import { sha256 } from "./digest.js";
import { InvalidRequestError } from "./errors.js";

/**
 * Keeps what was seen last of a registry, so that no mirror can go back behind it: `localStorage` in a browser,
 * `trustFolder()` of `@puppyai/workflow-sdk/node`, or anything that keeps texts by name for longer than a client lives.
 */
export interface TrustStore {
  getItem(key: string): string | null | Promise<string | null>;
  setItem(key: string, value: string): void | Promise<void>;
}

/** A pinned root: the version of a root and the digest of its bytes. */
export interface Pin {
  readonly version: number;
  readonly digest: string;
}

/** What a registry is held against. */
export interface Pinned {
  readonly pin: Pin;
  readonly store: TrustStore;
  readonly now: () => Date;
}

/** The pinned root of a client's options; undefined where none is given. */
export function pinnedRoot(
  root: string | undefined,
  store: TrustStore | undefined,
  now: (() => Date) | undefined,
): Pinned | undefined {
  if (root === undefined) return undefined;
  const pin = parsedPin(root);
  if (typeof store?.getItem === "function" && typeof store.setItem === "function") {
    return { pin, store, now: now ?? (() => new Date()) };
  }
  const help = "give localStorage, or in Node.js trustFolder() of @puppyai/workflow-sdk/node";
  throw new InvalidRequestError("root is given without a trustStore, which keeps what was seen last", { help });
}

function parsedPin(root: string): Pin {
  const [, version, digest] = /^([1-9]\d{0,8}):(sha256:[0-9a-f]{64})$/.exec(String(root)) ?? [];
  if (version && digest && root.length === version.length + digest.length + 1) return { version: Number(version), digest };
  const help = "write VERSION:sha256:HEX, as workflow.lock has it, or as `registry-tool trust status` of the registry prints it";
  throw new InvalidRequestError(`${JSON.stringify(String(root).slice(0, 100))} is not a pinned root`, { location: "root", help });
}

/** Whether these are the bytes of a pinned root. */
export async function fits(pin: Pin, data: Uint8Array<ArrayBuffer>): Promise<boolean> {
  return `sha256:${await sha256(data)}` === pin.digest;
}
