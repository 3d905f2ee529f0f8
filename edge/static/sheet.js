// The ink on the canvas: frames of the unit in, one paint per animation frame out.

const SAMPLE = 7, HEAD = 8, FULL = 65535;
const ANEW = 1, CONTACT = 1, GAP = 4;
const THIN = 0.004, THICK = 0.014; // width of a line in heights of the pad, by pressure

export class Sheet {
  constructor() {
    this.canvas = null;
    this.aspect = null;
    this.strokes = [];
    this.painted = [0, 1]; // stroke and point up to which the canvas is painted
    this.down = false;
    this.waiting = false;
    this.drawn = () => {}; // told when ink was painted or taken away
    this.numbers = [];
    this.watcher = new ResizeObserver(() => this.fit());
  }

  show(canvas) {
    if (canvas === this.canvas) return;
    if (this.canvas) this.watcher.unobserve(this.canvas);
    this.canvas = canvas;
    if (canvas) {
      this.watcher.observe(canvas);
      this.fit();
      this.words();
    }
  }

  // As sharp as the display, in the shape of the tablet that writes.
  fit() {
    const canvas = this.canvas;
    if (!canvas) return;
    const foreign = document.getElementById("main").dataset.browserPen !== "true";
    const shaped = this.aspect && (foreign || this.strokes.length > 0);
    canvas.style.aspectRatio = shaped ? String(this.aspect) : "";
    const box = canvas.getBoundingClientRect(), ratio = window.devicePixelRatio || 1;
    const width = Math.round(box.width * ratio), height = Math.round(box.height * ratio);
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    this.painted = [0, 1];
    this.soon();
  }

  take(buffer, acknowledge) {
    const view = new DataView(buffer), before = this.strokes.length;
    const anew = Boolean(view.getUint8(1) & ANEW);
    if (anew) {
      this.strokes = [];
      this.painted = [0, 1];
      this.down = false;
    }
    for (let at = HEAD; at < view.byteLength; at += SAMPLE) this.add(view, at);
    this.numbers.push([acknowledge, view.getUint32(4, true)]);
    this.soon();
    if (this.strokes.length !== before || anew) this.words();
    if ((this.strokes.length === 0) !== (before === 0)) this.fit();
  }

  add(view, at) {
    const flags = view.getUint8(at + 6);
    if (!(flags & CONTACT) || flags & GAP) this.down = false;
    if (!(flags & CONTACT)) return;
    if (!this.down) this.strokes.push([]);
    this.down = true;
    this.strokes[this.strokes.length - 1].push([
      view.getUint16(at, true) / FULL,
      view.getUint16(at + 2, true) / FULL,
      view.getUint16(at + 4, true) / FULL,
    ]);
  }

  soon() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.paint();
      this.drawn();
      const last = this.numbers.pop();
      this.numbers = [];
      if (last) last[0](last[1]);
    });
  }

  paint() {
    const canvas = this.canvas;
    if (!canvas) return;
    const brush = canvas.getContext("2d");
    if (this.painted[0] === 0 && this.painted[1] === 1) brush.clearRect(0, 0, canvas.width, canvas.height);
    brush.lineCap = brush.lineJoin = "round";
    brush.strokeStyle = brush.fillStyle = getComputedStyle(canvas).color;
    let [stroke, point] = this.painted;
    for (; stroke < this.strokes.length; stroke += 1, point = 1) {
      const points = this.strokes[stroke];
      if (point === 1) this.dot(brush, points[0]);
      for (; point < points.length; point += 1) this.segment(brush, points[point - 1], points[point]);
      if (stroke === this.strokes.length - 1) break;
    }
    this.painted = [stroke, point];
  }

  dot(brush, [x, y, pressure]) {
    brush.beginPath();
    brush.arc(x * this.canvas.width, y * this.canvas.height, this.width(pressure) / 2, 0, 2 * Math.PI);
    brush.fill();
  }

  segment(brush, from, to) {
    brush.lineWidth = this.width(to[2]);
    brush.beginPath();
    brush.moveTo(from[0] * this.canvas.width, from[1] * this.canvas.height);
    brush.lineTo(to[0] * this.canvas.width, to[1] * this.canvas.height);
    brush.stroke();
  }

  width(pressure) {
    return this.canvas.height * (THIN + (THICK - THIN) * pressure);
  }

  // The same in words, for those who do not see it.
  words() {
    const place = document.getElementById("pad-words"), count = this.strokes.length;
    if (!place) return;
    const { none, one, many } = place.dataset;
    place.textContent = count === 0 ? none : count === 1 ? one : many.replace("{count}", count);
  }
}
