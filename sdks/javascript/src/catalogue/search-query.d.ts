// What the site's search-query.js gives, which the package's build puts here.
export interface Query {
  readonly sort: string;
}
export function parse(text: string): Query;
