// What a reader typed → words and filters, and back: the text in the field is the whole state of a search.

import RANKING from "./search-ranking.js";
import { fold } from "./search-text.js";

const { dimensions: DIMENSIONS, flags: FLAGS, numbers: NUMBERS } = RANKING; // by how they may be typed
/** A workflow has one of these: several asked for are alternatives. */
export const SINGLE = new Set(RANKING.single);
const TOKEN = /(-?)(?:([\p{L}]+)[:：])?(?:"([^"]*)"?|(\S+))?/gu;
const NO = new Set(RANKING.no_words);
const DAY = 86400000;

/**
 * {words: [{text, exact, negative}], filters: [{dimension, values, negative}], ranges: [{column, low, high, negative}],
 *  sort, unknown: [name]}. Bounds are inclusive; days since 1970 for `updated`.
 */
export const parse = (text) => {
  const query = { words: [], filters: [], ranges: [], sort: "", unknown: [] };
  for (const { all, negative, name, value, quoted } of tokens(text)) {
    if (name && take(query, name, value, negative)) continue;
    if (name && !quoted && !/^\d*$/.test(value)) query.unknown.push(name);
    const word = name ? all.replace(/^-/, "") : value;
    if (word) query.words.push({ text: word, exact: quoted, negative });
  }
  return query;
};

const tokens = (text) =>
  [...text.normalize("NFKC").matchAll(TOKEN)].filter(([all]) => all.trim()).map((found) => ({
    all: found[0],
    at: found.index,
    negative: found[1] === "-",
    name: found[2]?.toLowerCase(),
    value: found[3] ?? found[4] ?? "",
    quoted: found[3] !== undefined,
  }));

/** Takes a qualifier into the query; false where it is a plain word. */
const take = (query, name, value, negative) => {
  if (Object.hasOwn(DIMENSIONS, name)) {
    const values = value.split(",").filter(Boolean);
    if (values.length) query.filters.push({ dimension: DIMENSIONS[name], values, negative });
  } else if (Object.hasOwn(FLAGS, name)) {
    query.filters.push({ dimension: "is", values: [FLAGS[name]], negative: negative !== NO.has(value.toLowerCase()) });
  } else if (Object.hasOwn(NUMBERS, name)) {
    const range = bounds(NUMBERS[name], value);
    if (range) query.ranges.push({ column: NUMBERS[name], ...range, negative });
  } else if (RANKING.sort_words.includes(name)) {
    query.sort = Object.hasOwn(RANKING.orders, value) ? value : query.sort;
  } else return false;
  return true;
};

/** `>=80`, `<50`, `80..90`, `80..`, `80`; days may be `2026`, `2026-05` or `2026-05-01`. */
const bounds = (column, text) => {
  const [, operator, rest] = /^(>=|<=|>|<|=)?(.*)$/s.exec(text);
  const [from, to] = rest.includes("..") ? rest.split("..") : [rest, rest];
  const [low, high] = [limits(column, from)[0], limits(column, to)[1]];
  const open = rest.includes("..");
  if (Number.isNaN(low) || Number.isNaN(high) || (!open && !rest)) return null;
  if (operator === ">=") return { low, high: Infinity };
  if (operator === "<=") return { low: -Infinity, high };
  if (operator === ">") return { low: after(column, high), high: Infinity };
  if (operator === "<") return { low: -Infinity, high: before(column, low) };
  return { low: from ? low : -Infinity, high: to ? high : Infinity };
};

const TINY = 1e-9;
const after = (column, value) => value + (column === "updated" ? 1 : TINY);
const before = (column, value) => value - (column === "updated" ? 1 : TINY);

const limits = (column, text) => {
  if (!text) return [0, 0];
  if (column !== "updated") {
    const number = /^[0-9]+(?:\.[0-9]+)?$/.test(text) ? Number(text) : NaN;
    return [number, number];
  }
  const found = /^([12]\d{3})(?:-(\d\d))?(?:-(\d\d))?$/.exec(text);
  if (!found) return [NaN, NaN];
  const [year, month, day] = found.slice(1).map((part) => (part ? Number(part) : 0));
  const first = Date.UTC(year, month ? month - 1 : 0, day || 1);
  const next = day ? first + DAY : month ? Date.UTC(year, month, 1) : Date.UTC(year + 1, 0, 1);
  return [first / DAY, next / DAY - 1];
};

/** How a facet's value is written in the field. */
export const spelled = (dimension, value) => {
  if (dimension === "is") return `${value}:`;
  if (dimension === "score") return `score:${BANDS[value] ?? value}`;
  return /[\s",]/.test(value) ? `${dimension}:"${value.replaceAll('"', " ")}"` : `${dimension}:${value}`;
};
/** The bands of scores that are counted, by their lower end. */
export const BANDS = RANKING.bands;

/** True where the text filters by this value. */
export const isSelected = (text, dimension, value) => place(text, dimension, value) !== undefined;

/** The text with that filter, or without it where it had it. */
export const toggled = (text, dimension, value) => {
  const found = place(text, dimension, value);
  if (!found) return `${text.trim()} ${spelled(dimension, value)}`.trim();
  const plain = text.normalize("NFKC");
  return `${plain.slice(0, found.at).trim()} ${plain.slice(found.at + found.all.length).trim()}`.trim();
};

/** The values of a dimension that the text filters by, one qualifier each. */
export const asked = (text, dimension) => {
  if (dimension === "score") return Object.keys(BANDS).filter((low) => isSelected(text, dimension, low));
  const filters = parse(text).filters.filter((one) => one.dimension === dimension && !one.negative && one.values.length === 1);
  return filters.map(({ values }) => values[0]);
};

/** The text with a word in quotes: exactly this one. */
export const quoted = (text, word) => {
  const found = tokens(text).find(({ name, value, quoted: already }) => !name && !already && fold(value) === word);
  const plain = text.normalize("NFKC");
  return found ? `${plain.slice(0, found.at)}"${word}"${plain.slice(found.at + found.all.length)}` : `"${word}"`;
};

const place = (text, dimension, value) => {
  const wanted = key(parse(spelled(dimension, value)));
  return tokens(text).find(({ all }) => key(parse(all)) === wanted);
};
const key = ({ filters, ranges }) => JSON.stringify([filters, ranges]).toLowerCase();
