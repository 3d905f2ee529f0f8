// Looks for candidates after each stroke, and shows the shapes of one code point at a time.

import { post } from "./content.js";

const REST = 80; // ms without the pen before the drawing is looked at

export class Searching {
  constructor(sheet) {
    this.sheet = sheet;
    this.target = "";
    this.timer = null;
    this.asking = false;
    this.again = false;
    this.looked = ""; // the drawing that the candidates on the page are for
    sheet.changed = () => this.soon();
  }

  // `target`: which character of which name is drawn; false where none is.
  follow(target) {
    if (target === this.target) return;
    this.target = target;
    clearTimeout(this.timer);
    const already = document.getElementById("candidates")?.dataset.recognised === "true";
    this.looked = already ? "as loaded" : "";
    if (target && !already) this.soon();
  }

  soon() {
    clearTimeout(this.timer);
    if (this.sheet.strokes.length === 0) this.looked = "";
    if (!this.target || this.sheet.down || this.sheet.strokes.length === 0) return;
    const drawing = this.sheet.strokes.map((stroke) => stroke.length).join();
    if (this.looked === "as loaded") {
      this.looked = drawing;
      return;
    }
    if (drawing === this.looked) return;
    this.timer = setTimeout(() => this.look(drawing), REST);
  }

  async look(drawing) {
    if (this.asking) {
      this.again = true;
      return;
    }
    this.asking = true;
    try {
      const answer = await post("recognise", {});
      if (answer.ok) this.looked = drawing; // the unit's word of the change brings the candidates
    } catch {
      // the line says that the connection is lost; the next stroke asks again
    } finally {
      this.asking = false;
    }
    if (this.again) {
      this.again = false;
      this.soon();
    }
  }
}

let chosen = "0";

// The group that was pressed stays open while it is offered; the first one otherwise.
export function showGroups() {
  const slots = [...document.querySelectorAll("[data-slot]")];
  if (!slots.some((slot) => slot.dataset.slot === chosen)) chosen = "0";
  for (const slot of slots) {
    const open = slot.dataset.slot === chosen;
    slot.setAttribute("aria-expanded", String(open));
    document.getElementById(slot.getAttribute("aria-controls")).hidden = !open;
    slot.onclick = () => {
      chosen = slot.dataset.slot;
      showGroups();
      const shapes = document.getElementById(slot.getAttribute("aria-controls"));
      shapes.scrollIntoView({ block: "nearest" });
    };
  }
}
