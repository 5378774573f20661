"use strict";
// What differs between any two versions, from their two JSON documents.
(() => {
  const form = document.getElementById("compare");
  const out = document.getElementById("compared");
  if (!form || !location.protocol.startsWith("http")) return;
  const say = form.dataset;
  const MOST = 1500; // words of a prompt that are compared one by one
  const element = (name, text, className) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  };
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  // A document as {group: {path: value}}: what has a name or an id is known by it, so order plays no part.
  const flat = (value, path, found) => {
    if (!path && value && !Object.keys(value).length) return found;
    if (Array.isArray(value) && value.length && value.every((item) => item && (item.id ?? item.name) !== undefined)) {
      for (const item of value) flat(item, `${path}.${item.id ?? item.name}`, found);
    } else if (value && typeof value === "object" && !Array.isArray(value) && Object.keys(value).length) {
      for (const [key, item] of Object.entries(value)) flat(item, path ? `${path}.${key}` : key, found);
    } else found[path] = value;
    return found;
  };
  const told = ({ metadata = {}, spec = {}, security = {} }) => {
    const { version, created, updated, ...about } = metadata;
    const { interface: ports = {}, blocks = [], edges = [], runtime = {}, ...rest } = spec;
    return {
      interface: flat(ports, "", {}),
      graph: { ...flat(blocks, "blocks", {}), ...flat(edges, "edges", {}) },
      runtime: flat(runtime, "", {}),
      security: flat(security, "", {}),
      about: { ...flat(about, "", {}), ...flat(rest, "", {}) },
    };
  };

  // The longest common words of two texts, as [kind, text] in order.
  const words = (text) => (text.match(/\s+|[\u2e80-\uffef]|\w+|[^]/gu) ?? []).slice(0, MOST);
  const compared = (one, other) => {
    const a = words(one), b = words(other);
    const best = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
    for (let i = a.length - 1; i >= 0; i -= 1) for (let j = b.length - 1; j >= 0; j -= 1) {
      best[i][j] = a[i] === b[j] ? best[i + 1][j + 1] + 1 : Math.max(best[i + 1][j], best[i][j + 1]);
    }
    const parts = [];
    let i = 0, j = 0;
    while (i < a.length || j < b.length) {
      if (i < a.length && j < b.length && a[i] === b[j]) { parts.push(["span", a[i]]); i += 1; j += 1; }
      else if (j >= b.length || (i < a.length && best[i + 1][j] >= best[i][j + 1])) { parts.push(["del", a[i]]); i += 1; }
      else { parts.push(["ins", b[j]]); j += 1; }
    }
    return parts;
  };

  const text = (value) => typeof value === "string" ? value : JSON.stringify(value);
  const change = (path, before, after) => {
    const kind = before === undefined ? "new" : after === undefined ? "gone" : "changed";
    const item = element("li", undefined, kind);
    item.append(element("span", say[kind], "badge"), " ", element("code", path), " ");
    const prose = typeof before === "string" && typeof after === "string" && Math.max(before.length, after.length) > 24;
    if (prose) {
      const shown = element("pre", undefined, "prompt");
      for (const [name, part] of compared(before, after)) shown.append(element(name, part));
      item.append(shown);
    } else {
      if (before !== undefined) item.append(element("del", text(before)), " ");
      if (after !== undefined) item.append(element("ins", text(after)));
    }
    return item;
  };
  const show = (before, after) => {
    const old = told(before), now = told(after);
    out.replaceChildren();
    for (const group of Object.keys(old)) {
      const paths = [...new Set([...Object.keys(old[group]), ...Object.keys(now[group])])].filter((path) => !same(old[group][path], now[group][path]));
      if (!paths.length) continue;
      const list = element("ul", undefined, "changes");
      list.append(...paths.map((path) => change(path, old[group][path], now[group][path])));
      out.append(element("h2", say[group]), list);
    }
    if (!out.children.length) out.append(element("p", say.same));
  };
  const get = async (number) => {
    const reply = await fetch(`${say.documents}${number}.json`);
    if (!reply.ok) throw new Error(reply.statusText);
    return reply.json();
  };
  const compare = async () => {
    const { a, b } = Object.fromEntries(new FormData(form));
    history.replaceState(null, "", `?a=${encodeURIComponent(a)}&b=${encodeURIComponent(b)}`);
    try { show(await get(a), await get(b)); } catch { out.replaceChildren(element("p", say.failed, "notice bad")); }
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); compare(); });
  const asked = new URLSearchParams(location.search);
  for (const name of ["a", "b"]) if (asked.has(name)) form.elements[name].value = asked.get(name);
  if (asked.has("a") && form.elements.a.value && form.elements.b.value) compare();
})();
