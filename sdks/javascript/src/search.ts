// Searches in the catalogue's order: the site's own scripts over the site's own index, of which a search reads some files.
import type { Index } from "./catalogue/search-index.js";
import { IntegrityError, InvalidRequestError, NotFoundError, NotSupportedError, WorkflowError } from "./errors.js";
import type { JsonObject, JsonValue } from "./json.js";
import type { WorkflowSummary } from "./models.js";
import { REPORT } from "./problems.js";
import { livePages, summaryIn } from "./registry.js";
import type { Transport } from "./transport.js";

const PAGE = 20;
const HEADER = "index.json";

/** Summaries that a query finds, the best first, page by page. */
export async function* found(
  transport: Transport,
  query: string,
  sort: string,
  signal?: AbortSignal,
): AsyncGenerator<WorkflowSummary[]> {
  const scripts = await loaded();
  demandOrder(sort, scripts.orders);
  const header = await file(transport, HEADER, signal).catch(noneThere);
  if (header === null) return yield* foundLive(transport, query, sort, signal);
  const read = (path: string) => (path === HEADER ? Promise.resolve(header) : file(transport, path, signal));
  const index = new scripts.Index(read);
  const { slots } = await whole(transport, () => scripts.find(index, scripts.parse(query), sort || "relevance"));
  for (let start = 0; start < slots.length; start += PAGE) {
    yield await cards(transport, index, [...slots.slice(start, start + PAGE)]);
  }
}

/** The site's scripts, which a program that never searches does not load. */
async function loaded() {
  const [{ Index }, { find }, { parse }, { default: ranking }] = await Promise.all([
    import("./catalogue/search-index.js"),
    import("./catalogue/search-match.js"),
    import("./catalogue/search-query.js"),
    import("./catalogue/search-ranking.js"),
  ]);
  return { Index, find, parse, orders: Object.keys(ranking.orders) };
}

function demandOrder(sort: string, orders: readonly string[]): void {
  if (!sort || orders.includes(sort)) return;
  throw new InvalidRequestError(`${JSON.stringify(sort)} is not an order`, { help: `there are ${orders.join(", ")}` });
}

async function cards(transport: Transport, index: Index, slots: readonly number[]): Promise<WorkflowSummary[]> {
  return whole(transport, async () =>
    (await index.cards(slots)).map((card) => summaryIn({ tags: [], ...(card as JsonObject) }, address(transport, "cards"))),
  );
}

function file(transport: Transport, path: string, signal?: AbortSignal): Promise<JsonValue> {
  return transport.document(address(transport, path), signal);
}

function address(transport: Transport, path: string): string {
  return `${transport.address}/search/${path}`;
}

function noneThere(error: unknown): null {
  if (error instanceof NotFoundError) return null;
  throw error;
}

/** A live registry whose documents are not there yet searches itself; a static one without an index can't be searched. */
async function* foundLive(
  transport: Transport,
  query: string,
  sort: string,
  signal?: AbortSignal,
): AsyncGenerator<WorkflowSummary[]> {
  try {
    yield* livePages(transport, { q: query, ...(sort && { sort }) }, signal);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    const help = "`registry-tool build` writes one; listWorkflows() reads all";
    throw new NotSupportedError("this registry has no search index", { location: transport.address, help });
  }
}

/** What the scripts make of the files; files that another form has than an index's are an error of the registry. */
async function whole<T>(transport: Transport, make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof WorkflowError || !(error instanceof TypeError || error instanceof RangeError)) throw error;
    throw new IntegrityError("the search index is damaged", { location: address(transport, ""), help: REPORT });
  }
}
