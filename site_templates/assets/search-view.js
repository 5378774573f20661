// What a search shows, as elements: text only ever becomes text.
import { asked, BANDS, isSelected, quoted, spelled } from "./search-query.js";

const MOST_VALUES = 12;

export const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null && value !== false) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
};

/** `{n} of {m}` with its places filled. */
export const filled = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

const LOOKS = { certified: "good", deprecated: "bad" };
const flagName = (flag, words) =>
  ({ certified: words.search_certified, deprecated: words.search_deprecated, offline: words.search_offline })[flag];

/** A workflow as the site's lists show it; `page` is what the site's pages need: {home, words, categories, number, address}. */
export const card = (entry, page) => {
  const { home, words, number, address } = page;
  const query = (dimension, value, attributes) => {
    const text = spelled(dimension, value);
    return element("a", { ...attributes, href: address({ text }), "data-query": text }, value);
  };
  const name = element("a", { href: `${home}workflows/${encodeURIComponent(entry.name)}/index.html` }, entry.name);
  const head = element("div", { class: "name" }, element("h3", {}, name), " ", element("span", { class: "number" }, entry.version ?? ""));
  for (const flag of entry.is ?? []) head.append(" ", element("span", { class: `badge ${LOOKS[flag] ?? ""}` }, flagName(flag, words)));
  const what = element("div", { class: "what" }, head, element("p", {}, entry.description ?? ""));
  if (entry.tags?.length) what.append(element("p", { class: "chips" }, ...entry.tags.map((tag) => query("tag", tag, { class: "chip" }))));
  const facts = element("p", { class: "meta" });
  if (entry.author) facts.append(query("author", entry.author, {}));
  if (entry.updated) facts.append(element("time", { datetime: entry.updated }, entry.updated.slice(0, 10)));
  if (entry.downloads) facts.append(element("span", {}, filled(words.search_downloads, { n: number(entry.downloads) })));
  if (entry.rating) facts.append(element("span", {}, filled(words.search_rating, { n: number(entry.rating) })));
  if (entry.score) facts.append(element("span", {}, filled(words.search_score, { n: number(entry.score) })));
  return element("li", { class: "row" }, what, facts);
};

/** How a facet's value is called. */
const title = (dimension, value, { words, categories }) => {
  if (dimension === "is") return flagName(value, words);
  if (dimension === "score") return BANDS[value].replace("..", "–");
  return dimension === "category" ? categories[value] ?? plain(value) : value;
};

/** A category that the registry gives no title, as the lists call it. */
const plain = (id) => id.charAt(0).toUpperCase() + id.slice(1).replaceAll("-", " ");

/** Fills one facet's list with its values; those that are chosen come first and stay, however few they are. */
export const fillFacet = (list, dimension, counts, text, page) => {
  const chosen = counts.filter(([value]) => isSelected(text, dimension, value));
  const found = new Set(chosen.flatMap(([value]) => [value, value.toLowerCase()]));
  for (const value of asked(text, dimension)) if (!found.has(value)) chosen.push([value, null]);
  const others = counts.filter(([value]) => !isSelected(text, dimension, value));
  const item = ([value, count], checked) => {
    const box = element("input", { type: "checkbox", "data-dimension": dimension, "data-value": value });
    box.checked = checked;
    const name = element("span", { class: "value" }, title(dimension, value, page));
    return element("li", {}, element("label", {}, box, name, " ", element("span", { class: "many" }, count === null ? "" : page.number(count))));
  };
  const shown = list.hasAttribute("data-all") ? others : others.slice(0, MOST_VALUES);
  const items = dimension === "score"
    ? [...counts.filter((one) => !chosen.includes(one)), ...chosen]
      .sort((a, b) => b[0] - a[0]).map((one) => item(one, chosen.includes(one)))
    : [...chosen.map((one) => item(one, true)), ...shown.map((one) => item(one, false))];
  if (shown.length < others.length && dimension !== "score") {
    const more = filled(page.words.search_all_values, { n: page.number(others.length) });
    items.push(element("li", {}, element("button", { type: "button", class: "more", "data-more": dimension }, more)));
  }
  if (!items.length) items.push(element("li", { class: "notes" }, page.words.search_no_values));
  list.replaceChildren(...items);
};

/** The links to the pages before and after; empty where there is one page. */
export const pages = (current, total, { words, address, number }) => {
  const last = Math.max(1, total);
  if (last === 1) return [];
  const step = (to, text, rel) =>
    (to < 1 || to > last ? "" : element("a", { href: address({ page: to }), rel, "data-page": to }, text));
  const here = filled(words.search_page, { n: number(current), m: number(last) });
  return [step(current - 1, words.search_previous, "prev"), element("span", {}, here), step(current + 1, words.search_next, "next")];
};

const link = (text, shown, { address }) => element("a", { href: address({ text }), "data-query": text }, shown);

/** What to say beside the results: typos that were mended, words that were given up, unknown qualifiers. */
export const notes = (found, query, text, page) => {
  const { words } = page;
  const said = [];
  for (const [typed, meant] of Object.entries(found.corrected)) {
    const told = filled(words.search_corrected, { typed, meant: meant.slice(0, 3).join(", ") });
    said.push(element("p", {}, told, " ", link(quoted(text, typed), `"${typed}"`, page)));
  }
  if (found.split) said.push(element("p", {}, filled(words.search_read_as, { words: found.split.join(" ") })));
  if (found.relaxed) said.push(element("p", {}, words.search_relaxed));
  for (const name of query.unknown) said.push(element("p", {}, filled(words.search_unknown, { name })));
  const plain = query.words.filter(({ negative }) => !negative).map(({ text: word }) => word).join(" ");
  if (!found.total && plain && (query.filters.length || query.ranges.length)) {
    said.push(element("p", {}, link(plain, words.search_without_filters, page)));
  }
  return said;
};

/** What stands in place of results where there are none: that, what to try, and where all workflows are. */
export const nothing = ({ home, words }) => element("li", { class: "nothing" },
  element("p", {}, words.search_nothing),
  element("p", { class: "notes" }, words.search_nothing_help, " ", element("a", { href: `${home}workflows/index.html` }, words.search_browse)));
