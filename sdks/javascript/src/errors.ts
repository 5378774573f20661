// Everything that the SDK throws on purpose: one hierarchy, each error with its place and its fix.
import type { Finding } from "./findings.js";
import type { ExecutionResult } from "./result.js";

/** What an error knows beside its reason. */
export interface ErrorDetails {
  location?: string;
  help?: string;
  status?: number;
  requestId?: string;
  findings?: readonly Finding[];
}

/**
 * Something that whoever calls can mend.
 *
 * `reason` says what is wrong, `location` where, `help` the fix. `status` is the HTTP status where a server
 * refused, `requestId` what it calls the request, `findings` what checks said (empty for most).
 */
export class WorkflowError extends Error {
  readonly reason: string;
  readonly location: string;
  readonly help: string;
  readonly status: number | undefined;
  readonly requestId: string;
  readonly findings: readonly Finding[];

  constructor(reason: string, { location = "", help = "", status, requestId = "", findings = [] }: ErrorDetails = {}) {
    const parts = [location && `${location}: `, reason, help && ` (${help})`, requestId && ` [request ${requestId}]`];
    super(parts.join(""));
    this.name = new.target.name;
    this.reason = reason;
    this.location = location;
    this.help = help;
    this.status = status;
    this.requestId = requestId;
    this.findings = findings;
  }
}

/** An argument, input, range or builder's call is wrong. */
export class InvalidRequestError extends WorkflowError {}
/** A named thing does not exist, or is not shown to who asks (404). */
export class NotFoundError extends WorkflowError {}
/** Checks refused a manifest; `findings` say where and why (422). */
export class FindingsError extends WorkflowError {}
/** What was read is not what was published: digest, package, index. */
export class IntegrityError extends WorkflowError {}
/** This kind of registry, or this version of its server, can't do that (405, 501). */
export class NotSupportedError extends WorkflowError {}
/** No whole answer came: the address, the network or the server. */
export class UnreachableError extends WorkflowError {}
/** Nothing whole came within the time that it may take. */
export class TimedOutError extends UnreachableError {}
/** Who asks is not known: no token, or one that is wrong or expired (401). */
export class AuthenticationError extends WorkflowError {}
/** Who asks is known and may not do that (403). */
export class PermissionDeniedError extends WorkflowError {}
/** It was changed meanwhile, or is there already (409). */
export class ConflictError extends WorkflowError {}
/** The server failed (5xx), also when it was asked again. */
export class ServerError extends WorkflowError {}

/** Too many requests (429). `retryAfter` are the seconds to wait, undefined where the server did not say. */
export class RateLimitedError extends WorkflowError {
  readonly retryAfter: number | undefined;

  constructor(reason: string, details: ErrorDetails = {}, retryAfter?: number) {
    super(reason, details);
    this.retryAfter = retryAfter;
  }
}

/** A run ended badly. `result` holds its id, status, usage and the blocks that were computed. */
export class RunFailedError extends WorkflowError {
  readonly result: ExecutionResult;

  constructor(reason: string, result: ExecutionResult) {
    super(reason, { location: result.executionId });
    this.result = result;
  }
}
