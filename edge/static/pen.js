// The pointer over the canvas as a tablet of the unit: announced by its size, then fed with events.

const TYPES = ["pointerdown", "pointermove", "pointerup", "pointercancel", "pointerleave"];

export class PenSource {
  constructor(line, sheet) {
    this.line = line;
    this.sheet = sheet;
    this.size = null; // what was announced; a page that is resized meanwhile is scaled to it
    this.armed = null;
  }

  arm(wanted) {
    const canvas = wanted ? this.sheet.canvas : null;
    if (canvas === this.armed) return;
    this.armed = canvas;
    this.size = null;
    if (!canvas) return;
    for (const type of TYPES) canvas.addEventListener(type, (event) => this.pointer(event));
    this.announce();
  }

  announce() {
    if (!this.armed) return;
    const box = this.armed.getBoundingClientRect();
    if (this.size === null || this.sheet.strokes.length === 0) this.size = [box.width, box.height];
    this.line.send({ type: "pad", width: this.size[0], height: this.size[1] });
  }

  pointer(event) {
    const canvas = event.currentTarget, box = canvas.getBoundingClientRect();
    if (event.type === "pointerdown") {
      if (event.button !== 0) return;
      if (this.sheet.strokes.length === 0 && this.size && Math.abs(box.width - this.size[0]) > 1) this.announce();
      canvas.setPointerCapture(event.pointerId);
    }
    const [width, height] = this.size || [box.width, box.height];
    const point = (one) => ({
      x: ((one.clientX - box.left) * width) / box.width,
      y: ((one.clientY - box.top) * height) / box.height,
      pressure: one.pressure,
      tiltX: one.tiltX,
      tiltY: one.tiltY,
      timeStamp: one.timeStamp,
    });
    const coalesced = event.type === "pointermove" && event.getCoalescedEvents ? event.getCoalescedEvents() : [];
    const { type, pointerType, pointerId } = event;
    this.line.send({
      type: "pen",
      events: [{ type, pointerType, pointerId, ...point(event), coalesced: coalesced.map(point) }],
    });
    event.preventDefault();
  }
}
