// Replays drawn characters: as fast as they were written, or stroke by stroke. The strokes are those
// of the picture in the page; where motion is unwelcome a whole stroke appears at a time.

const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
const CALM_MS = 700;
const SHARPNESS = 2;

function readStrokes(paper) {
  return [...paper.querySelectorAll("polyline")].map((line) => {
    const times = line.dataset.times.split(" ").map(Number);
    const places = line.getAttribute("points").split(" ");
    return places.map((place, index) => [...place.split(",").map(Number), times[index]]);
  });
}

class Replay {
  constructor(figure) {
    this.figure = figure;
    this.paper = figure.querySelector("svg.paper");
    this.strokes = readStrokes(this.paper);
    this.box = this.paper.viewBox.baseVal;
    this.shown = this.strokes.length;
    this.run = 0;
    this.canvas = document.createElement("canvas");
    this.canvas.className = "paper";
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", this.paper.getAttribute("aria-label"));
    this.output = figure.querySelector("output");
    const side = this.paper.getBoundingClientRect().width;
    this.canvas.width = this.canvas.height = Math.round(side * SHARPNESS);
    this.paper.replaceWith(this.canvas);
    const steps = figure.querySelector(".steps");
    steps.hidden = false;
    steps.addEventListener("click", (event) => this.press(event.target.dataset.do));
    this.draw(Infinity);
  }

  press(what) {
    if (what === "play") this.play();
    if (what === "back") this.stepTo(Math.max(0, this.shown - 1));
    if (what === "forward") this.stepTo(Math.min(this.strokes.length, this.shown + 1));
  }

  stepTo(count) {
    this.run += 1;
    this.shown = count;
    this.draw(Infinity);
    this.output.textContent = `${count} / ${this.strokes.length}`;
  }

  play() {
    this.run += 1;
    const run = this.run;
    this.shown = this.strokes.length;
    this.output.textContent = "";
    if (calm.matches) {
      this.playCalmly(run, 1);
      return;
    }
    const begin = performance.now();
    const end = this.strokes.at(-1).at(-1)[2];
    const frame = (now) => {
      if (run !== this.run) return;
      this.draw(now - begin);
      if (now - begin < end) requestAnimationFrame(frame);
      else this.output.textContent = `${this.shown} / ${this.strokes.length}`;
    };
    requestAnimationFrame(frame);
  }

  playCalmly(run, count) {
    if (run !== this.run || count > this.strokes.length) return;
    this.shown = count;
    this.draw(Infinity);
    this.output.textContent = `${count} / ${this.strokes.length}`;
    window.setTimeout(() => this.playCalmly(run, count + 1), CALM_MS);
  }

  draw(until) {
    const pen = this.canvas.getContext("2d");
    const scale = this.canvas.width / this.box.width;
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    pen.strokeStyle = getComputedStyle(this.canvas).color;
    pen.lineWidth = 2.5 * SHARPNESS;
    pen.lineCap = pen.lineJoin = "round";
    for (const stroke of this.strokes.slice(0, this.shown)) {
      pen.beginPath();
      for (const [x, y, time] of stroke) {
        if (time > until) break;
        pen.lineTo((x - this.box.x) * scale, (y - this.box.y) * scale);
      }
      pen.stroke();
    }
  }
}

for (const figure of document.querySelectorAll("[data-ink]")) {
  if (figure.querySelector("polyline")) new Replay(figure);
}
