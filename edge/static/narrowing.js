// Conditions without a keyboard: kana, parts and a stepper to press; each change asks at once.

import { say } from "./content.js";

const SOON = 250; // ms: who presses three kana wants one search
const SMALL = "あぁいぃうぅえぇおぉつっやゃゆゅよょわゎ";
const VOICED = ["\u3099", "\u309A"];
const armed = new WeakSet();
let timer = null;

export function armNarrowing(sheet) {
  const form = document.querySelector("form[data-auto]");
  if (!form || armed.has(form)) return;
  armed.add(form);
  for (const one of form.querySelectorAll("[hidden]")) one.hidden = false;
  form.addEventListener("change", () => ask(form));
  form.addEventListener("click", (event) => {
    const { kana, part, step } = (event.target.closest("button") || form).dataset;
    if (kana) set(form, "reading", spelled(form.elements.reading.value, kana));
    else if (part) set(form, "part", toggled(form.elements.part.value, part));
    else if (step) set(form, "strokes", stepped(form.elements.strokes.value, Number(step), sheet.strokes.length));
  });
}

function set(form, name, value) {
  form.elements[name].value = value;
  say(value);
  ask(form);
}

function ask(form) {
  clearTimeout(timer);
  timer = setTimeout(() => { if (form.isConnected) form.requestSubmit(); }, SOON);
}

function toggled(parts, part) {
  return parts.includes(part) ? parts.replace(part, "") : parts + part;
}

// Begins at the number of strokes that were drawn.
function stepped(text, step, drawn) {
  const now = parseInt(text, 10);
  if (Number.isNaN(now)) return String(Math.max(drawn, 1));
  return String(Math.min(Math.max(now + step, 1), 99));
}

function spelled(reading, key) {
  const last = reading.slice(-1), before = reading.slice(0, -1);
  if (key === "clear") return "";
  if (key === "back") return before;
  if (key === "voiced") return last ? before + voiced(last) : reading;
  if (key === "small") return last ? before + small(last) : reading;
  return reading + key;
}

// は ば ぱ は ...: the next of the forms that exist.
function voiced(kana) {
  const plain = kana.normalize("NFD")[0];
  const forms = [plain, ...VOICED.map((mark) => (plain + mark).normalize("NFC")).filter((one) => one.length === 1)];
  return forms[(forms.indexOf(kana) + 1) % forms.length];
}

function small(kana) {
  const at = SMALL.indexOf(kana);
  return at < 0 ? kana : SMALL[at ^ 1];
}
