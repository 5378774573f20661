// What the site's search-index.js gives, which the package's build puts here.
export class Index {
  /** `read` gives a file's JSON by its path below `search/`. */
  constructor(read: (path: string) => Promise<unknown>);
  cards(slots: readonly number[]): Promise<unknown[]>;
}
