"use strict";
// Search on the home page and copy buttons. Without this script every page still shows everything.
(() => {
  const body = document.body;
  for (const button of document.querySelectorAll(".copy")) {
    if (!navigator.clipboard) break;
    button.classList.add("ready");
    button.addEventListener("click", async () => {
      const label = button.textContent;
      await navigator.clipboard.writeText(button.nextElementSibling.textContent);
      button.textContent = body.dataset.copied;
      setTimeout(() => { button.textContent = label; }, 1500);
    });
  }
  const field = document.getElementById("search");
  const results = document.getElementById("results");
  if (!field || !results) return;
  const all = results.innerHTML;
  let index = null;
  const load = () => (index ??= fetch(body.dataset.index).then((reply) => reply.json()));
  const element = (name, text, className) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    if (className) made.className = className;
    return made;
  };
  const card = (entry) => {
    const item = element("li", "", "card");
    const heading = element("h3");
    const link = element("a", entry.name);
    link.href = body.dataset.home + entry.url;
    heading.append(link, " ", element("span", entry.version, "number"));
    const meta = element("p", "", "meta");
    if (entry.author) meta.append(element("span", entry.author));
    for (const tag of entry.tags) meta.append(element("span", tag, "chip"));
    item.append(heading, element("p", entry.description), meta);
    return item;
  };
  const score = (entry, words) => {
    let total = 0;
    for (const word of words) {
      if (!entry.text.includes(word)) return 0;
      total += entry.name.startsWith(word) ? 3 : entry.name.includes(word) ? 2 : 1;
    }
    return total;
  };
  let turn = 0;
  const search = async () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const mine = ++turn;
    if (!words.length) { results.innerHTML = all; return; }
    const entries = await load();
    if (mine !== turn) return;
    const found = entries.map((entry) => [score(entry, words), entry]).filter(([points]) => points);
    found.sort((a, b) => b[0] - a[0] || (a[1].name < b[1].name ? -1 : 1));
    results.replaceChildren(...found.slice(0, 60).map(([, entry]) => card(entry)));
    if (!found.length) results.append(element("li", body.dataset.nothing));
  };
  field.addEventListener("focus", load, { once: true });
  field.addEventListener("input", search);
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== field) { event.preventDefault(); field.focus(); }
    if (event.key === "Escape" && document.activeElement === field) { field.value = ""; search(); }
  });
  field.value = new URLSearchParams(location.search).get("q") ?? field.value;
  if (field.value) search();
})();
