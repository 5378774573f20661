// A server's refusal as an error: an RFC 9457 problem where it is one.
import * as errors from "./errors.js";
import { described, findingsIn } from "./findings.js";
import { isObject, text, type JsonObject } from "./json.js";

const LONGEST_TOLD = 500;
const LONGEST_ID = 128;
/** The fix where a registry sends what it should not. */
export const REPORT = "try again; if it stays so, tell the registry's maintainers";

type Kind = new (reason: string, details: errors.ErrorDetails) => errors.WorkflowError;
const KINDS: Readonly<Record<number, Kind>> = {
  400: errors.InvalidRequestError,
  401: errors.AuthenticationError,
  403: errors.PermissionDeniedError,
  404: errors.NotFoundError,
  405: errors.NotSupportedError,
  409: errors.ConflictError,
  422: errors.InvalidRequestError,
  501: errors.NotSupportedError,
};
const ELSEWHERE = "this registry's server has no such operation: use puppy-cli, or ask for a newer server";
const WAYS_OUT: Readonly<Record<number, string>> = {
  405: ELSEWHERE,
  501: ELSEWHERE,
  401: "give a valid authToken",
  403: "ask the registry's maintainers for the right to do this",
  409: "read it again, then decide",
  429: "ask less often",
};

/** The error that an answer tells of. `asked` are the seconds that it asks to wait. */
export function refusal(
  status: number,
  headers: Headers,
  body: string,
  location: string,
  asked?: number,
): errors.WorkflowError {
  const problem = problemIn(headers, body);
  const requestId = requestIdIn(headers) || shown(text(problem.request_id), LONGEST_ID);
  const findings = findingsIn(problem.findings);
  if (status === 422 && findings.length > 0) {
    return new errors.FindingsError(findings.map(described).join("\n"), { location, status, requestId, findings });
  }
  const reason = said(problem) || (status === 404 ? "there is no such document" : `the registry answered ${status}`);
  const details = { location, status, requestId, help: shown(text(problem.help)) || wayOut(status, asked) };
  if (status === 429) return new errors.RateLimitedError(reason, details, asked);
  const kind = KINDS[status] ?? (status >= 500 ? errors.ServerError : errors.WorkflowError);
  return new kind(reason, details);
}

/** Seconds that a server asks to wait (RFC 9110, 10.2.3); a date is compared with the server's own `Date`. */
export function retryAfter(headers: Headers): number | undefined {
  const told = headers.get("retry-after")?.trim() ?? "";
  if (/^\d{1,11}(\.\d{1,6})?$/.test(told)) return Number(told);
  const wait = Date.parse(told) - Date.parse(headers.get("date") ?? "");
  return Number.isNaN(wait) ? undefined : Math.max(wait / 1000, 0);
}

/** What can be shown in a terminal: no control characters, none that turn the direction of writing. */
export function shown(given: string, longest = LONGEST_TOLD): string {
  return given.slice(0, longest).replace(/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, "");
}

function requestIdIn(headers: Headers): string {
  const names = ["x-request-id", "x-correlation-id", "traceparent"];
  return shown(names.map((name) => headers.get(name)).find(Boolean) ?? "", LONGEST_ID);
}

function problemIn(headers: Headers, body: string): JsonObject {
  if (!headers.get("content-type")?.includes("json")) return {};
  try {
    const found: unknown = JSON.parse(body);
    return isObject(found) ? found : {};
  } catch {
    return {};
  }
}

function said({ title, detail }: JsonObject): string {
  return shown([title, detail].map(text).filter(Boolean).join(": "));
}

function wayOut(status: number, asked: number | undefined): string {
  if (status === 429 && asked !== undefined) return `try again in ${Math.ceil(asked)} s`;
  return WAYS_OUT[status] ?? (status >= 500 ? REPORT : "");
}
