// Pointing at a value in the list shows its box on the page, and the other way round.

const spots = [...document.querySelectorAll("[data-spot]")];

function mark(number, beside) {
  for (const spot of spots) {
    if (spot.dataset.spot === number) spot.classList.toggle("beside", beside);
  }
}

for (const spot of spots) {
  for (const kind of ["pointerenter", "focus"]) {
    spot.addEventListener(kind, () => mark(spot.dataset.spot, true));
  }
  for (const kind of ["pointerleave", "blur"]) {
    spot.addEventListener(kind, () => mark(spot.dataset.spot, false));
  }
}
