// Copies the site's search scripts into dist/catalogue: `node catalogue.js ASSETS DIST`. The SDK searches with what the
// catalogue's own page searches with, so the two can't differ.
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";

const SCRIPTS = ["chinese", "filters", "index", "match", "query", "ranking", "text", "words"];
const [assets, dist] = process.argv.slice(2);
mkdirSync(join(dist, "catalogue"), { recursive: true });
for (const name of SCRIPTS) copyFileSync(join(assets, `search-${name}.js`), join(dist, "catalogue", `search-${name}.js`));
