// The candidates: reached with keys and numbers, opened large, laid under one's own ink.

import { Overlay } from "./overlay.js";

let byKey = false; // the last thing pressed was a key
let opened = false; // a candidate was opened, not drawn: only then the page may scroll
let goIn = false; // who opened a candidate with a key goes on among its shapes
let touched = null; // the slot under the pen and what stood in it when the pen came down

export class Candidates {
  constructor(sheet) {
    this.overlay = new Overlay(sheet);
    document.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("submit", (event) => {
      if (event.target.id !== "slots") return;
      opened = true;
      goIn = byKey;
    });
    document.addEventListener("keydown", () => { byKey = true; }, true);
    document.addEventListener("pointerdown", (event) => { byKey = false; touch(event.target); }, true);
    document.addEventListener("click", (event) => meant(event.target), true);
  }

  arm() {
    this.overlay.arm();
    const shapes = document.getElementById("shapes");
    if (!shapes || !opened) return;
    opened = false;
    if (goIn) shapes.querySelector(".shape").focus();
    shapes.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (event.defaultPrevented || event.altKey) return;
    if (event.target.closest("input, textarea, select")) return;
    const done = event.ctrlKey || event.metaKey ? erase(event) : this.move(event);
    if (done) event.preventDefault();
  }

  move(event) {
    const slots = [...document.querySelectorAll("[data-slot]")];
    if (slots.length === 0) return false;
    if (/^[0-9]$/.test(event.key)) return press(slots[(Number(event.key) + 9) % 10]);
    const here = event.target.closest("[data-slot], .shape");
    if (!here) return false;
    if (event.key === "Escape" && here.matches(".shape")) {
      return focus(slots.find((slot) => slot.getAttribute("aria-expanded") === "true"));
    }
    const among = here.matches(".shape") ? [...document.querySelectorAll("#shapes .shape")] : slots;
    return focus(next(among, here, event.key) || (event.key === "ArrowDown" && here.matches("[data-slot]")
      ? document.querySelector("#shapes .shape") : null));
  }
}

function touch(target) {
  const slot = target.closest("[data-slot]");
  touched = slot && { slot, name: slot.value };
}

// A result may arrive while the pen is down: what is opened is what the pen was put on.
function meant(target) {
  const slot = target.closest("[data-slot]");
  if (slot && touched && touched.slot === slot) slot.value = touched.name;
  touched = null;
}

function press(slot) {
  if (!slot) return false;
  slot.focus();
  slot.click();
  return true;
}

function focus(control) {
  if (!control) return false;
  control.focus();
  return true;
}

// The neighbour in the direction of an arrow: along the line, or the nearest on the next one.
function next(among, here, key) {
  const at = among.indexOf(here);
  if (key === "ArrowRight") return among[at + 1];
  if (key === "ArrowLeft") return among[at - 1];
  if (key !== "ArrowDown" && key !== "ArrowUp") return null;
  const box = here.getBoundingClientRect(), down = key === "ArrowDown" ? 1 : -1;
  const lines = among.map((one) => [one, one.getBoundingClientRect()]);
  const beyond = lines.filter(([, other]) => down * (other.top - box.top) > box.height / 2);
  const far = ([, other]) => Math.abs(other.top - box.top) * 8 + Math.abs(other.left - box.left);
  return beyond.sort((a, b) => far(a) - far(b)).map(([one]) => one)[0];
}

// The keys that everybody knows for taking back and putting back.
function erase(event) {
  const key = event.key.toLowerCase();
  const name = key === "y" || (key === "z" && event.shiftKey) ? "redo_stroke" : key === "z" ? "undo_stroke" : null;
  const button = name && document.querySelector(`form[action="/actions/${name}"] button:not([aria-disabled="true"])`);
  if (!button) return false;
  button.click();
  return true;
}
