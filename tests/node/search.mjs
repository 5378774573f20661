// Asks the site's own search scripts: `node search.mjs FOLDER` (a built site) reads a JSON list of requests from
// standard input and writes a list of answers. A request is {"terms": text}, {"toggle": [text, dimension, value]},
// {"quote": [text, word]}, {"asked": [text, dimension]}, {"parse": text} or
// {"q": text, "sort"?, "facets"?: [dimension]}; "fresh": true asks with nothing loaded yet; "timed": n asks n times
// more and says the shortest time in ms.
import { readFile } from "node:fs/promises";
import { performance } from "node:perf_hooks";

const assets = new URL("../../site_templates/assets/", import.meta.url);
const [{ Index }, { find }, query, { terms }] = await Promise.all(
  ["index", "match", "query", "text"].map((name) => import(new URL(`search-${name}.js`, assets))),
);

const folder = process.argv[2];
let read = [];
const open = () => new Index(async (path) => {
  read.push(path);
  return JSON.parse(await readFile(`${folder}/search/${path}`, "utf8"));
});
let index = open();

const PAGE = 20;
const answer = async (request) => {
  if ("terms" in request) return terms(request.terms);
  if ("toggle" in request) return query.toggled(...request.toggle);
  if ("quote" in request) return query.quoted(...request.quote);
  if ("asked" in request) return query.asked(...request.asked);
  if ("parse" in request) return query.parse(request.parse);
  if (request.fresh) index = open();
  read = [];
  const ask = async () => {
    const found = await find(index, query.parse(request.q), request.sort);
    const cards = await index.cards([...found.slots.slice(0, PAGE)]);
    const counts = {};
    for (const dimension of request.facets ?? []) counts[dimension] = await found.counts(dimension);
    return { found, cards, counts };
  };
  const { found, cards, counts } = await ask();
  const files = [...read];
  let ms = Infinity;
  for (let times = request.timed ?? 0; times > 0; times--) {
    const started = performance.now();
    await ask();
    ms = Math.min(ms, performance.now() - started);
  }
  const { total, corrected, relaxed, split } = found;
  return { total, corrected, relaxed, split, counts, files, ms, names: cards.map(({ name }) => name) };
};

let text = "";
for await (const chunk of process.stdin) text += chunk;
const answers = [];
for (const request of JSON.parse(text)) answers.push(await answer(request));
process.stdout.write(JSON.stringify(answers));
