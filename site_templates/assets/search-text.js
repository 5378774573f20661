// Words and where their postings lie: the same rules as registry_tool/site/search/{text,layout,postings}.py.

import RANKING from "./search-ranking.js";

const STOP_WORDS = new Set(RANKING.stop_words), LONGEST = RANKING.longest_word;
const CJK = "\\u2e80-\\u2fdf\\u3005-\\u3007\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7af\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
const RUN = new RegExp(`[${CJK}]+|(?:(?![${CJK}])[\\p{L}\\p{N}])+`, "gu");
const FIRST_CJK = new RegExp(`^[${CJK}]`, "u");
const SPELLED = { "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "ς": "σ" };
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const VALUE = new Uint8Array(128);
for (let i = 0; i < ALPHABET.length; i++) VALUE[ALPHABET.charCodeAt(i)] = i;
const UTF8 = new TextEncoder();

export const TERM_SHARDS = 1024;
export const TAIL_SHARDS = 128;
export const CHUNK = 16384;
export const CARDS = 8;
export const SHORTEST_TAILED = 4;

/** Lower case without accents and full-width forms. */
export const fold = (text) =>
  text.normalize("NFKD").toLowerCase().replace(/[\u0300-\u036f]/g, "").normalize("NFKC")
    .replace(/[ßæœøđłıς]/g, (letter) => SPELLED[letter]);

export const isCjk = (text) => FIRST_CJK.test(text);

/** The runs of letters of a folded text; long ones are cut as the index cuts them. */
export const runs = (text) =>
  [...fold(text).matchAll(RUN)].map(([run]) => (isCjk(run) ? run : [...run].slice(0, LONGEST).join("")));

export const isStopWord = (word) => STOP_WORDS.has(word);

/** Every two neighbours of a run of Han, kana or Hangul; a single one where it stands alone. */
export const pairs = (run) => {
  const all = [...run];
  return all.length === 1 ? all : all.slice(1).map((second, at) => all[at] + second);
};

/** The terms of a text, as the index has them. */
export const terms = (text) =>
  runs(text).flatMap((run) => (isCjk(run) ? pairs(run) : isStopWord(run) ? [] : [run]));

const hash = (text) => {
  let value = 0x811c9dc5;
  for (const byte of UTF8.encode(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
};

export const shardOf = (term) => {
  const colon = term.indexOf(":");
  const value = term.slice(colon + 1);
  return hash(term.slice(0, colon + 1) + [...value].slice(0, isCjk(value) ? 1 : 3).join("")) % TERM_SHARDS;
};

export const tailOf = (word) => hash([...word].slice(-2).join("")) % TAIL_SHARDS;

/** Calls `each(value)` for the numbers that a part of a text holds, five bits a character. */
const eachValue = (text, from, to, each) => {
  let found = 0, weight = 1;
  for (let i = from; i < to; i++) {
    const value = VALUE[text.charCodeAt(i)];
    found += (value & 31) * weight;
    if (value & 32) { weight *= 32; continue; }
    each(found);
    found = 0;
    weight = 1;
  }
};

/** The numbers of a column's file; -1 where a slot has none. */
export const numbers = (text) => {
  const all = [];
  eachValue(text, 0, text.length, (value) => all.push(value - 1));
  return all;
};

/** Calls `each(slot, rank)` for the postings of a term. */
export const eachPosting = (text, each) => {
  for (let from = 0; from < text.length;) {
    const blank = text.indexOf(" ", from);
    const to = blank < 0 ? text.length : blank;
    const rank = text[from];
    let slot = -1;
    eachValue(text, from + 1, to, (gap) => each(slot += gap + 1, rank));
    from = to + 1;
  }
};
