// The search: a field, its results, facets and order. The text in the field is the state; the address repeats it.
import { Index } from "./search-index.js";
import { find } from "./search-match.js";
import { parse, toggled } from "./search-query.js";
import { card, element, fillFacet, filled, nothing, notes, pages } from "./search-view.js";

const PAGE = 20;
const SHORT_PAGE = 10;

const readFrom = (folder) => async (path) => {
  const reply = await fetch(folder + path);
  if (!reply.ok) throw new Error(`${path}: ${reply.status}`);
  return reply.json();
};

/** Brings the search below `root` to life: the whole page, or (without facets) a field with a short list. */
export const mount = (root) => {
  const { files, home, start } = root.dataset;
  const words = JSON.parse(root.dataset.words);
  const categories = JSON.parse(root.dataset.categories ?? "{}");
  const field = root.querySelector("input[type=search]");
  const order = root.querySelector("select");
  const results = document.getElementById("results");
  const [status, remarks, pager] = ["status", "notes", "pages"].map((name) => document.getElementById(`search-${name}`));
  const filters = document.getElementById("search-filters");
  const heading = document.getElementById("results-heading");
  const whole = root.hasAttribute("data-whole");
  const number = new Intl.NumberFormat(document.documentElement.lang).format;
  const index = new Index(readFrom(files));
  const before = new Map();
  for (const one of [results, heading, status, remarks, pager]) if (one) before.set(one, [...one.childNodes]);
  const siteTitle = document.title;
  const state = { page: 1 };
  let turn = 0;

  const address = ({ text = field.value.trim(), sort = order?.value ?? "", page: to = 1 }) => {
    const asked = new URLSearchParams();
    if (text) asked.set("q", text);
    if (sort && sort !== "relevance") asked.set("sort", sort);
    if (to > 1) asked.set("page", to);
    const query = asked.toString();
    return (whole ? location.pathname : start) + (query && `?${query}`);
  };
  const page = { home, words, categories, number, address };

  const fromAddress = () => {
    const asked = new URLSearchParams(location.search);
    field.value = asked.get("q") ?? "";
    if (order) order.value = [...order.options].some(({ value }) => value === asked.get("sort")) ? asked.get("sort") : "relevance";
    state.page = Math.max(1, Number.parseInt(asked.get("page"), 10) || 1);
  };

  const showFacets = async (found, mine) => {
    if (!filters?.open) return;
    const open = [...filters.querySelectorAll("details[data-facet][open]")];
    await Promise.all(open.map(async ({ dataset: { facet }, lastElementChild: list }) => {
      const counts = await found.counts(facet);
      if (mine === turn) fillFacet(list, facet, counts, field.value, page);
    }));
  };

  const show = (found, cards, query) => {
    results.replaceChildren(...cards.map((entry) => card(entry, page)));
    if (!found.total) results.append(nothing(page));
    status.textContent = filled(found.total === 1 ? words.search_one : words.search_many, { n: number(found.total) });
    remarks.replaceChildren(...notes(found, query, field.value, page));
    if (heading) heading.textContent = words.search_results;
    const all = filled(words.search_all_results, { n: number(found.total) });
    pager.replaceChildren(...(whole
      ? pages(state.page, Math.ceil(found.total / PAGE), page)
      : [element("a", { href: address({}) }, all)]));
  };

  const rest = () => before.forEach((nodes, one) => one.replaceChildren(...nodes));

  /** Asks and shows; a later key makes an earlier answer void. */
  const search = async () => {
    const mine = ++turn;
    if (!whole && !field.value.trim()) { rest(); return; }
    root.setAttribute("aria-busy", "true");
    try {
      const query = parse(field.value);
      const found = await find(index, query, order?.value ?? "relevance");
      const size = whole ? PAGE : SHORT_PAGE;
      state.page = Math.min(state.page, Math.max(1, Math.ceil(found.total / size)));
      const cards = await index.cards([...found.slots.slice((state.page - 1) * size, state.page * size)]);
      if (mine !== turn) return;
      show(found, cards, query);
      await showFacets(found, mine);
    } catch (error) {
      if (mine !== turn) return;
      status.textContent = words.search_failed;
      console.warn(error.message);
    }
    if (mine === turn) root.removeAttribute("aria-busy");
  };

  const go = (kind) => {
    if (whole) {
      history[kind](null, "", address({ page: state.page }));
      document.title = field.value.trim() ? `${field.value.trim()} · ${siteTitle}` : siteTitle;
    }
    return search();
  };
  const changed = (text, to = 1) => { field.value = text; state.page = to; return go("pushState"); };
  const typed = () => { state.page = 1; return go("replaceState"); };

  const move = (event, step) => {
    const links = [...results.querySelectorAll("h3 a")];
    const at = links.indexOf(document.activeElement);
    if (at < 0 && step < 0) return;
    event.preventDefault();
    (at + step < 0 ? field : links[Math.min(at + step, links.length - 1)])?.focus();
  };
  const pressed = (event) => {
    const inResults = results.contains(document.activeElement);
    if (document.activeElement !== field && !inResults) return;
    if (event.isComposing) return;
    if (event.key === "ArrowDown") move(event, 1);
    else if (event.key === "ArrowUp") move(event, -1);
    else if (event.key === "Escape" && inResults) field.focus();
    else if (event.key === "Escape" && field.value) { event.preventDefault(); changed(""); }
  };
  const clicked = (event) => {
    const link = event.target.closest("a[data-query], a[data-page], button[data-more]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !whole) return;
    event.preventDefault();
    const { query, page: to, more } = link.dataset;
    if (more) { link.closest("ul").setAttribute("data-all", ""); search(); return; }
    changed(query ?? field.value, Number(to ?? 1)).then(() => { if (to) results.querySelector("h3 a")?.focus(); });
  };

  field.addEventListener("input", (event) => { if (!event.isComposing) typed(); });
  field.addEventListener("compositionend", typed);
  field.addEventListener("focus", () => index.column("prior").catch(() => {}), { once: true });
  document.addEventListener("keydown", pressed);
  document.addEventListener("click", clicked);
  if (whole) {
    field.form.addEventListener("submit", (event) => { event.preventDefault(); changed(field.value); });
    order.addEventListener("change", () => changed(field.value));
    root.addEventListener("change", ({ target: { dataset } }) => {
      if (dataset.dimension) changed(toggled(field.value, dataset.dimension, dataset.value));
    });
    filters.open = matchMedia("(min-width: 48.01rem)").matches; // beside the results, not above them
    for (const facet of root.querySelectorAll("#search-filters, details[data-facet]")) facet.addEventListener("toggle", () => { if (facet.open) search(); });
    addEventListener("popstate", () => { fromAddress(); search(); });
    fromAddress();
    return search();
  }
  return field.value ? search() : undefined;
};
