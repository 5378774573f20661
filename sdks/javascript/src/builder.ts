// Build a workflow in code: the same manifest that an author would write.
import { InvalidRequestError, WorkflowError } from "./errors.js";
import { plain, plainObject, type JsonObject, type JsonValue } from "./json.js";
import { parseRange } from "./ranges.js";
import { badName, badVersion } from "./reference.js";
import { yamlText } from "./yaml.js";

const LARGEST = 256 * 1024;
const ID = /^[A-Za-z0-9_-]{1,64}$/;

/** What an author says of a workflow beside its name and version. */
export interface Metadata {
  author?: string;
  description?: string;
  category?: string;
  tags?: readonly string[];
  license?: string;
  homepage?: string;
  [key: string]: unknown;
}

/** A block's parts. `value` makes it a constant; `looped` maps edges over its value. */
export interface BlockOptions {
  label?: string;
  description?: string;
  config?: object;
  schema?: object;
  value?: unknown;
  looped?: boolean;
  metadata?: object;
}

/**
 * An edge's parts; without an id, it is called by its number. With `when` it runs where at least one of these blocks was
 * taken. `onError` says what its failure does instead of ending the run: `skip`, or a value for its targets.
 */
export interface EdgeOptions {
  id?: string;
  config?: object;
  when?: string | readonly string[];
  onError?: "fail" | "skip" | { readonly value: unknown };
}

/** An output's parts; without `block` it is read from the block of its name. */
export interface OutputOptions {
  enum?: readonly unknown[];
  description?: string;
  schema?: object;
  block?: string;
}

/** An input's parts; without `block` it is written to the block of its name. */
export interface InputOptions extends OutputOptions {
  required?: boolean;
  default?: unknown;
  pii?: boolean;
}

/** A test: `expected` outputs are matched in part; `asserts` are promptfoo's. */
export interface TestOptions {
  inputs?: object;
  expected?: object;
  asserts?: readonly object[];
  environment?: string;
  runs?: number;
  passRate?: number;
  tolerance?: number;
  /** Written by hand, by edge id, instead of recorded. */
  answers?: object;
}

/** A service outside the registry that a run talks to. */
export interface ExternalApiOptions {
  version?: string;
  required?: boolean;
  hosts?: readonly string[];
  secrets?: readonly string[];
}

/** What a run needs: Kubernetes quantities (`2Gi`) and durations (`5m`). */
export interface Requirements {
  compute?: string;
  memory?: string;
  storage?: string;
  timeout?: string;
}

/** A workflow made by a builder. `manifest` is a complete manifest as a JSON object. */
export class BuiltWorkflow {
  readonly name: string;
  readonly version: string;
  readonly manifest: JsonObject;

  constructor(name: string, version: string, manifest: JsonObject) {
    this.name = name;
    this.version = version;
    this.manifest = manifest;
  }

  /** The manifest as people write it, ready for a project's `workflow-resource.yaml`. */
  toYAML(): string {
    return yamlText(this.manifest);
  }

  /** The manifest, for `JSON.stringify`. */
  toJSON(): JsonObject {
    return this.manifest;
  }
}

/** Collects a workflow's parts; each `add…` gives the builder again, `build()` the workflow. */
export class WorkflowBuilder {
  readonly #name: string;
  readonly #version: string;
  readonly #metadata: JsonObject;
  readonly #blocks = new Map<string, JsonObject>();
  readonly #edges: JsonObject[] = [];
  readonly #inputs: JsonObject[] = [];
  readonly #outputs: JsonObject[] = [];
  readonly #tests: JsonObject[] = [];
  readonly #apis: JsonObject[] = [];
  readonly #workflows: JsonObject[] = [];
  readonly #environments = new Map<string, JsonObject>();
  #requirements: JsonObject = {};
  #security: JsonObject = {};

  constructor(name = "my-workflow", version = "0.1.0", metadata: Metadata = {}) {
    this.#name = name;
    this.#version = version;
    this.#metadata = plainObject(metadata, "metadata");
    for (const [key, given, wrong] of [["name", name, badName(name)], ["version", version, badVersion(version)]] as const) {
      if (wrong) refuse(`the ${key} ${JSON.stringify(given)} ${wrong}`, `metadata.${key}`);
    }
  }

  /** Add a block: a value in the graph. */
  addBlock(id: string, type = "text", options: BlockOptions = {}): this {
    const { label, description, config, schema, value, looped, metadata } = options;
    const place = `block ${id}`;
    if (!ID.test(id)) refuse(`the block id ${JSON.stringify(id)} is not one`, place, "use letters, digits, - and _");
    if (this.#blocks.has(id)) refuse(`the block id ${JSON.stringify(id)} is taken`, place, "choose another id");
    const about = { ...given({ label, description }), ...object(metadata, place) };
    const parts = given({ metadata: about, config: object(config, place), schema: object(schema, place) });
    const constant: JsonObject = value === undefined ? {} : { value: plain(value, `${place}.value`) };
    this.#blocks.set(id, { id, type, ...parts, ...constant, ...(looped && { looped: true }) });
    return this;
  }

  /**
   * Add an edge: it computes its targets from its sources.
   *
   * Without a type, an edge into an `llm` block asks the model with the source as its prompt, and any other copies it.
   */
  addEdge(source: string | readonly string[], target: string | readonly string[], type = "", options: EdgeOptions = {}): this {
    const [sources, targets] = [[source].flat() as string[], [target].flat() as string[]];
    const conditions = [options.when ?? []].flat() as string[];
    for (const end of [...sources, ...targets, ...conditions]) this.#demandBlock(end);
    const isAsked = targets.some((end) => this.#blocks.get(end)!.type === "llm");
    const prompt = sources.map((end) => `{{${end}}}`).join("\n");
    const usual: JsonObject = isAsked ? { prompt } : { modify_type: "copy", content: prompt };
    const id = options.id ?? `edge-${this.#edges.length + 1}`;
    const config = options.config ? object(options.config, `edge ${id}`) : type ? {} : usual;
    const kind = type || (isAsked ? "llm" : "modify");
    const when = conditions.length ? oneOrAll(conditions) : undefined;
    const more = given({ when, on_error: fallback(options.onError, `edge ${id}.onError`) });
    this.#edges.push({ id, source: oneOrAll(sources), target: oneOrAll(targets), type: kind, config, ...more });
    return this;
  }

  /** Add an input of the interface. */
  addInput(name: string, type = "string", options: InputOptions = {}): this {
    const { required, default: usual, pii } = options;
    const more: JsonObject = { ...(required && { required }), ...(pii && { pii }) };
    if (usual !== undefined) more.default = plain(usual, `input ${name}.default`);
    this.#inputs.push({ ...port(name, type, options), ...more });
    return this;
  }

  /** Add an output of the interface. */
  addOutput(name: string, type = "string", options: OutputOptions = {}): this {
    this.#outputs.push(port(name, type, options));
    return this;
  }

  /** Add a test. */
  addTest(name: string, options: TestOptions = {}): this {
    const { inputs, expected, asserts = [], environment, runs = 1, passRate = 1, tolerance, answers } = options;
    const place = `test ${name}`;
    this.#tests.push({
      name,
      inputs: object(inputs, place),
      ...given({ expected: object(expected, place), environment, assert: asserts.map((one) => object(one, place)) }),
      ...(runs !== 1 && { runs }),
      ...(passRate !== 1 && { pass_rate: passRate }),
      ...(tolerance !== undefined && { tolerance }),
      ...given({ answers: object(answers, place) }),
    });
    return this;
  }

  /** Add an environment: overrides such as `llm_model` or `max_tokens`, and variables for templates. */
  addEnvironment(name: string, settings: object = {}, { variables = {} }: { variables?: object } = {}): this {
    const place = `environment ${name}`;
    const found = given({ variables: object(variables, `${place}.variables`) });
    this.#environments.set(name, { ...object(settings, place), ...found });
    return this;
  }

  /** Add a workflow that `workflow` edges call, by an npm-style range such as `^1.2.0`. */
  addDependency(name: string, range: string, { registry = "public" }: { registry?: string } = {}): this {
    const place = `dependency ${name}`;
    if (badName(name)) refuse(`the name ${JSON.stringify(name)} ${badName(name)}`, place);
    if (!parseRange(range)) refuse(`${JSON.stringify(range)} is not a version range`, place, "write one such as ^1.2.0");
    this.#workflows.push({ name, version: range, registry });
    return this;
  }

  /** Add a service outside the registry that a run talks to, its hosts and the names of its secrets. */
  addExternalApi(name: string, options: ExternalApiOptions = {}): this {
    const { version = "*", required = true, hosts = [], secrets = [] } = options;
    this.#apis.push({ name, version, required, ...given({ hosts: [...hosts], secrets: [...secrets] }) });
    return this;
  }

  /** Say what a run needs. */
  setRequirements({ compute, memory, storage, timeout }: Requirements): this {
    this.#requirements = given({ compute, memory, storage, timeout });
    return this;
  }

  /** Say who may, and what is owed to the data: `access_control` and `data_privacy` as in a manifest. */
  setSecurity(security: object): this {
    this.#security = plainObject(security, "security");
    return this;
  }

  /**
   * The workflow. What can be told from the parts alone was checked as they were added; everything else is checked by
   * `puppy-cli validate` and by the registry that it is published to.
   */
  build(): BuiltWorkflow {
    if (!this.#blocks.size) refuse("a workflow needs at least one block", "spec.blocks", "addBlock(…)");
    const built = new BuiltWorkflow(this.#name, this.#version, structuredClone(this.#manifest()));
    if (new TextEncoder().encode(built.toYAML()).length > LARGEST) {
      throw new WorkflowError(`the manifest would have more than ${LARGEST} bytes`, { help: "give long contents as inputs" });
    }
    return built;
  }

  /** The built workflow's manifest as YAML. */
  toYAML(): string {
    return this.build().toYAML();
  }

  #manifest(): JsonObject {
    const dependencies = given({ workflows: this.#workflows, external_apis: this.#apis });
    const environments = Object.fromEntries(this.#environments);
    const runtime = given({ requirements: this.#requirements, dependencies, environments });
    const ports = given({ inputs: this.#inputs, outputs: this.#outputs });
    const spec = given({ runtime, interface: ports, tests: this.#tests });
    return {
      apiVersion: "puppyai.com/v1",
      kind: "Workflow",
      metadata: { name: this.#name, version: this.#version, ...this.#metadata },
      spec: { blocks: [...this.#blocks.values()], edges: this.#edges, ...spec },
      ...given({ security: this.#security }),
    };
  }

  #demandBlock(id: string): void {
    if (this.#blocks.has(id)) return;
    const there = [...this.#blocks.keys()].join(", ");
    refuse(`there is no block ${JSON.stringify(id)}; add it first`, "", there ? `there are ${there}` : "addBlock(…)");
  }
}

function port(name: string, type: string, options: OutputOptions): JsonObject {
  const { description, schema, block } = options;
  const values = (options.enum ?? []).map((item) => plain(item, `port ${name}.enum`));
  return { name, type, ...given({ enum: values, schema: object(schema, `port ${name}`), description, block }) };
}

function fallback(value: EdgeOptions["onError"], place: string): JsonValue | undefined {
  if (value === undefined || value === "fail" || value === "skip") return value;
  const found = object(value, place);
  if (Object.keys(found).join() === "value") return found;
  return refuse("what a failure gives is one value", place, 'write "skip" or { value: … }');
}

function object(value: object | undefined, place: string): JsonObject {
  return plainObject(value ?? {}, place);
}

/** Those that are not empty. */
function given(parts: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  const isFull = (part: JsonValue | undefined) =>
    typeof part === "object" && part !== null ? Object.keys(part).length > 0 : Boolean(part);
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => isFull(part))) as JsonObject;
}

function oneOrAll(ends: string[]): JsonValue {
  return ends.length === 1 ? ends[0]! : ends;
}

function refuse(reason: string, location: string, help = ""): never {
  throw new InvalidRequestError(reason, { location, help });
}
