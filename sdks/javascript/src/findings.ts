// Findings in a server's refusal, read strictly: whatever is not as it should be is left empty.
import { isObject, text, type JsonValue } from "./json.js";

/** What a check found: the rule, the place and the fix. */
export interface Finding {
  readonly rule: string;
  readonly severity: "error" | "hold" | "warning" | "info";
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly help: string;
}

const SEVERITIES: readonly Finding["severity"][] = ["error", "hold", "warning", "info"];

/** The findings in a problem's member `findings`. */
export function findingsIn(value: JsonValue | undefined): Finding[] {
  return Array.isArray(value) ? value.map(finding) : [];
}

function finding(value: JsonValue): Finding {
  const item = isObject(value) ? value : {};
  return {
    rule: text(item.rule),
    severity: SEVERITIES.find((known) => known === item.severity) ?? "error",
    path: text(item.path),
    line: integer(item.line),
    column: integer(item.column),
    message: text(item.message) || "refused without a reason",
    help: text(item.help),
  };
}

/** One line: place, severity, rule, message and fix. */
export function described({ path, line, column, severity, rule, message, help }: Finding): string {
  return `${path}:${line}:${column}: ${severity}[${rule}]: ${message}${help && ` (${help})`}`;
}

function integer(value: JsonValue | undefined): number {
  return Number.isInteger(value) ? (value as number) : 0;
}
