// Find, read, run and publish the workflows of a registry.
import { checkedAddress, checkedToken } from "./address.js";
import type { BuiltWorkflow } from "./builder.js";
import { choose } from "./choose.js";
import { InvalidRequestError } from "./errors.js";
import type { JsonValue } from "./json.js";
import { Listing } from "./listing.js";
import type { Published, VersionInfo, WorkflowSummary } from "./models.js";
import { fetchPackage, type Package } from "./package.js";
import { pinnedRoot, type TrustStore } from "./pin.js";
import { publish } from "./publishing.js";
import { badName, parseReference, referenceOf, type Reference } from "./reference.js";
import { demandLive, summaries, versionsOf, type Filters } from "./registry.js";
import type { Result } from "./result.js";
import { begin, Run, type RunOptions } from "./run.js";
import { found } from "./search.js";
import { sleep, Transport, type Sleep } from "./transport.js";
import { Workflow } from "./workflow.js";

/** Which registry is asked, as whom and how patiently. */
export interface ClientOptions {
  /** The address of a registry: a built site, or a live one. */
  readonly registryUrl: string;
  /** Who asks; sent to this registry alone, over https or to this machine. */
  readonly authToken?: string;
  /** Milliseconds that one request may take (30 000). */
  readonly timeout?: number;
  /** How often a request is sent again that was lost or refused for a while, where that does no harm (2). */
  readonly retries?: number;
  /**
   * The pinned root, as `workflow.lock` and settings of `puppy-cli` spell it (`1:sha256:6ab0…`): every document and package
   * is held against it, and one that is not as it was signed is an `IntegrityError`. Needs `trustStore`.
   */
  readonly root?: string;
  /** What keeps what was seen last of the registry: `localStorage`, or `trustFolder()` of `@puppyai/workflow-sdk/node`. */
  readonly trustStore?: TrustStore;
  /** What tells the time by which signatures expire, instead of the machine's clock. */
  readonly now?: () => Date;
  /** What asks the network instead of the global `fetch`. */
  readonly fetch?: typeof fetch;
  /** What waits between attempts instead of a timer. */
  readonly sleep?: Sleep;
}

/** Ends a call early; its promise rejects with the signal's reason. */
export interface CallOptions {
  readonly signal?: AbortSignal;
}

type Outputs = { readonly [output: string]: JsonValue };

/** Reads a registry, runs workflows on a live one, and publishes to it. Nothing is asked before a method is called. */
export class WorkflowClient {
  readonly #transport: Transport;

  constructor({ registryUrl, authToken, timeout = 30_000, retries = 2, ...given }: ClientOptions) {
    const address = checkedAddress(registryUrl);
    const token = checkedToken(authToken, address);
    if (!(timeout > 0 && timeout < 2 ** 31)) throw new InvalidRequestError("timeout is not a number of milliseconds");
    if (!Number.isInteger(retries) || retries < 0) throw new InvalidRequestError("retries is not a whole number");
    const ask = given.fetch ?? globalThis.fetch.bind(globalThis);
    const pinned = pinnedRoot(given.root, given.trustStore, given.now);
    this.#transport = new Transport({ address, token, timeout, retries, fetch: ask, sleep: given.sleep ?? sleep, pinned });
  }

  /** The registry's address. */
  get registryUrl(): string {
    return this.#transport.address;
  }

  /**
   * A workflow, its package verified; without a version the latest release.
   *
   * `name` may be a reference (`name:1.2.0`, `name@^1.2`); `version` is one version, or an npm-style range: the highest
   * release in it. `NotFoundError`: no such workflow or version, its `help` names those that there are.
   */
  async getWorkflow(name: string, { version, signal }: CallOptions & { version?: string } = {}): Promise<Workflow> {
    const info = await this.#choose(referenceOf(name, version), signal);
    return new Workflow(this, info, await fetchPackage(this.#transport, info, signal));
  }

  /** The package of a reference, its digest verified: bytes to keep, and files by path. */
  async download(reference: string, { signal }: CallOptions = {}): Promise<Package> {
    return fetchPackage(this.#transport, await this.#choose(parseReference(reference), signal), signal);
  }

  /** All workflows, or those of a category, author or tag: newest updates first, fetched page by page. */
  listWorkflows({ signal, ...filters }: Filters & CallOptions = {}): Listing<WorkflowSummary> {
    return new Listing(() => summaries(this.#transport, filters, signal));
  }

  /**
   * Workflows as the catalogue's search finds and ranks them, fetched page by page.
   *
   * `query` has words, typos and Chinese included, and qualifiers: `sentiment tag:nlp model:gpt-4 offline:`. `sort` is
   * `relevance` (where it is left out), `updated`, `downloads`, `rating`, `score` or `name`.
   */
  search(query: string, { sort = "", signal }: CallOptions & { sort?: string } = {}): Listing<WorkflowSummary> {
    return new Listing(() => found(this.#transport, query, sort, signal));
  }

  /** All versions of a workflow, newest first. */
  async versions(name: string, { signal }: CallOptions = {}): Promise<VersionInfo[]> {
    const reason = badName(name);
    if (reason) throw new InvalidRequestError(`the name ${JSON.stringify(name)} ${reason}`);
    return versionsOf(this.#transport, name, signal);
  }

  /**
   * Run a workflow on a live registry and wait for its result, whose outputs are members: `result.sentiment`.
   *
   * `reference` is `name`, `name:1.2.0` or `name@^1.2`. An aborted `signal` cancels the run. `RunFailedError`: it ended
   * badly. `NotSupportedError`: the registry is static.
   */
  async execute<O extends object = Outputs>(
    reference: string,
    inputs: object = {},
    options: RunOptions = {},
  ): Promise<Result<O>> {
    const { signal, ...others } = options;
    signal?.throwIfAborted();
    const starting = this.start<O>(reference, inputs, others); // its answer is waited for: it names what to cancel
    try {
      const run = await unlessAborted(starting, signal);
      return await run.result(signal ? { signal } : {});
    } catch (error) {
      if (signal?.aborted) void starting.then((run) => run.cancel()).catch(() => undefined); // the reason is told
      throw error;
    }
  }

  /** Begin a run on a live registry: `for await (const event of run)` tells what happens. */
  async start<O extends object = Outputs>(
    reference: string,
    inputs: object = {},
    options: RunOptions = {},
  ): Promise<Run<O>> {
    const meant = parseReference(reference);
    await demandLive(this.#transport, "runs nothing", options.signal);
    return begin<O>(this.#transport, meant, inputs, options);
  }

  /** A run that began earlier, by its execution id. */
  run<O extends object = Outputs>(id: string): Run<O> {
    if (typeof id !== "string" || !/^[\w-]{1,200}$/.test(id)) {
      throw new InvalidRequestError(`${JSON.stringify(id)} is not an execution id`, { help: "they look like exec-1a2b" });
    }
    return new Run<O>(this.#transport, id);
  }

  /**
   * Publish to a live registry: a built workflow, or the bytes of a package that `puppy-cli build` made.
   *
   * Safely repeated. `FindingsError`: checks refuse it, and nothing was published.
   */
  async publish(workflow: BuiltWorkflow | Uint8Array, { signal }: CallOptions = {}): Promise<Published> {
    await demandLive(this.#transport, "takes nothing; publish with a pull request (puppy-cli publish)", signal);
    return publish(this.#transport, workflow, signal);
  }

  async #choose(reference: Reference, signal?: AbortSignal): Promise<VersionInfo> {
    return choose(reference, await versionsOf(this.#transport, reference.name, signal), this.registryUrl);
  }
}

/** What a promise gives; rejects with the signal's reason as soon as it is aborted. */
async function unlessAborted<T>(coming: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return coming;
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener("abort", stop);
  });
  return Promise.race([coming, aborted]).finally(() => signal.removeEventListener("abort", stop));
}
