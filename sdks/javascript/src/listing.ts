// Lists that are read page by page, as far as somebody looks.

/** A list for `for await`: a page is fetched when an iteration reaches it, anew for each iteration. */
export class Listing<T> implements AsyncIterable<T> {
  readonly #read: () => AsyncGenerator<readonly T[]>;

  constructor(read: () => AsyncGenerator<readonly T[]>) {
    this.#read = read;
  }

  /** Page by page, as the registry keeps them. */
  pages(): AsyncGenerator<readonly T[]> {
    return this.#read();
  }

  /** All items; fetches all pages. */
  async all(): Promise<T[]> {
    const found: T[] = [];
    for await (const page of this.pages()) found.push(...page);
    return found;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for await (const page of this.pages()) yield* page;
  }
}
