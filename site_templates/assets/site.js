"use strict";
// What makes pages quicker to use. Without this script every page still shows everything.
(() => {
  const body = document.body;
  const data = body.dataset;
  const web = location.protocol.startsWith("http");
  const root = web ? new URL(data.base || "./", location.href).href.replace(/\/$/, "") : "";
  const UNKNOWN = "https://registry.example";
  const all = (selector) => document.querySelectorAll(selector);

  for (const button of all(".copy")) {
    if (!navigator.clipboard) break;
    button.classList.add("ready");
    button.addEventListener("click", async () => {
      const label = button.textContent;
      await navigator.clipboard.writeText(button.previousElementSibling.textContent);
      button.textContent = data.copied;
      setTimeout(() => { button.textContent = label; }, 1500);
    });
  }

  // A picture that is wider than its frame begins where data comes in.
  for (const frame of all(".graph")) {
    const first = frame.querySelector("a.in, a.node");
    if (!first || frame.scrollWidth <= frame.clientWidth) continue;
    const box = first.getBoundingClientRect(), around = frame.getBoundingClientRect();
    frame.scrollLeft += box.left + box.width / 2 - around.left - around.width / 2;
  }

  // A link to what stands folded away opens it.
  const unfold = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    if (target) target.scrollIntoView({ block: "nearest" });
  };
  addEventListener("hashchange", unfold);
  if (location.hash) unfold();

  // The registry's own address, where neither its settings nor its build knew it.
  if (web) for (const code of all(".code code")) {
    if (code.textContent.includes(UNKNOWN)) code.textContent = code.textContent.replaceAll(UNKNOWN, root);
  }

  // Inputs → the nearest test's recorded outputs, and every snippet.
  const shell = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const plain = (value) => typeof value === "string" ? value : JSON.stringify(value);
  const python = (value) => {
    if (value === null) return "None";
    if (typeof value === "boolean") return value ? "True" : "False";
    if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`;
    if (typeof value === "object") return `{${Object.entries(value).map(([k, v]) => `${JSON.stringify(k)}: ${python(v)}`).join(", ")}}`;
    return JSON.stringify(value);
  };
  const form = document.getElementById("inputs");
  const value = (field) => {
    if (field.tagName === "SELECT") return JSON.parse(field.value);
    if (field.dataset.type === "string") return field.value;
    try { return JSON.parse(field.value); } catch { return field.value; }
  };
  const filled = () => {
    const found = {};
    for (const field of form.elements) if (field.name && field.value !== "") found[field.name] = value(field);
    return found;
  };
  // How many letters of a test's inputs are those now given: of equal ones all, else of the words that both have.
  const parts = (text) => text.split(/\s+|(?=[\u2e80-\uffef])/).filter(Boolean);
  const likeness = (now, test) => Object.entries(test).reduce((sum, [name, given]) => {
    const mine = plain(now[name] ?? "").toLowerCase(), theirs = plain(given).toLowerCase();
    const words = new Set(parts(mine));
    const shared = parts(theirs).filter((word) => words.has(word)).join("").length;
    return sum + (mine === theirs ? theirs.length : shared);
  }, 0);
  const texts = new Map();
  for (const code of all("[data-snippet]")) texts.set(code, code.textContent);
  const original = form && filled();
  const written = {
    run_command: (text, now) => `${text.split(" \\\n  --input ")[0]}${Object.entries(now).map(([k, v]) => ` \\\n  --input ${shell(`${k}=${plain(v)}`)}`).join("")}`,
    run_python: (text, now) => text.replace(/inputs=[^]*\)\nprint/, () => `inputs=${python(now)})\nprint`),
    run_javascript: (text, now) => text.replace(/, \{[^]*\}\);\nconsole/, () => `, ${JSON.stringify(now)});\nconsole`),
    run_go: (text, now, sent) => text.replace(/NewReader\("(?:[^"\\]|\\.)*"\)/, () => `NewReader(${JSON.stringify(sent)})`),
    run_curl: (text, now, sent) => `${text.split("  --data ")[0]}  --data ${shell(sent)}`,
    run_agent: (text) => text,
  };
  const update = () => {
    const now = filled();
    const tests = [...all(".nearest")];
    const best = tests.map((test) => likeness(now, JSON.parse(test.dataset.inputs)));
    tests.forEach((test, number) => { test.hidden = best[number] !== Math.max(...best) || best.indexOf(best[number]) !== number; });
    const same = JSON.stringify(now) === JSON.stringify(original);
    const number = (texts.values().next().value ?? "").match(/:(\S+)/)?.[1];
    const sent = JSON.stringify({ version: number, inputs: now, wait: true });
    for (const [code, text] of texts) code.textContent = same ? text : written[code.dataset.snippet](text, now, sent);
  };
  if (form) {
    form.addEventListener("input", update);
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  // Newer versions and outdated ranges, which no published page can know.
  const core = (text) => text.split("+")[0].split("-")[0].split(".").map(Number);
  const above = (a, b) => { for (let n = 0; n < 3; n += 1) if (a[n] !== b[n]) return a[n] > b[n]; return false; };
  const newest = async (url) => {
    try {
      const reply = await fetch(url);
      const usable = (await reply.json()).filter((item) => !item.yanked && !item.version.includes("-"));
      return usable.map((item) => item.version).reduce((best, version) => !best || above(core(version), core(best)) ? version : best, "");
    } catch { return ""; }
  };
  const note = document.getElementById("newer");
  if (note && web) newest(note.dataset.versions).then((best) => {
    if (!best || !above(core(best), core(note.dataset.number))) return;
    const link = document.createElement("a");
    link.href = `${note.dataset.page}${best}/index.html`;
    link.textContent = best;
    note.replaceChildren(`${data.newer} `, link);
    note.classList.remove("quiet");
  });
  const outside = (range, best) => {
    const found = range.trim().match(/^(\^|~|=)?\s*v?(\d+)(?:\.(\d+))?(?:\.(\d+))?$/);
    if (!found) return false;
    const [, sign, ...parts] = found;
    const from = parts.map((part) => Number(part ?? 0));
    if (sign === "^") return from[0] ? best[0] > from[0] : best[0] > 0 || best[1] > from[1];
    if (sign === "~") return best[0] > from[0] || (best[0] === from[0] && parts[1] !== undefined && best[1] > from[1]);
    return parts[2] !== undefined && above(best, from);
  };
  if (web) for (const mark of [...all(".outdated")].slice(0, 12)) newest(mark.dataset.versions).then((best) => {
    if (!best || !outside(mark.dataset.range, core(best))) return;
    mark.textContent = `${data.outdated} ${best}`;
    mark.hidden = false;
  });

  // A page that isn't there: its address makes a search.
  const decoded = (path) => {
    try {
      return decodeURIComponent(path);
    } catch {
      return path; // a % that begins nothing
    }
  };
  const suggest = document.getElementById("suggest");
  if (suggest && web) {
    const below = location.pathname.startsWith(data.base) ? location.pathname.slice(data.base.length) : "";
    const words = decoded(below).split("/").filter((part) => part && part !== "index.html" && !/^(workflows|zh|404\.html)$/.test(part)).pop();
    if (words) {
      const link = document.createElement("a");
      link.href = `${data.home}search/index.html?q=${encodeURIComponent(words.replace(/\.(html|md)$/, ""))}`;
      link.textContent = `${data.find} “${words}”`;
      suggest.append(link);
      suggest.hidden = false;
    }
  }

  // The search, once it is wanted.
  const finder = document.querySelector("[data-search]");
  const field = finder?.querySelector("input[type=search]");
  const top_ = document.querySelector(".top .field");
  const script = new URL("search.js", document.currentScript.src);
  document.addEventListener("keydown", (event) => {
    const focused = document.activeElement;
    const ready = focused === field && field.value === ""; // there already: the key is not part of what is looked for
    const typing = !ready && /^(input|textarea|select)$/i.test(focused?.tagName ?? "");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (field) field.focus();
    else if (top_) top_.focus();
    else location.assign(`${body.dataset.home}search/index.html`);
  });
  if (!finder) return;
  const words = JSON.parse(finder.dataset.words);
  const say = (text) => { document.getElementById("search-status").textContent = text; };
  let started = false;
  const start = async () => {
    if (started) return;
    started = true;
    // A page that was opened as a file may not read its neighbours.
    if (location.protocol === "file:") { say(words.search_needs_http); return; }
    try { (await import(script)).mount(finder); } catch { started = false; say(words.search_failed); }
  };
  if (finder.hasAttribute("data-whole")) start();
  else {
    // A phone opens no keyboard where a page puts the cursor: who types there taps first, and reads until then.
    const keys = matchMedia("(hover: hover)").matches;
    field.addEventListener(keys ? "focus" : "pointerdown", start);
    field.addEventListener("input", start);
    if (field.value || (keys && document.activeElement === field)) start();
  }
})();
