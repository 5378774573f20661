// Requests to one registry: bounded in size and time, asked again where that is safe, and never anywhere else.
import * as errors from "./errors.js";
import type { JsonValue } from "./json.js";
import type { Pinned } from "./pin.js";
import { refusal, REPORT, retryAfter } from "./problems.js";
import type { SignedDocuments } from "./trust/documents.js";

const LARGEST_DOCUMENT = 16 * 2 ** 20;
const LONGEST_WAIT = 30_000;
const FIRST_WAIT = 500;
const AGAIN = new Set([408, 429, 502, 503, 504]);
const SAFE = new Set(["GET", "DELETE", "PUT"]);

/** Waits so many milliseconds; rejects with the signal's reason as soon as it is aborted. */
export type Sleep = (milliseconds: number, signal?: AbortSignal) => Promise<void>;

/** How one registry is asked. */
export interface TransportOptions {
  readonly address: string;
  readonly token: string;
  readonly timeout: number;
  readonly retries: number;
  readonly fetch: typeof fetch;
  readonly sleep: Sleep;
  readonly pinned: Pinned | undefined;
}

/** One request; `largest` is how many bytes its answer may have. */
export interface Sending {
  readonly method?: string;
  readonly body?: BodyInit;
  readonly headers?: Readonly<Record<string, string>>;
  readonly largest?: number;
  readonly cache?: RequestCache;
  readonly signal?: AbortSignal | undefined;
}

/** A good answer, whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

type Init = Omit<RequestInit, "headers"> & { readonly headers?: Readonly<Record<string, string>> };

/** Asks one registry. Private fields keep the token out of what is logged. */
export class Transport {
  readonly #options: TransportOptions;
  #signed: Promise<SignedDocuments> | undefined;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  get address(): string {
    return this.#options.address;
  }

  /** The address of something below `api/v1/`; each segment of the path is escaped. */
  url(path: string): string {
    return `${this.address}/api/v1/${path.split("/").map(encodeURIComponent).join("/")}`;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return this.#options.sleep(milliseconds, signal);
  }

  /** Whether a root is pinned: then nothing but what it signs is read below `api/v1/`. */
  get isPinned(): boolean {
    return this.#options.pinned !== undefined;
  }

  /** A document below `api/v1/` of at most so many bytes, held against the pinned root where there is one. */
  async read(path: string, signal?: AbortSignal, largest = LARGEST_DOCUMENT): Promise<Uint8Array<ArrayBuffer>> {
    const { pinned } = this.#options;
    const cache = pinned ? "no-cache" : "default"; // what a browser kept may belong to an earlier timestamp
    const fetch = async (most: number) => (await this.send(this.url(path), { largest: most, signal, cache })).body;
    if (!pinned) return fetch(largest);
    this.#signed ??= import("./trust/documents.js").then(({ SignedDocuments }) => new SignedDocuments(this, pinned));
    return (await this.#signed).document(`api/v1/${path}`, largest, fetch, signal);
  }

  /** A JSON document that nobody signs; `NotFoundError` where there is none. */
  async document(url: string, signal?: AbortSignal): Promise<JsonValue> {
    return parsedJson((await this.send(url, { signal })).body, url);
  }

  /**
   * The answer, a good one; else the error of its status.
   *
   * Asked again after a lost connection and after 408, 429, 502, 503 and 504, where a second time does no harm: GET,
   * PUT, DELETE, and whatever carries an `Idempotency-Key`.
   */
  async send(url: string, sending: Sending = {}): Promise<Answer> {
    const isSafe = SAFE.has(sending.method ?? "GET") || "Idempotency-Key" in (sending.headers ?? {});
    const repeats = isSafe ? this.#options.retries : 0;
    for (let failures = 1; ; failures++) {
      const isLast = failures > repeats;
      const answer = await this.#attempt(url, sending).catch((error: unknown) => {
        if (isLast || !(error instanceof errors.UnreachableError)) throw error;
        return undefined;
      });
      const asked = answer && retryAfter(answer.headers);
      const isAgain = answer === undefined || (AGAIN.has(answer.status) && (asked ?? 0) * 1000 <= LONGEST_WAIT);
      if (answer && (isLast || !isAgain)) return good(answer, url, asked);
      await this.sleep(asked === undefined ? backOff(failures) : asked * 1000, sending.signal);
    }
  }

  /** An open answer whose body the caller reads; what is no good answer is an error. */
  async open(url: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Response> {
    const response = await this.#fetch(url, { headers, signal });
    if (response.ok) return response;
    throw refusal(response.status, response.headers, decoded(await whole(response, LARGEST_DOCUMENT, url)), url);
  }

  async #attempt(url: string, { signal, largest = LARGEST_DOCUMENT, ...rest }: Sending): Promise<Answer> {
    const late = AbortSignal.timeout(this.#options.timeout);
    try {
      const response = await this.#fetch(url, { ...rest, signal: signal ? AbortSignal.any([signal, late]) : late });
      return { status: response.status, headers: response.headers, body: await whole(response, largest, url) };
    } catch (error) {
      signal?.throwIfAborted();
      if (late.aborted) throw tooLate(url);
      throw error instanceof errors.WorkflowError ? error : lost(error, url);
    }
  }

  async #fetch(url: string, init: Init): Promise<Response> {
    const { token, fetch } = this.#options;
    const headers: Record<string, string> = { Accept: "application/json", ...init.headers };
    if (token) headers.Authorization = `Bearer ${token}`;
    const response = await fetch(url, { ...init, headers, redirect: "manual" });
    if (response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400)) {
      const help = "use the address that it leads to as registryUrl";
      throw new errors.WorkflowError("the registry answered with a redirect", { location: url, help });
    }
    return response;
  }
}

/** A JSON document; `IntegrityError` where it is malformed. */
export function parsedJson(data: Uint8Array, location: string): JsonValue {
  try {
    return JSON.parse(decoded(data)) as JsonValue;
  } catch {
    throw new errors.IntegrityError("the answer is not JSON", { location, help: REPORT });
  }
}

/** Waits by the platform's timer. */
export const sleep: Sleep = (milliseconds, signal) =>
  new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const give = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", give);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", give, { once: true });
  });

async function whole(response: Response, largest: number, location: string): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const part of chunks(response)) {
    size += part.length;
    if (size > largest) throw new errors.IntegrityError(`more than ${largest} bytes`, { location, help: REPORT });
    parts.push(part);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** A body's parts as they come; the connection ends with the loop. */
export async function* chunks(response: Response): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function good(answer: Answer, url: string, asked: number | undefined): Answer {
  if (answer.status < 300) return answer;
  throw refusal(answer.status, answer.headers, decoded(answer.body), url, asked);
}

function backOff(failures: number): number {
  return Math.random() * Math.min(FIRST_WAIT * 2 ** (failures - 1), LONGEST_WAIT);
}

function decoded(data: Uint8Array): string {
  return new TextDecoder().decode(data);
}

function tooLate(location: string): errors.TimedOutError {
  return new errors.TimedOutError("there was no whole answer in time", { location, help: "raise the client's timeout" });
}

function lost(error: unknown, location: string): errors.UnreachableError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  const help = "look at the address, the network and, in a browser, at the registry's CORS policy";
  return new errors.UnreachableError(`the download failed: ${cause}`, { location, help });
}
