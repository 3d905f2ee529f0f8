// What the unit sends as a page: fetched after each change and each action, and morphed in.

import { isDirty, know, morph } from "./morph.js";
import { sayLost } from "./line.js";

let ready = () => {}, asking = false, again = false;
const repeats = new WeakMap(); // of each form: presses that came while it was under way

export function setup(enhance) {
  ready = () => {
    for (const control of document.querySelectorAll("select")) know(control);
    enhance(document.getElementById("main"));
  };
  ready();
  entitle(document.title);
}

function entitle(title) {
  const heading = document.querySelector("main h1");
  document.title = heading ? `${heading.textContent.trim()} — ${title}` : title;
}

// One request at a time; changes that come meanwhile make one more.
export async function refresh() {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  try {
    do {
      again = false;
      const answer = await fetch("/", { cache: "no-store" });
      if (answer.status === 403) sayLost(true, "unbound");
      else if (answer.ok) show(await answer.text());
    } while (again);
  } catch {
    // the line says that the connection is lost, and refreshes when it is back
  } finally {
    asking = false;
  }
}

export async function post(name, fields) {
  return fetch(`/actions/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": document.body.dataset.csrf },
    body: JSON.stringify(fields),
  });
}

// A form without a reload: what it posts is the same, and the answer is the page.
export async function onSubmit(event) {
  const form = event.target, button = event.submitter;
  if (form.getAttribute("method") !== "post" || event.defaultPrevented) return;
  event.preventDefault();
  if (form.getAttribute("aria-busy") === "true") {
    if (form.hasAttribute("data-repeats")) repeats.set(form, (repeats.get(form) || 0) + 1);
    return;
  }
  const action = (button && button.getAttribute("formaction")) || form.getAttribute("action");
  const fields = new URLSearchParams(new FormData(form, button));
  form.setAttribute("aria-busy", "true");
  if (form.hasAttribute("data-reset")) form.reset(); // what is secret stays in no field, answer or none
  const waiting = form.dataset.busy && note(form);
  try {
    const answer = await fetch(action, { method: "POST", body: fields });
    if (answer.status === 403) sayLost(true, "unbound");
    clean(form);
    form.removeAttribute("aria-busy");
    if (answer.ok) show(await answer.text(), button);
  } catch {
    sayLost(true);
  } finally {
    form.removeAttribute("aria-busy");
    if (waiting) waiting.remove();
  }
  const left = repeats.get(form) || 0;
  if (left === 0 || !form.isConnected) return;
  repeats.set(form, left - 1);
  form.requestSubmit();
}

// What takes a while says so where it was pressed.
function note(form) {
  const words = document.createElement("p");
  words.className = "note note-plain";
  words.textContent = form.dataset.busy;
  form.append(words);
  say(form.dataset.busy);
  return words;
}

// What was posted is no longer half-typed: the unit's answer may replace it.
function clean(form) {
  for (const control of form.elements) {
    if (control.localName === "select") know(control, control.value);
    else if (isDirty(control) && control.type !== "radio" && control.type !== "checkbox") {
      control.defaultValue = control.value;
    }
  }
}

export function say(words) {
  const place = document.getElementById("said");
  if (place.textContent !== words) place.textContent = words;
}

function show(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const fresh = page.getElementById("main"), held = document.getElementById("main");
  if (!fresh) return;
  document.documentElement.lang = page.documentElement.lang;
  document.documentElement.dataset.text = page.documentElement.dataset.text;
  morph(document.getElementById("bar"), page.getElementById("bar"));
  for (const id of ["lost"]) morph(document.getElementById(id), page.getElementById(id));
  const moved = ["state", "visit", "target"].some((name) => fresh.dataset[name] !== held.dataset[name]);
  const focused = document.querySelector("[data-focus]")?.dataset.focus;
  if (moved) held.replaceWith(document.adoptNode(fresh));
  else morph(held, fresh);
  ready();
  entitle(page.title);
  if (moved) arrive();
  else follow(focused);
}

// A new step: begin at its heading, as a new page would.
function arrive() {
  const heading = document.querySelector("main h1");
  if (!heading) return;
  if (document.getElementById("pad")) heading.scrollIntoView();
  else window.scrollTo(0, 0);
  heading.focus({ preventScroll: true });
}

function follow(before) {
  const now = document.querySelector("[data-focus]");
  if (now && now.dataset.focus !== before) now.focus();
}
