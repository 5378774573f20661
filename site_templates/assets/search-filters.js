// Which workflows pass the qualifiers.
import { BANDS, SINGLE } from "./search-query.js";
import { eachPosting, fold } from "./search-text.js";
import { allowed, distance } from "./search-words.js";

/** The slots (1 where it holds) that a filter's values name; those of few values come from the facet's own files. */
const chosen = async (index, size, { dimension, values }) => {
  const mask = new Uint8Array(size);
  const set = (text) => eachPosting(text, (slot) => { mask[slot] = 1; });
  for (const value of values) {
    const folded = fold(value);
    if (TERMED.has(dimension)) {
      const shard = await index.shard(`${dimension}:${folded}`);
      for (const term of nearest([...shard.keys()].filter((one) => one.startsWith(`${dimension}:`)), `${dimension}:${folded}`)) {
        set(shard.get(term));
      }
    } else {
      const facet = await index.facet(dimension);
      const spelled = new Map([...facet.keys()].map((one) => [fold(one), one]));
      for (const one of nearest([...spelled.keys()], folded)) facet.get(spelled.get(one)).forEach(set);
    }
  }
  return mask;
};
const TERMED = new Set(["tag", "author", "model"]);

/** The value itself, else those that begin so (always with a star), else the nearest with a typo. */
const nearest = (values, wanted) => {
  const star = wanted.endsWith("*");
  const plain = star ? wanted.slice(0, -1) : wanted;
  if (!star && values.includes(plain)) return [plain];
  const longer = values.filter((value) => value.startsWith(plain));
  if (longer.length || star) return longer;
  const most = allowed(plain.slice(plain.indexOf(":") + 1));
  const near = values.map((value) => [distance(plain, value, most), value]).filter(([edits]) => edits <= most);
  const least = Math.min(...near.map(([edits]) => edits));
  return near.filter(([edits]) => edits === least).map(([, value]) => value);
};

const inRange = async (index, size, { column, low, high, negative }) => {
  const values = await index.column(column);
  const scale = column === "rating" ? 10 : 1; // it holds tenths
  const mask = new Uint8Array(size);
  for (let slot = 0; slot < size; slot++) {
    const value = values[slot];
    if (value >= 0 && (value / scale >= low && value / scale <= high) !== negative) mask[slot] = 1;
  }
  return mask;
};

/** [{dimension, mask}] of all filters; alternatives of a dimension that a workflow has once are one mask. */
export const masks = async (index, size, query) => {
  const found = [];
  for (const filter of query.filters) {
    const mask = await chosen(index, size, filter);
    const same = !filter.negative && SINGLE.has(filter.dimension) && found.find((one) => one.dimension === filter.dimension && !one.negative);
    if (filter.negative) for (let slot = 0; slot < size; slot++) mask[slot] = 1 - mask[slot];
    if (same) for (let slot = 0; slot < size; slot++) same.mask[slot] |= mask[slot];
    else found.push({ dimension: filter.dimension, negative: filter.negative, mask });
  }
  const bands = new Map();
  for (const range of query.ranges) {
    const mask = await inRange(index, size, range);
    const same = range.column === "score" && isBand(range) && bands.get("score");
    if (same) for (let slot = 0; slot < size; slot++) same[slot] |= mask[slot];
    else {
      if (range.column === "score" && isBand(range)) bands.set("score", mask);
      found.push({ dimension: range.column, negative: range.negative, mask });
    }
  }
  return found;
};
const isBand = ({ low, high, negative }) => !negative && Object.values(BANDS).includes(`${low}..${high}`);
