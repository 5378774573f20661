"use strict";
// Follows the project: reloads when there is news, keeps what was typed, and asks for runs.
const meta = (name) => document.querySelector(`meta[name=puppy-${name}]`).content;
const form = document.querySelector("#run");
let running = false;
let stale = false;

function reload() {
  if (running) { stale = true; return; }
  if (form) {
    const active = document.activeElement;
    const typed = Object.fromEntries(new FormData(form));
    sessionStorage.setItem("typed", JSON.stringify({ typed, focus: active && active.form === form ? active.name : "" }));
  }
  location.reload();
}

function restore() {
  const kept = JSON.parse(sessionStorage.getItem("typed") || "{}");
  for (const [name, value] of Object.entries(kept.typed || {})) {
    const field = form.elements.namedItem(name);
    if (field) { field.value = value; }
  }
  const field = kept.focus && form.elements.namedItem(kept.focus);
  if (field) { field.focus({ preventScroll: true }); }
}

async function run(event) {
  event.preventDefault();
  const outcome = document.querySelector("#outcome");
  const button = form.querySelector("button");
  const typed = [...new FormData(form)];
  const inputs = Object.fromEntries(typed.filter(([name]) => name.startsWith("input:")).map(([name, value]) => [name.slice(6), value]));
  running = true;
  button.disabled = true;
  outcome.className = "";
  outcome.textContent = "It runs …";
  try {
    const answer = await fetch("/run", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Puppy-Token": meta("token") },
      body: JSON.stringify({ inputs, provider: form.elements.namedItem("provider").value }),
    });
    if (answer.ok) {
      stale = true;
    } else {
      const told = answer.headers.get("Content-Type") === "application/json" ? await answer.json() : { error: await answer.text() };
      outcome.className = "error";
      outcome.textContent = told.help ? `${told.error} (${told.help})` : told.error;
    }
  } catch {
    outcome.className = "error";
    outcome.textContent = "puppy-cli dev does not answer any more.";
  }
  running = false;
  button.disabled = false;
  if (stale) { reload(); }
}

if (form) {
  restore();
  form.addEventListener("submit", run);
}
new EventSource(`/news?after=${meta("number")}`).addEventListener("message", reload);
