// What the site's search-match.js gives, which the package's build puts here.
import type { Index } from "./search-index.js";
import type { Query } from "./search-query.js";

/** Slots in order, the best first. */
export function find(index: Index, query: Query, order?: string): Promise<{ readonly slots: Uint32Array }>;
