// @puppyai/workflow-sdk: find, verify, run, build and publish workflows.
export { BuiltWorkflow, WorkflowBuilder } from "./builder.js";
export type {
  BlockOptions,
  EdgeOptions,
  ExternalApiOptions,
  InputOptions,
  Metadata,
  OutputOptions,
  Requirements,
  TestOptions,
} from "./builder.js";
export { WorkflowClient } from "./client.js";
export type { CallOptions, ClientOptions } from "./client.js";
export type { Files } from "./digest.js";
export * from "./errors.js";
export type { Finding } from "./findings.js";
export type { JsonObject, JsonValue } from "./json.js";
export { Listing } from "./listing.js";
export type { Dependency, Notice, Port, Published, RunEvent, Usage, VersionInfo, WorkflowSummary } from "./models.js";
export { verifyPackage } from "./package.js";
export type { Package } from "./package.js";
export type { TrustStore } from "./pin.js";
export type { Filters } from "./registry.js";
export { ExecutionResult } from "./result.js";
export type { Result } from "./result.js";
export { Run } from "./run.js";
export type { RunOptions, WaitOptions } from "./run.js";
export { Workflow } from "./workflow.js";
