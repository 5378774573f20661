// What the site's search-ranking.js gives, which the package's build puts here.
declare const RANKING: { readonly orders: Readonly<Record<string, string>> };
export default RANKING;
