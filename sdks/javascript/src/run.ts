// A run on a live registry: begun by a POST, told by Server-Sent Events, ended by its result.
import * as errors from "./errors.js";
import { isObject, plainObject, text, type JsonObject } from "./json.js";
import type { RunEvent } from "./models.js";
import type { Reference } from "./reference.js";
import { succeeded, type Result } from "./result.js";
import { messages, type Message } from "./sse.js";
import { chunks, parsedJson, type Transport } from "./transport.js";

const ENDS = new Set(["execution_finished", "execution_failed"]);
const RUNNING = new Set(["queued", "running"]);
const LARGEST = 64 * 2 ** 20;
const SILENCE = 60_000; // a server sends comments more often
const MOST_EMPTY_STREAMS = 5;
const LONGEST_PAUSE = 5000;

/** How a run is begun. `environment` says whose configuration counts. */
export interface RunOptions {
  readonly environment?: string;
  readonly signal?: AbortSignal;
  /** The same key again is the same run; without one, each call is a run of its own. */
  readonly idempotencyKey?: string;
}

/** How long somebody waits; `timeout` in milliseconds. */
export interface WaitOptions {
  readonly signal?: AbortSignal;
  readonly timeout?: number;
}

/** Have a live registry begin a run. Sent again after a lost answer, it is the same run: the key tells. */
export async function begin<Outputs extends object>(
  transport: Transport,
  reference: Reference,
  inputs: object,
  { environment, signal, idempotencyKey = globalThis.crypto.randomUUID() }: RunOptions,
): Promise<Run<Outputs>> {
  const url = transport.url(`workflows/${reference.name}/execute`);
  const version = reference.version || reference.range;
  const given = { inputs: plainObject(inputs, "inputs"), wait: false };
  const body = { ...given, ...(version && { version }), ...(environment && { environment }) };
  const answer = await transport.send(url, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", "Idempotency-Key": idempotencyKey },
    largest: LARGEST,
    signal,
  });
  const told = parsedJson(answer.body, url);
  const id = isObject(told) ? text(told.execution_id) : "";
  if (!id) throw new errors.IntegrityError("the answer names no execution", { location: url });
  return new Run(transport, id);
}

/** A run that has begun: `for await` tells its events, `result()` waits for its end. */
export class Run<Outputs extends object = { readonly [output: string]: any }> implements AsyncIterable<RunEvent> {
  readonly #transport: Transport;
  /** Its execution id. */
  readonly id: string;
  /** The run's own document. */
  readonly url: string;

  constructor(transport: Transport, id: string) {
    this.#transport = transport;
    this.id = id;
    this.url = transport.url(`runs/${id}`);
  }

  [Symbol.asyncIterator](): AsyncGenerator<RunEvent> {
    return this.events();
  }

  /** All its events from the first, waiting for those to come; ends with the run. Leaving it does not end the run. */
  async *events({ signal }: { signal?: AbortSignal } = {}): AsyncGenerator<RunEvent> {
    let [last, empty] = ["", 0];
    while (empty < MOST_EMPTY_STREAMS) {
      const before = last;
      for await (const message of this.#stream(last, signal)) {
        last = message.id || last;
        const event = this.#event(message);
        yield event;
        if (ENDS.has(event.name) && event.executionId === this.id) return; // not of one that it calls
      }
      empty = last === before ? empty + 1 : 0;
      if (empty > 1 && !isRunning(await this.#document(signal))) return;
      await this.#transport.sleep(Math.min(250 * 2 ** empty, LONGEST_PAUSE), signal);
    }
    const help = "the run goes on; read it later with client.run(id)";
    throw new errors.UnreachableError("the stream of events broke off again and again", { location: this.url, help });
  }

  /** Wait for its end; `RunFailedError` where it ended badly, `TimedOutError` after so many milliseconds. */
  async result({ signal, timeout }: WaitOptions = {}): Promise<Result<Outputs>> {
    const late = timeout === undefined ? undefined : AbortSignal.timeout(timeout);
    const given = [signal, late].filter((one) => one !== undefined);
    try {
      return succeeded<Outputs>(await this.#ended(given.length ? AbortSignal.any(given) : undefined), this.id);
    } catch (error) {
      if (error !== late?.reason || signal?.aborted) throw error;
      const help = "wait again with result(), or end it with cancel()";
      const reason = `the run has not ended within ${timeout} ms; it goes on`;
      throw new errors.TimedOutError(reason, { location: this.url, help });
    }
  }

  /** End it; does nothing where it has ended. */
  async cancel({ signal }: { signal?: AbortSignal } = {}): Promise<void> {
    await this.#transport.send(this.url, { method: "DELETE", signal });
  }

  async #ended(signal?: AbortSignal): Promise<JsonObject> {
    await this.#follow(signal);
    for (let pause = 100; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      const told = await this.#document(signal);
      if (!isRunning(told)) return told;
      await this.#transport.sleep(pause, signal);
    }
  }

  /** Its events to the end; a server that tells none is asked for the run's state instead. */
  async #follow(signal?: AbortSignal): Promise<void> {
    try {
      for await (const _ of this.events({ signal } as { signal: AbortSignal }));
    } catch (error) {
      if (!(error instanceof errors.NotSupportedError)) throw error;
    }
  }

  async #document(signal?: AbortSignal): Promise<JsonObject> {
    const { body } = await this.#transport.send(this.url, { largest: LARGEST, signal });
    const told = parsedJson(body, this.url);
    if (!isObject(told)) throw new errors.IntegrityError("the answer is not a JSON object", { location: this.url });
    return told;
  }

  /** Messages of one connection; it ends where the connection does, or after a silence. */
  async *#stream(last: string, signal?: AbortSignal): AsyncGenerator<Message> {
    const silence = new Silence(SILENCE);
    const headers = { Accept: "text/event-stream", ...(last && { "Last-Event-ID": last }) };
    try {
      const either = signal ? AbortSignal.any([signal, silence.signal]) : silence.signal;
      const response = await this.#transport.open(`${this.url}/events`, headers, either);
      yield* messages(silence.heard(chunks(response)));
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof errors.WorkflowError) throw error;
      // A lost connection: the caller asks again, and gives up after a while.
    } finally {
      silence.end();
    }
  }

  /** The event in a message: one line of the run's log. */
  #event({ data, event }: Message): RunEvent {
    const told = parsedJson(new TextEncoder().encode(data), this.url);
    const item = isObject(told) ? told : {};
    const about = isObject(item.workflow) ? item.workflow : {};
    return {
      name: text(item.event) || event,
      time: new Date(text(item.timestamp)),
      level: text(item.level) || "INFO",
      workflow: text(about.name),
      version: text(about.version),
      executionId: text(about.execution_id) || this.id,
      metadata: isObject(item.metadata) ? item.metadata : {},
    };
  }
}

function isRunning(told: JsonObject): boolean {
  return RUNNING.has(text(told.status));
}

/** Aborts its signal after so many milliseconds in which nothing came. */
class Silence {
  readonly #controller = new AbortController();
  readonly #longest: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(longest: number) {
    this.#longest = longest;
    this.#restart();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  async *heard<T>(coming: AsyncIterable<T>): AsyncGenerator<T> {
    for await (const item of coming) {
      this.#restart();
      yield item;
    }
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#controller.abort();
  }

  #restart(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#controller.abort(), this.#longest);
  }
}
