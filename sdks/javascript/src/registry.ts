// The documents of a registry, read strictly: whoever serves them may lie, or serve another's bytes.
import { sha256 } from "./digest.js";
import { IntegrityError, NotFoundError, NotSupportedError } from "./errors.js";
import { canonical, isObject, number, text, type JsonObject, type JsonValue } from "./json.js";
import type { Dependency, Notice, VersionInfo, WorkflowSummary } from "./models.js";
import { REPORT } from "./problems.js";
import { parseRange } from "./ranges.js";
import { badName } from "./reference.js";
import { pathSegment } from "./segments.js";
import { parsedJson, type Transport } from "./transport.js";
import { compareVersions, parseVersion } from "./versions.js";

/** Which workflows a list holds; empty means all. */
export interface Filters {
  readonly category?: string;
  readonly author?: string;
  readonly tag?: string;
}

const PAGE = /^workflows(\/page\/[1-9]\d{0,8})?\.json$/;

/** Summaries page by page: of one group the group's own document, of all the latest updates and then all pages. */
export async function* summaries(
  transport: Transport,
  filters: Filters,
  signal?: AbortSignal,
): AsyncGenerator<WorkflowSummary[]> {
  const { category = "", author = "", tag = "" } = filters;
  const groups = Object.entries({ categories: category, authors: author, tags: tag }).filter(([, key]) => key);
  const coming = groups[0] ? group(transport, groups[0][0], groups[0][1], signal) : allPages(transport, signal);
  const seen = new Set<string>();
  for await (const page of coming) {
    const fresh = page.filter((one) => !seen.has(one.name));
    for (const { name } of fresh) seen.add(name);
    yield fresh.filter(
      (one) =>
        (!category || one.category === category) &&
        (!author || one.author === author) &&
        (!tag || one.tags.includes(tag)),
    );
  }
}

async function* allPages(transport: Transport, signal?: AbortSignal): AsyncGenerator<WorkflowSummary[]> {
  const seen = new Set<string>();
  let path = "workflows.json";
  while (path && !seen.has(path)) {
    seen.add(path);
    const url = transport.url(path);
    const data = await transport.read(path, signal).catch((error: unknown) => {
      if (error instanceof NotFoundError && path === "workflows.json" && !transport.isPinned) return null;
      throw error;
    });
    if (data === null) return yield* livePages(transport, { sort: "updated" }, signal);
    const page = parsedJson(data, url);
    if (!isObject(page) || !isObject(page.pagination)) throw damaged("the list of workflows", url);
    yield summariesIn(page.workflows, url);
    path = text(page.pagination.next);
    if (path && !PAGE.test(path)) throw damaged("the list of workflows", url);
  }
}

/** The lists of a live registry whose documents are not all there yet; `asked` has the parameters of its API. */
export async function* livePages(
  transport: Transport,
  asked: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): AsyncGenerator<WorkflowSummary[]> {
  for (let [number, pages] = [1, 1]; number <= pages; number++) {
    const url = `${transport.url("workflows")}?${new URLSearchParams({ ...asked, per_page: "100", page: `${number}` })}`;
    const page = await transport.document(url, signal);
    if (!isObject(page) || !isObject(page.pagination)) throw damaged("the list of workflows", url);
    const found = summariesIn(page.workflows, url);
    if (!found.length) return;
    yield found;
    pages = Number(page.pagination.pages);
  }
}

async function* group(
  transport: Transport,
  kind: string,
  key: string,
  signal?: AbortSignal,
): AsyncGenerator<WorkflowSummary[]> {
  const path = `${kind}/${await pathSegment(key)}.json`;
  const data = await transport.read(path, signal).catch((error: unknown) => {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  });
  const url = transport.url(path);
  yield data ? summariesIn(parsedJson(data, url), url) : [];
}

function summariesIn(value: JsonValue | undefined, url: string): WorkflowSummary[] {
  if (!Array.isArray(value)) throw damaged("the list of workflows", url);
  return value.map((item) => summaryIn(item, url));
}

/** A workflow in a list, or `IntegrityError` where it is malformed. */
export function summaryIn(item: JsonValue, url: string): WorkflowSummary {
  if (!isObject(item) || badName(text(item.name)) || !Array.isArray(item.tags)) {
    throw damaged("the list of workflows", url);
  }
  return {
    name: text(item.name),
    version: text(item.version),
    author: text(item.author),
    description: text(item.description),
    category: text(item.category),
    tags: item.tags.map(text),
    downloads: number(item.downloads),
    rating: typeof item.rating === "number" ? item.rating : null,
    updated: text(item.updated),
  };
}

/** All versions of a workflow, newest first; `NotFoundError` names workflows that are nearly called so. */
export async function versionsOf(transport: Transport, name: string, signal?: AbortSignal): Promise<VersionInfo[]> {
  const path = `sparse/${name.slice(0, 2).padEnd(2, "_")}/${name}`;
  const url = transport.url(path);
  const data = await transport.read(path, signal).catch((error: unknown) => {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  });
  if (!data) throw await noSuchWorkflow(transport, name, signal);
  const lines = new TextDecoder().decode(data).split("\n").filter(Boolean);
  const found = await Promise.all(lines.map((line) => versionIn(name, line, url)));
  if (!found.length) throw await noSuchWorkflow(transport, name, signal);
  return found.sort((a, b) => compareVersions(parseVersion(b.version)!, parseVersion(a.version)!));
}

async function versionIn(name: string, line: string, url: string): Promise<VersionInfo> {
  const item = parsedJson(new TextEncoder().encode(line), url);
  if (!isObject(item)) throw damaged(`the index of ${name}`, url);
  const { sum, ...rest } = item;
  const isWhole = item.name === name && sum === (await sha256(canonical(rest))).slice(0, 16);
  const [version, digest] = [text(item.version), text(item.digest)];
  if (!isWhole || !parseVersion(version) || !/^sha256:[0-9a-f]{64}$/.test(digest) || !Array.isArray(item.requires)) {
    throw damaged(`the index of ${name}`, url);
  }
  const dependencies = item.requires.map((need) => dependencyIn(need, name, url));
  return { name, version, digest, yanked: item.yanked === true, notice: noticeIn(item.notice), dependencies };
}

function dependencyIn(value: JsonValue, of: string, url: string): Dependency {
  const need = isObject(value) ? value : {};
  const [name, range, registry] = [text(need.name), text(need.range), text(need.registry)];
  if (badName(name) || badName(registry) || !parseRange(range)) throw damaged(`the index of ${of}`, url);
  return { name, range, registry };
}

function noticeIn(value: JsonValue | undefined): Notice | null {
  if (!isObject(value)) return null;
  return { level: text(value.level), reason: text(value.reason), replacement: text(value.replacement) };
}

async function noSuchWorkflow(transport: Transport, name: string, signal?: AbortSignal): Promise<NotFoundError> {
  const near = await nearName(transport, name, signal);
  const help = near ? `did you mean ${near}?` : "look for it with search()";
  return new NotFoundError(`there is no workflow ${name}`, { location: transport.address, help });
}

/** The name of a latest update that is one or two letters off. */
async function nearName(transport: Transport, name: string, signal?: AbortSignal): Promise<string> {
  const pages = allPages(transport, signal);
  const first = await pages.next();
  await pages.return(undefined);
  const names = (first.value as WorkflowSummary[] | undefined)?.map((one) => one.name) ?? [];
  const [nearest] = names.map((one) => [distance(name, one), one] as const).sort(([a], [b]) => a - b);
  return nearest && nearest[0] <= Math.max(2, name.length / 4) ? nearest[1] : "";
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (const [n, sign] of [...a].entries()) {
    const next = [n + 1];
    for (let m = 0; m < b.length; m++) {
      next.push(Math.min(row[m]! + Number(sign !== b[m]), row[m + 1]! + 1, next[m]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

/** The registry's own description; `NotSupportedError` where it is not live. */
export async function demandLive(transport: Transport, what: string, signal?: AbortSignal): Promise<JsonObject> {
  const about = await transport.document(transport.url("index.json"), signal);
  if (isObject(about) && about.live === true) return about;
  const help = "use the address of a live registry (registry-tool serve), or the command puppy-cli";
  const reason = `this registry is static: it serves files and ${what}`;
  throw new NotSupportedError(reason, { location: transport.address, help });
}

function damaged(what: string, location: string): IntegrityError {
  return new IntegrityError(`${what} is damaged`, { location, help: REPORT });
}
