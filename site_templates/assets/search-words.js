// What a typed word is worth to each workflow: other forms, typos, pairs of Han, English for Chinese.
import { translated } from "./search-chinese.js";
import RANKING from "./search-ranking.js";
import { eachPosting, isCjk, pairs, SHORTEST_TAILED } from "./search-text.js";

const WORTH = RANKING.worth, { fit: FIT, han: HAN, suffixes: SUFFIXES } = RANKING;
const MOST_VARIANTS = RANKING.typos.most_variants;

const stem = (word) => {
  const suffix = SUFFIXES.find((one) => word.endsWith(one) && word.length - one.length >= 4);
  return suffix ? word.slice(0, -suffix.length) : word;
};

const ROWS = [0, 1, 2].map(() => new Uint8Array(64));

/** Edits (one letter more, less, other, or two swapped) between two words, or more than `most`. */
export const distance = (one, other, most) => {
  if (Math.abs(one.length - other.length) > most || other.length > 62) return most + 1;
  let [before, last, row] = ROWS;
  for (let j = 0; j <= other.length; j++) last[j] = j;
  for (let i = 1; i <= one.length; i++) {
    let least = row[0] = i;
    for (let j = 1; j <= other.length; j++) {
      const same = one.charCodeAt(i - 1) === other.charCodeAt(j - 1);
      let edits = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && one.charCodeAt(i - 1) === other.charCodeAt(j - 2) && one.charCodeAt(i - 2) === other.charCodeAt(j - 1)) {
        edits = Math.min(edits, before[j - 2] + 1);
      }
      row[j] = edits;
      if (edits < least) least = edits;
    }
    if (least > most) return most + 1;
    [before, last, row] = [last, row, before];
  }
  return last[other.length];
};

/** Two neighbours swapped on either side of the border of what begins and what ends alike. */
const swapped = (word, at) => word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2);

/** How many typos a word may have. */
export const allowed = (word) => (word.length >= RANKING.typos.one_from) + (word.length >= RANKING.typos.two_from);

/** [{term, postings, factor}] of what is in the shard exactly, longer, or another form of the word. */
const inShard = (shard, word, exact) => {
  const found = shard.has(word) ? [{ term: word, factor: FIT.exact }] : [];
  if (exact) return found;
  const root = stem(word);
  for (const term of shard.keys()) {
    if (term === word || term.includes(":") || term.endsWith("*")) continue;
    if (term.startsWith(word)) found.push({ term, factor: FIT.longer + FIT.longer_by_one / (term.length - word.length) });
    else if (root.length >= 4 && term.startsWith(root) && stem(term) === root) found.push({ term, factor: FIT.related });
  }
  return found;
};

/** The nearest words to a misspelled one: its own shard holds those that begin alike, a tail those that end alike. */
const misspelled = async (index, word) => {
  const most = allowed(word);
  if (!most) return [];
  const near = nearest(word, most, new Set([...(await index.shard(word)).keys(), ...(await index.tail(word))]));
  if (near.length) return near;
  // Two letters swapped between what begins alike and what ends alike: only these shards can tell.
  const shards = await Promise.all([swapped(word, 1), swapped(word, 2)].map((one) => index.shard(one)));
  return nearest(word, most, new Set(shards.flatMap((shard) => [...shard.keys()])));
};

/** [{term, factor}] of the candidates with the fewest edits. */
const nearest = (word, most, candidates) => {
  let best = most + 0.5, found = []; // half an edit more: the beginning of a longer word
  for (const term of candidates) {
    if (term === word || term.length < SHORTEST_TAILED || term.includes(":")) continue;
    let edits = distance(word, term, best);
    if (edits > most && word.length >= 5 && term.length > word.length + 1) {
      edits = Math.min(...[0, 1, -1].map((more) => distance(word, term.slice(0, word.length + more), best))) + 0.5;
    }
    if (edits < best) { best = edits; found = []; }
    if (edits <= best) found.push(term);
  }
  const factor = (best <= 1 ? FIT.one_typo : FIT.two_typos) - (Number.isInteger(best) ? 0 : FIT.half_typo);
  return found.sort().slice(0, MOST_VARIANTS).map((term) => ({ term, factor }));
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
    const more = await posted(index, [{ term: `${word}*`, factor: FIT.longer }]);
    return { variants: [...(await posted(index, found)), ...more], meant: [] };
  }
  let meant = [];
  if (!exact && (typos || !found.length)) {
    const near = await misspelled(index, word);
    if (!found.length) meant = near.map(({ term }) => term);
    const forms = near.map(async ({ term, factor }) =>
      inShard(await index.shard(term), term, false).map((form) => ({ term: form.term, factor: form.factor * factor })));
    found = [...found, ...(await Promise.all(forms)).flat()];
  }
  return { variants: await posted(index, found), meant };
};

/** A word's worth by slot, as an array of the registry's size, and how many slots have any. */
const worthOf = (size, variants) => {
  const worth = new Float64Array(size), named = new Uint8Array(size);
  let count = 0;
  for (const { postings, factor } of variants) {
    eachPosting(postings, (slot, rank) => {
      const points = WORTH[rank] * factor;
      if (!worth[slot]) count += 1;
      if (points > worth[slot]) worth[slot] = points;
      if (rank <= "4" && factor >= FIT.named) named[slot] = Number(rank);
    });
  }
  return { worth, named, count };
};

/** How much more a rare word says: 1 to 2. */
export const rarity = (total, count) => 1 + Math.log(Math.max(1, total / Math.max(1, count))) / Math.log(total + 2);

/** A pair's own postings; of a single character, those of all pairs that begin with it. */
const pairPostings = async (index, part) => {
  if ([...part].length > 1) return posted(index, [{ term: part, factor: FIT.exact }]);
  const terms = [...(await index.shard(part)).keys()].filter((term) => term.startsWith(part));
  return posted(index, terms.map((term) => ({ term, factor: term === part ? FIT.exact : FIT.longer })));
};

/** A run of Han: most of its pairs must be there, so that what stands between two words doesn't hide them. */
const hanWorth = async (index, size, run, some) => {
  const parts = pairs(run);
  const worth = new Float64Array(size), named = new Uint8Array(size), hits = new Uint8Array(size);
  const all = await Promise.all(parts.map((part) => pairPostings(index, part)));
  for (const variants of all) {
    const seen = variants.length > 1 ? new Set() : null; // a pair has one posting a workflow
    for (const { postings, factor } of variants) {
      eachPosting(postings, (slot, rank) => {
        if (seen?.has(slot)) return;
        seen?.add(slot);
        hits[slot] += 1;
        worth[slot] += WORTH[rank] * factor;
        if (rank <= "4") named[slot] = Number(rank);
      });
    }
  }
  const least = Math.ceil((some ? HAN.some : HAN.share) * parts.length);
  let count = 0;
  for (let slot = 0; slot < size; slot++) {
    if (hits[slot] < least) { worth[slot] = 0; continue; }
    worth[slot] /= Math.sqrt(hits[slot] * parts.length);
    if (worth[slot]) count += 1;
  }
  return { worth, named, count, meant: [] };
};

/** A run of Han as it stands, or the English words for what it says, whichever is worth more to a workflow. */
const eitherLanguage = async (index, size, { text, exact }, some) => {
  const own = await hanWorth(index, size, text, some);
  const english = exact ? [] : translated(text);
  if (!english.length) return own;
  const all = await Promise.all(english.map(async (word) => worthOf(size, (await variantsOf(index, word, false, false)).variants)));
  let count = own.count;
  for (let slot = 0; slot < size; slot++) {
    let worth = Infinity;
    for (const one of all) if (one.worth[slot] < worth) worth = one.worth[slot];
    worth *= FIT.translated;
    if (worth <= own.worth[slot]) continue;
    if (!own.worth[slot]) count += 1;
    own.worth[slot] = worth;
    own.named[slot] = 0;
  }
  return { ...own, count };
};

/** {worth and length of the name by slot, count, meant} of one word or run that was typed. */
export const wordWorth = async (index, size, word, { typos, some }) => {
  if (isCjk(word.text)) return eitherLanguage(index, size, word, some);
  const { variants, meant } = await variantsOf(index, word.text, word.exact, typos);
  return { ...worthOf(size, variants), meant };
};
