// Which workflows a query finds, in which order, and what may be filtered by further.
import { masks } from "./search-filters.js";
import { SINGLE } from "./search-query.js";
import RANKING from "./search-ranking.js";
import { eachPosting, isCjk, isStopWord, runs } from "./search-text.js";
import { rarity, wordWorth } from "./search-words.js";

const { bonus: BONUS, standing: STANDING } = RANKING;

/** The words to look for: runs of what was typed, without stop words unless there is nothing else. */
const wanted = (typed) => {
  const all = typed.flatMap(({ text, exact, negative }) => runs(text).map((run) => ({ text: run, exact, negative })));
  const telling = all.filter(({ text, exact }) => exact || !isStopWord(text));
  return telling.length ? telling : all;
};

/** {score, corrected} of the slots that have all words (or, with `some`, any): NaN is not a match. */
const matchWords = async (index, words, { typos = false, some = false } = {}) => {
  const { size, workflows } = await index.header();
  const all = await Promise.all(words.map((word) => wordWorth(index, size, word, { typos, some })));
  const asked = words.filter(({ negative }) => !negative).length;
  const score = new Float64Array(size), hits = new Uint8Array(size), names = new Uint8Array(size), long = new Uint8Array(size);
  const corrected = {};
  all.forEach(({ worth, named, count, meant }, at) => {
    if (words[at].negative) {
      for (let slot = 0; slot < size; slot++) if (worth[slot]) score[slot] = NaN;
      return;
    }
    if (meant.length) corrected[words[at].text] = meant;
    const rare = rarity(workflows, count);
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
    if (names[slot] && names[slot] === long[slot]) score[slot] += names[slot] === asked ? BONUS.whole_name : BONUS.name_covered;
    if (some) score[slot] += BONUS.word_more * hits[slot];
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
  const spelled = words.some(({ text, exact }) => !exact && !isCjk(text));
  const typos = spelled ? await matchWords(index, words, { typos: true }) : first;
  if (typos.found) return typos;
  const asked = words.filter(({ negative }) => !negative);
  if (asked.length < 2 && !asked.some(({ text }) => isCjk(text) && [...text].length > 2)) return first;
  return { ...(await matchWords(index, words, { some: true })), relaxed: true };
};

const NUMBER = RANKING.orders;
const PRIORS = 16, FINE = 10000, MOST = 1e8;

/**
 * The slots in an order, as one key each: what is sorted by, then how well a workflow stands, then its slot. Packed
 * numbers sort many times faster than a comparing function does.
 */
const sorted = (slots, size, key, ascending) => {
  const keys = new Float64Array(slots.length);
  slots.forEach((slot, at) => { keys[at] = Math.min(MOST, key(slot)) * size + (ascending ? slot : size - 1 - slot); });
  keys.sort();
  return Uint32Array.from(keys.reverse(), (packed) => (ascending ? packed % size : size - 1 - (packed % size)));
};

/** What an order sorts by: (slot) → a whole number, the highest first. */
const keyOf = async (index, sort, column, score) => {
  if (sort === "name") {
    const rank = await nameRanks(index);
    return (slot) => rank[slot];
  }
  if (sort !== "relevance") return (slot) => column[slot] + 1;
  return (slot) => Math.round(FINE * score[slot] * (STANDING.least + column[slot] * STANDING.per_point) * (column[slot] ? 1 : STANDING.deprecated)) * PRIORS + column[slot];
};

const ranks = new WeakMap();
/** By slot: how many names come after its own. */
const nameRanks = async (index) => {
  if (!ranks.has(index)) {
    const names = await index.names();
    const slots = [...names.keys()].filter((slot) => names[slot]);
    slots.sort((a, b) => (names[a] > names[b] ? -1 : 1));
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
export const find = async (index, query, order = "relevance") => {
  const { size, chunks } = await index.header();
  const words = wanted(query.words);
  const sort = query.sort || order;
  const [there, filters, match] = await Promise.all([
    index.column(EVERYWHERE[sort] ?? "prior"), masks(index, size, query), chunks.length && words.length ? matchFreely(index, words) : null,
  ]);
  const score = match?.score ?? new Float64Array(size);
  const passes = (slot, except) => there[slot] >= 0 && !Number.isNaN(score[slot])
    && filters.every(({ dimension, negative, mask }) => mask[slot] || (dimension === except && !negative));
  const slots = [];
  for (let slot = 0; slot < size; slot++) if (passes(slot)) slots.push(slot);
  const column = sort === "name" ? there : await index.column(NUMBER[sort]);
  return {
    total: slots.length,
    slots: sorted(slots, size, await keyOf(index, sort, column, score), sort === "updated"),
    corrected: match?.corrected ?? {},
    relaxed: match?.relaxed ?? false,
    split: match?.split ?? null,
    counts: (dimension) => counts(index, dimension, (slot) => passes(slot, SINGLE.has(dimension) ? dimension : "")),
  };
};

/** Orders by a column in which every workflow has a number: it says what exists, so the prior isn't needed. */
const EVERYWHERE = { downloads: "downloads" };

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
