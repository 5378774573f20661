// English for the Chinese words that workflows are looked for with: most manifests are written in English.

import RANKING from "./search-ranking.js";

const WORDS = new Map(Object.entries(RANKING.chinese));
const LONGEST = Math.max(...[...WORDS.keys()].map((word) => word.length));

/** The English words for a run of Han; none where a part of it isn't known. */
export const translated = (run) => {
  const found = [];
  for (let at = 0; at < run.length;) {
    let length = Math.min(LONGEST, run.length - at);
    while (length && !WORDS.has(run.slice(at, at + length))) length -= 1;
    if (!length) return [];
    found.push(WORDS.get(run.slice(at, at + length)));
    at += length;
  }
  return found;
};
