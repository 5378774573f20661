// One version of a workflow: what it is, its verified files, and runs of it.
import type { Files } from "./digest.js";
import { isObject, text, type JsonObject, type JsonValue } from "./json.js";
import type { Dependency, Port, VersionInfo } from "./models.js";
import type { Package } from "./package.js";
import type { Result } from "./result.js";
import type { Run, RunOptions } from "./run.js";

/** Begins runs of a workflow. */
export interface Runner {
  start<Outputs extends object>(reference: string, inputs?: object, options?: RunOptions): Promise<Run<Outputs>>;
  execute<Outputs extends object>(reference: string, inputs?: object, options?: RunOptions): Promise<Result<Outputs>>;
}

/** One version of a workflow, its package verified against the registry's digest. */
export class Workflow {
  readonly #runner: Runner;
  /** What the registry says of the version: yanked, a notice. */
  readonly info: VersionInfo;
  /** The package, as the registry has it. */
  readonly package: Package;

  constructor(runner: Runner, info: VersionInfo, found: Package) {
    this.#runner = runner;
    this.info = info;
    this.package = found;
  }

  get name(): string {
    return this.info.name;
  }

  /** SemVer. */
  get version(): string {
    return this.info.version;
  }

  /** `name:version`. */
  get reference(): string {
    return `${this.name}:${this.version}`;
  }

  /** `sha256:<hex>` over the version's files. */
  get digest(): string {
    return this.info.digest;
  }

  /** The version's files by path. */
  get files(): Files {
    return this.package.files;
  }

  /** The compiled workflow (`workflow.json`). */
  get manifest(): JsonObject {
    return this.package.manifest;
  }

  /** What it does, in its author's words. */
  get description(): string {
    return text(part(this.manifest, "metadata").description);
  }

  /** The interface's inputs. */
  get inputs(): Port[] {
    return ports(part(this.manifest, "spec", "interface").inputs);
  }

  /** The interface's outputs. */
  get outputs(): Port[] {
    return ports(part(this.manifest, "spec", "interface").outputs);
  }

  /** The environments that its manifest configures, sorted. */
  get environments(): string[] {
    return Object.keys(part(this.manifest, "spec", "runtime", "environments")).sort();
  }

  /** The workflows that it calls, by range. */
  get dependencies(): readonly Dependency[] {
    return this.info.dependencies;
  }

  /** Run this version on the live registry and wait for its result, as `client.execute` does. */
  execute<Outputs extends object = { readonly [output: string]: JsonValue }>(
    inputs: object = {},
    options: RunOptions = {},
  ): Promise<Result<Outputs>> {
    return this.#runner.execute(this.reference, inputs, options);
  }

  /** Begin a run of this version on the live registry. */
  start<Outputs extends object = { readonly [output: string]: JsonValue }>(
    inputs: object = {},
    options: RunOptions = {},
  ): Promise<Run<Outputs>> {
    return this.#runner.start(this.reference, inputs, options);
  }
}

function part(value: JsonObject, ...keys: readonly string[]): JsonObject {
  let found: JsonValue | undefined = value;
  for (const key of keys) found = isObject(found) ? found[key] : undefined;
  return isObject(found) ? found : {};
}

function ports(value: JsonValue | undefined): Port[] {
  return Array.isArray(value) ? value.filter(isObject).map(port) : [];
}

function port(item: JsonObject): Port {
  return {
    name: text(item.name),
    type: text(item.type) || "any",
    required: item.required === true,
    default: Object.hasOwn(item, "default") ? item.default : undefined,
    enum: Array.isArray(item.enum) ? item.enum : [],
    description: text(item.description),
    schema: isObject(item.schema) ? item.schema : {},
  };
}
