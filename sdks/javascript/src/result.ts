// What a run gave: a document of the registry → a result whose outputs are also its members.
import { RunFailedError } from "./errors.js";
import { isObject, number, text, type JsonObject, type JsonValue } from "./json.js";
import type { Usage } from "./models.js";

/**
 * What a run gave. Each output is also a member: `result.sentiment`.
 *
 * `status` is `success`, `error`, `timeout` or `cancelled`; `seconds` is wall time; `blocks` holds the graph's values
 * by block id. `answeredBy` names the model that answered for another, `insteadOf` that other one; both are empty where
 * the manifest's own was asked. `notices` say what was left out. An output that is called like one of these members is
 * only in `outputs`.
 */
export class ExecutionResult {
  readonly outputs: JsonObject;
  readonly status: string;
  readonly executionId: string;
  readonly usage: Usage;
  readonly seconds: number;
  readonly blocks: JsonObject;
  readonly answeredBy: string;
  readonly insteadOf: string;
  readonly notices: readonly string[];
  readonly error: string;

  constructor(told: JsonObject, id: string) {
    this.outputs = isObject(told.outputs) ? told.outputs : {};
    this.status = text(told.status) || "error";
    this.executionId = text(told.execution_id) || id;
    this.usage = usageIn(told.usage);
    this.seconds = number(told.seconds);
    this.blocks = isObject(told.blocks) ? told.blocks : {};
    this.answeredBy = text(told.answered_by);
    this.insteadOf = text(told.instead_of);
    this.notices = Array.isArray(told.notices) ? told.notices.map(text) : [];
    this.error = text(told.error);
    for (const [name, value] of Object.entries(this.outputs)) {
      if (!(name in this)) Object.defineProperty(this, name, { value, enumerable: false });
    }
  }
}

/** A result with its outputs as members; `Outputs` may name their types. */
export type Result<Outputs extends object = { readonly [output: string]: JsonValue }> = ExecutionResult & Outputs;

/** The result of a run that went well; else `RunFailedError`. */
export function succeeded<Outputs extends object>(told: JsonObject, id: string): Result<Outputs> {
  const result = new ExecutionResult(told, id);
  if (result.error || result.status !== "success") {
    throw new RunFailedError(result.error || `the run ended as ${result.status}`, result);
  }
  return result as Result<Outputs>;
}

function usageIn(value: JsonValue | undefined): Usage {
  const found = isObject(value) ? value : {};
  return {
    inputTokens: number(found.input_tokens),
    outputTokens: number(found.output_tokens),
    calls: number(found.calls),
    costUsd: typeof found.cost_usd === "number" ? found.cost_usd : null,
  };
}
