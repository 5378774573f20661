"use strict";
// Copy buttons, `/` for the search, and the search itself once it is wanted. Every page shows everything without this.
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
  const root = document.querySelector("[data-search]");
  const field = root?.querySelector("input[type=search]");
  const script = new URL("search.js", document.currentScript.src);
  document.addEventListener("keydown", (event) => {
    const typing = /^(input|textarea|select)$/i.test(document.activeElement?.tagName ?? "");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (field) field.focus();
    else location.assign(`${body.dataset.home}search/index.html`);
  });
  if (!root) return;
  const words = JSON.parse(root.dataset.words);
  const say = (text) => { document.getElementById("search-status").textContent = text; };
  let started = false;
  const start = async () => {
    if (started) return;
    started = true;
    // A page that was opened as a file may not read its neighbours.
    if (location.protocol === "file:") { say(words.search_needs_http); return; }
    try { (await import(script)).mount(root); } catch { started = false; say(words.search_failed); }
  };
  if (root.hasAttribute("data-whole")) start();
  else {
    field.addEventListener("focus", start);
    field.addEventListener("input", start);
    if (field.value || document.activeElement === field) start();
  }
})();
