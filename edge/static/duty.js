// Somebody who types is there: the log-in is kept while keys or the pointer move, and the page is
// looked at again now and then, so that the warning before a log-out is seen in time.

import { post, refresh } from "./content.js";

const TOUCH = 20_000, LOOK = 10_000;

export function keepDuty() {
  let touched = Date.now();
  const there = () => {
    if (document.getElementById("main").dataset.loggedIn !== "true" || Date.now() - touched < TOUCH) return;
    touched = Date.now();
    post("touch", {}).catch(() => {});
  };
  document.addEventListener("keydown", there);
  document.addEventListener("pointerdown", there);
  setInterval(() => {
    if (document.visibilityState === "visible") refresh();
  }, LOOK);
}
