// What a registry tells: summaries, versions, ports, events.
import type { JsonObject, JsonValue } from "./json.js";

/** A workflow in a list. `rating` is null where nobody rated it, `updated` RFC 3339 or empty. */
export interface WorkflowSummary {
  readonly name: string;
  readonly version: string;
  readonly author: string;
  readonly description: string;
  readonly category: string;
  readonly tags: readonly string[];
  readonly downloads: number;
  readonly rating: number | null;
  readonly updated: string;
}

/** What the owners say against a version. `level`: notice, warn or block (no longer chosen by ranges). */
export interface Notice {
  readonly level: string;
  readonly reason: string;
  readonly replacement: string;
}

/** A workflow that a version calls, by an npm-style range. */
export interface Dependency {
  readonly name: string;
  readonly range: string;
  readonly registry: string;
}

/** One version. `digest` is `sha256:<hex>` over its files; a yanked one is chosen by no range. */
export interface VersionInfo {
  readonly name: string;
  readonly version: string;
  readonly digest: string;
  readonly yanked: boolean;
  readonly notice: Notice | null;
  readonly dependencies: readonly Dependency[];
}

/** A typed input or output. `default` is undefined where there is none; null is a default. */
export interface Port {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly default: JsonValue | undefined;
  readonly enum: readonly JsonValue[];
  readonly description: string;
  readonly schema: JsonObject;
}

/** One thing that happened in a run (docs/events.md lists them). `level`: INFO, WARN or ERROR. */
export interface RunEvent {
  readonly name: string;
  readonly time: Date;
  readonly level: string;
  readonly workflow: string;
  readonly version: string;
  readonly executionId: string;
  readonly metadata: JsonObject;
}

/** What models were asked for: tokens and calls; `costUsd` is null where a price is not known. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly calls: number;
  readonly costUsd: number | null;
}

/** What `publish` did. `published`: it is in the registry now; else it waits for what `notes` says, at `address`. */
export interface Published {
  readonly name: string;
  readonly version: string;
  readonly address: string;
  readonly published: boolean;
  readonly notes: readonly string[];
}
