// Which workflows a query finds, how well each fits, and what may be filtered by further.
import { BANDS, SINGLE } from "./search-query.js";
import { eachPosting, fold, isCjk, isStopWord, pairs, runs, SHORTEST_TAILED } from "./search-text.js";

/** What a word is worth by where it stands: a name of one, two, three or more words, tag, category, description, kinds. */
const WORTH = { 1: 7, 2: 6.4, 3: 5.8, 4: 5, t: 4, c: 2.5, d: 1.5, x: 1 };
const EXACT = 1, LONGER = 0.8, RELATED = 0.75, ONE_TYPO = 0.6, TWO_TYPOS = 0.4;
const WHOLE_NAME = 6, NAME_COVERED = 1.5, DEPRECATED = 0.4;
const HAN_SHARE = 0.6;
const MOST_VARIANTS = 12;
const SUFFIXES = ("ifications ification ifiers ifying ified ifier ifies ify izations ization izers izing izes izer ized ize"
  + " isations isation ising ises iser ised ise ations ation ators ating ator ated ates ate ings ing ions ion ies ied ers"
  + " er ors or es ed al s e y").split(" ");

const stem = (word) => {
  const suffix = SUFFIXES.find((one) => word.endsWith(one) && word.length - one.length >= 4);
  return suffix ? word.slice(0, -suffix.length) : word;
};

/** Edits (one letter more, less, other, or two swapped) between two words, or more than `most`. */
const distance = (one, other, most) => {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let before = [], last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1];
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    [before, last] = [last, row];
    if (Math.min(...row) > most) return most + 1;
  }
  return last[other.length];
};

/** Two neighbours swapped on either side of the border of what begins and what ends alike. */
const swapped = (word, at) => word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2);

const allowed = (word) => (word.length < SHORTEST_TAILED ? 0 : word.length < 8 ? 1 : 2);

/** [{term, postings, factor}] of what is in the shard exactly, longer, or another form of the word. */
const inShard = (shard, word, exact) => {
  const found = shard.has(word) ? [{ term: word, factor: EXACT }] : [];
  if (exact) return found;
  const root = stem(word);
  for (const term of shard.keys()) {
    if (term === word || term.includes(":") || term.endsWith("*")) continue;
    if (term.startsWith(word)) found.push({ term, factor: LONGER + 0.1 / (term.length - word.length) });
    else if (root.length >= 4 && term.startsWith(root) && stem(term) === root) found.push({ term, factor: RELATED });
  }
  return found;
};

/** The nearest words to a misspelled one: its own shard holds those that begin alike, a tail those that end alike. */
const misspelled = async (index, word) => {
  const most = allowed(word);
  if (!most) return [];
  const shards = await Promise.all([word, swapped(word, 1), swapped(word, 2)].map((one) => index.shard(one)));
  const candidates = new Set([...shards.flatMap((shard) => [...shard.keys()]), ...(await index.tail(word))]);
  let best = most, found = [];
  for (const term of candidates) {
    if (term === word || term.length < SHORTEST_TAILED || term.includes(":")) continue;
    let edits = distance(word, term, best);
    if (edits > best && word.length >= 5 && term.length > word.length + 1) {
      edits = Math.min(...[0, 1, -1].map((more) => distance(word, term.slice(0, word.length + more), best))) + 0.5;
    }
    if (edits < best) { best = edits; found = []; }
    if (edits <= best) found.push(term);
  }
  found = found.slice(0, MOST_VARIANTS);
  const factor = best <= 1 ? ONE_TYPO : TWO_TYPOS;
  return found.map((term) => ({ term, factor: Number.isInteger(best) ? factor : factor - 0.1 }));
};

const posted = async (index, variants) => {
  const all = variants.map(async (variant) => ({ ...variant, postings: (await index.shard(variant.term)).get(variant.term) }));
  return (await Promise.all(all)).filter(({ postings }) => postings);
};

/** What a typed word stands for: [{term, factor, postings}], and the words that were meant where it is misspelled. */
const variantsOf = async (index, word, exact, typos) => {
  const shard = await index.shard(word);
  let found = inShard(shard, word, exact);
  if (!exact && word.length < 3) {
    const more = await posted(index, [{ term: `${word}*`, factor: LONGER }]);
    return { variants: [...(await posted(index, found)), ...more], meant: [] };
  }
  let meant = [];
  if (!exact && (typos || !found.length)) {
    const near = await misspelled(index, word);
    if (!found.length) meant = near.map(({ term }) => term);
    found = [...found, ...near];
  }
  return { variants: await posted(index, found), meant };
};

/** A word's worth by slot, as an array of the registry's size, and how many slots have any. */
const worthOf = (size, variants) => {
  const worth = new Float32Array(size), named = new Uint8Array(size);
  let count = 0;
  for (const { postings, factor } of variants) {
    eachPosting(postings, (slot, rank) => {
      const points = WORTH[rank] * factor;
      if (!worth[slot]) count += 1;
      if (points > worth[slot]) worth[slot] = points;
      if (rank <= "4" && factor >= RELATED) named[slot] = Number(rank);
    });
  }
  return { worth, named, count };
};

const common = (total, count) => 1 + Math.log(Math.max(1, total / Math.max(1, count))) / Math.log(total + 2);

/** A run of Han: most of its pairs must be there, so that what stands between two words doesn't hide them. */
const hanWorth = async (index, size, run) => {
  const parts = pairs(run);
  const worth = new Float32Array(size), named = new Uint8Array(size), hits = new Uint8Array(size);
  for (const part of parts) {
    const shard = await index.shard(part);
    const terms = part.length > 1 && [...part].length > 1 ? [part] : [...shard.keys()].filter((term) => term.startsWith(part));
    const variants = await posted(index, terms.map((term) => ({ term, factor: term === part ? EXACT : LONGER })));
    const one = worthOf(size, variants);
    for (let slot = 0; slot < size; slot++) {
      if (!one.worth[slot]) continue;
      hits[slot] += 1;
      worth[slot] += one.worth[slot] / parts.length;
      named[slot] = Math.max(named[slot], one.named[slot]);
    }
  }
  const least = Math.ceil(HAN_SHARE * parts.length);
  let count = 0;
  for (let slot = 0; slot < size; slot++) {
    if (hits[slot] < least) worth[slot] = 0;
    else if (worth[slot]) count += 1;
  }
  return { worth, named, count, meant: [] };
};

const wordWorth = async (index, size, word, typos) => {
  if (isCjk(word.text)) return hanWorth(index, size, word.text);
  const { variants, meant } = await variantsOf(index, word.text, word.exact, typos);
  return { ...worthOf(size, variants), meant };
};

/** The words to look for: runs of what was typed, without stop words unless there is nothing else. */
const wanted = (typed) => {
  const all = typed.flatMap(({ text, exact, negative }) => runs(text).map((run) => ({ text: run, exact, negative })));
  const telling = all.filter(({ text, exact }) => exact || !isStopWord(text));
  return telling.length ? telling : all;
};

/** {score, corrected} of the slots that have all words (or, with `some`, any): NaN is no match. */
const matchWords = async (index, words, { typos = false, some = false } = {}) => {
  const { size, workflows } = await index.header();
  const all = await Promise.all(words.map((word) => wordWorth(index, size, word, typos)));
  const asked = words.filter(({ negative }) => !negative).length;
  const score = new Float64Array(size), hits = new Uint8Array(size), names = new Uint8Array(size), long = new Uint8Array(size);
  const corrected = {};
  all.forEach(({ worth, named, count, meant }, at) => {
    if (words[at].negative) {
      for (let slot = 0; slot < size; slot++) if (worth[slot]) score[slot] = NaN;
      return;
    }
    if (meant.length) corrected[words[at].text] = meant;
    const rare = common(workflows, count);
    for (let slot = 0; slot < size; slot++) {
      if (!worth[slot]) continue;
      hits[slot] += 1;
      score[slot] += worth[slot] * rare;
      if (named[slot]) { names[slot] += 1; long[slot] = named[slot]; }
    }
  });
  let found = 0;
  for (let slot = 0; slot < size; slot++) {
    if (hits[slot] < asked && !(some && hits[slot])) { score[slot] = NaN; continue; }
    if (names[slot] && names[slot] === long[slot]) score[slot] += names[slot] === asked ? WHOLE_NAME : NAME_COVERED;
    if (some) score[slot] += 20 * hits[slot];
    if (score[slot] === score[slot]) found += 1;
  }
  return { score, corrected, found };
};

/** Two neighbours typed as one word, or one word typed as two. */
const resplit = async (index, words) => {
  for (let at = 0; at + 1 < words.length; at++) {
    const text = words[at].text + words[at + 1].text;
    if (words[at].negative || words[at + 1].negative || !(await index.shard(text)).has(text)) continue;
    return [...words.slice(0, at), { ...words[at], text }, ...words.slice(at + 2)];
  }
  for (const [at, { text }] of words.entries()) {
    if (text.length < 7 || isCjk(text) || (await index.shard(text)).has(text)) continue;
    const heads = [...(await index.shard(text)).keys()].filter((term) => term.length > 2 && !term.endsWith("*") && text.startsWith(term));
    for (const head of heads.sort((a, b) => b.length - a.length)) {
      const rest = text.slice(head.length);
      if (rest.length > 2 && (await index.shard(rest)).has(rest)) {
        return [...words.slice(0, at), { ...words[at], text: head }, { ...words[at], text: rest }, ...words.slice(at + 1)];
      }
    }
  }
  return null;
};

/** Words as typed; else split or joined otherwise; else with typos everywhere; else whatever has some of them. */
const matchFreely = async (index, words) => {
  const first = await matchWords(index, words);
  if (first.found && !Object.keys(first.corrected).length) return first;
  const other = await resplit(index, words);
  if (other) {
    const again = await matchWords(index, other);
    if (again.found && !Object.keys(again.corrected).length) return { ...again, split: other.map(({ text }) => text) };
  }
  if (first.found) return first;
  const typos = await matchWords(index, words, { typos: true });
  if (typos.found) return typos;
  if (words.filter(({ negative }) => !negative).length < 2) return first;
  return { ...(await matchWords(index, words, { some: true })), relaxed: true };
};

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
  const mask = new Uint8Array(size);
  for (let slot = 0; slot < size; slot++) {
    const value = values[slot];
    if (value != null && (value >= low && value <= high) !== negative) mask[slot] = 1;
  }
  return mask;
};

/** [{dimension, mask}] of all filters; alternatives of a dimension that a workflow has once are one mask. */
const masks = async (index, size, query) => {
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

/** Slots of a mask in the order asked for; of equals, those that stand better, then the older ones. */
const sorted = async (index, slots, sort, score) => {
  const prior = await index.column("prior");
  let key;
  if (sort === "name") {
    const rank = await nameRanks(index);
    key = (slot) => -rank[slot];
  } else if (sort === "relevance") {
    key = (slot) => (score[slot] * (0.75 + prior[slot] / 60)) * (prior[slot] ? 1 : DEPRECATED) + prior[slot] / 1000;
  } else {
    const column = await index.column(sort);
    key = (slot) => column[slot] ?? -1;
  }
  const later = sort === "updated" ? -1 : 1;
  const keys = new Float64Array(slots.length);
  slots.forEach((slot, at) => { keys[at] = key(slot); });
  const places = Uint32Array.from(keys.keys());
  return places.sort((a, b) => keys[b] - keys[a] || (prior[slots[b]] - prior[slots[a]]) * (later === 1 ? 1 : 0) || (a - b) * later)
    .map((place) => slots[place]);
};

const ranks = new WeakMap();
const nameRanks = async (index) => {
  if (!ranks.has(index)) {
    const names = await index.column("name");
    const slots = [...names.keys()].filter((slot) => names[slot]);
    slots.sort((a, b) => (names[a] < names[b] ? -1 : 1));
    const rank = new Uint32Array(names.length);
    slots.forEach((slot, at) => { rank[slot] = at; });
    ranks.set(index, rank);
  }
  return ranks.get(index);
};

/**
 * What a query finds: {total, slots (all, in order), counts(dimension), corrected, relaxed, split}.
 * `counts` gives [[value, count]], most first, of what is found; where a workflow has one value of the dimension,
 * also what other values would find.
 */
export const find = async (index, query, sort = "relevance") => {
  const { size, chunks } = await index.header();
  const words = wanted(query.words);
  const [prior, filters, match] = await Promise.all([
    index.column("prior"), masks(index, size, query), chunks.length && words.length ? matchFreely(index, words) : null,
  ]);
  const passes = (slot, except) => prior[slot] != null && !(match && match.score[slot] !== match.score[slot])
    && filters.every(({ dimension, negative, mask }) => mask[slot] || (dimension === except && !negative));
  const slots = [];
  for (let slot = 0; slot < size; slot++) if (passes(slot)) slots.push(slot);
  const score = match?.score ?? new Float64Array(size);
  return {
    total: slots.length,
    slots: await sorted(index, slots, query.sort || sort, score),
    corrected: match?.corrected ?? {},
    relaxed: match?.relaxed ?? false,
    split: match?.split ?? null,
    counts: (dimension) => counts(index, dimension, (slot) => passes(slot, SINGLE.has(dimension) ? dimension : "")),
  };
};

const counts = async (index, dimension, passes) => {
  const found = [];
  for (const [value, texts] of await index.facet(dimension)) {
    let count = 0;
    for (const text of texts) eachPosting(text, (slot) => { if (passes(slot)) count += 1; });
    if (count) found.push([value, count]);
  }
  if (dimension === "score") return found.sort((a, b) => b[0] - a[0]);
  return found.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
};
