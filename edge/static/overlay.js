// One's own ink over the glyphs to choose from, so that the two can be compared.

const SVG = "http://www.w3.org/2000/svg", SIDE = 1000;

export class Overlay {
  constructor(sheet) {
    this.sheet = sheet;
    this.on = false;
    sheet.drawn = () => { if (this.on) this.paint(); };
  }

  arm() {
    for (const button of document.querySelectorAll("[data-overlay]")) {
      button.hidden = false;
      button.setAttribute("aria-pressed", String(this.on));
      button.onclick = () => {
        this.on = !this.on;
        button.setAttribute("aria-pressed", String(this.on));
        this.paint();
      };
    }
    this.paint();
  }

  paint() {
    const ink = this.on ? written(this.sheet) : null;
    document.documentElement.classList.toggle("ink-over", ink !== null);
    for (const figure of document.querySelectorAll(".figure[data-box]")) {
      const place = figure.querySelector(".own-ink");
      place.replaceChildren(...(ink ? [laid(ink, figure.dataset.box.split(" ").map(Number))] : []));
    }
  }
}

// The strokes in one measure for both axes, and the box around them; null while there are none.
function written(sheet) {
  const canvas = sheet.canvas;
  if (!canvas || sheet.strokes.length === 0) return null;
  const aspect = canvas.width / canvas.height || 1;
  const strokes = sheet.strokes.map((stroke) => stroke.map(([x, y]) => [x * aspect, y]));
  const all = strokes.flat(), xs = all.map(([x]) => x), ys = all.map(([, y]) => y);
  const low = (values) => values.reduce((a, b) => Math.min(a, b)), high = (values) => values.reduce((a, b) => Math.max(a, b));
  return { strokes, left: low(xs), top: low(ys), width: high(xs) - low(xs), height: high(ys) - low(ys) };
}

// The ink as large as the glyph and on the same middle; its proportions stay the hand's.
function laid(ink, [left, top, right, bottom]) {
  const width = 1 - left - right, height = 1 - top - bottom;
  const scale = SIDE * Math.max(width, height) / (Math.max(ink.width, ink.height) || 1);
  const x0 = SIDE * (left + width / 2) - scale * (ink.left + ink.width / 2);
  const y0 = SIDE * (top + height / 2) - scale * (ink.top + ink.height / 2);
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", `0 0 ${SIDE} ${SIDE}`);
  for (const name of ["own-ink-edge", "own-ink-line"]) {
    for (const stroke of ink.strokes) {
      const line = document.createElementNS(SVG, "polyline");
      line.setAttribute("class", name);
      line.setAttribute("points", stroke.map(([x, y]) => `${(x0 + scale * x).toFixed(1)},${(y0 + scale * y).toFixed(1)}`).join(" "));
      picture.append(line);
    }
  }
  return picture;
}
