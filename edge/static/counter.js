// Keeps a page in touch with its unit. Everything but the pen works without this file.

import { onSubmit, refresh, setup } from "./content.js";
import { Line } from "./line.js";
import { Sheet } from "./sheet.js";
import { PenSource } from "./pen.js";
import { armPinPad } from "./pin-pad.js";
import { Candidates } from "./candidates.js";
import { armNarrowing } from "./narrowing.js";
import { armForm } from "./filling.js";
import { keepDuty } from "./duty.js";

document.documentElement.classList.add("with-script");

const resident = document.body.dataset.page === "resident";
const sheet = new Sheet();
const candidates = new Candidates(sheet);
let change = Number(document.body.dataset.change); // what this page was made from

const line = new Line({
  opened: (again) => {
    pen.announce();
    if (again) refresh(); // a unit that was restarted counts its changes from the start
  },
  word: (message) => {
    if (message.type !== "changed") return;
    sheet.aspect = message.aspect;
    sheet.fit();
    if (change !== message.version) refresh();
    change = message.version;
  },
  ink: (frame) => sheet.take(frame, (number) => line.send({ type: "ack", frame: number })),
});
const pen = new PenSource(line, sheet);

setup((main) => {
  sheet.show(document.getElementById("pad"));
  candidates.arm();
  armNarrowing(sheet);
  if (resident) {
    pen.arm(main.dataset.browserPen === "true");
    armPinPad();
  } else {
    armForm();
  }
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.onclick = () => window.print();
  }
});

document.addEventListener("submit", onSubmit);
if (!resident) keepDuty();
line.open();
