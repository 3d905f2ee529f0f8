// Keeps a page in touch with the unit: live ink, the browser's pen, and fresh content after a change.
"use strict";

(() => {
  const SAMPLE = 7, HEAD = 8;
  let socket = null, strokes = [], painted = false, last = null, change = -1;

  const pad = () => document.getElementById("pad");
  const send = (message) => {
    if (socket && socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  };

  function connect() {
    socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/socket`);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => { announce(); };
    socket.onmessage = (event) => {
      if (typeof event.data === "string") heard(JSON.parse(event.data));
      else ink(new DataView(event.data));
    };
    socket.onclose = () => setTimeout(connect, 1000);
  }

  function heard(message) {
    if (message.type !== "changed" || message.version === change) return;
    const first = change === -1;
    change = message.version;
    if (!first) refresh();
  }

  async function refresh() {
    const busy = document.activeElement && document.activeElement.closest("main input, main select");
    const answer = await fetch("/fragment");
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
    const held = document.querySelector("main");
    if (busy && fresh.dataset.state === held.dataset.state) return;
    if (fresh.isEqualNode(held)) return;
    const canvas = pad();
    held.replaceWith(document.adoptNode(fresh));
    if (pad() && canvas) pad().replaceWith(canvas);
    else { announce(); repaint(); }
  }

  function ink(view) {
    const number = view.getUint32(4, true);
    if (view.getUint8(1) & 1) { strokes = []; last = null; repaint(); }
    for (let at = HEAD; at < view.byteLength; at += SAMPLE) {
      const flags = view.getUint8(at + 6);
      const point = { x: view.getUint16(at, true) / 65535, y: view.getUint16(at + 2, true) / 65535,
                      p: view.getUint16(at + 4, true) / 65535 };
      if (!(flags & 1) || flags & 4) last = null;
      if (flags & 1) {
        if (last === null) strokes.push([]);
        strokes[strokes.length - 1].push(point);
        last = point;
      }
    }
    if (!painted) {
      painted = true;
      requestAnimationFrame(() => { painted = false; repaint(); send({ type: "ack", frame: number }); });
    } else send({ type: "ack", frame: number });
  }

  function repaint() {
    const canvas = pad();
    if (!canvas) return;
    const brush = canvas.getContext("2d");
    brush.clearRect(0, 0, canvas.width, canvas.height);
    brush.lineCap = brush.lineJoin = "round";
    for (const stroke of strokes) {
      for (let i = 1; i < stroke.length; i += 1) {
        brush.lineWidth = 2 + 8 * stroke[i].p;
        brush.beginPath();
        brush.moveTo(stroke[i - 1].x * canvas.width, stroke[i - 1].y * canvas.height);
        brush.lineTo(stroke[i].x * canvas.width, stroke[i].y * canvas.height);
        brush.stroke();
      }
    }
  }

  function announce() {
    const canvas = pad(), main = document.querySelector("main");
    if (!canvas || !main || main.dataset.browserPen !== "true") return;
    const box = canvas.getBoundingClientRect();
    send({ type: "pad", width: box.width, height: box.height });
    for (const type of ["pointerdown", "pointermove", "pointerup", "pointercancel", "pointerleave"]) {
      canvas.addEventListener(type, pointer);
    }
  }

  function pointer(event) {
    const box = event.currentTarget.getBoundingClientRect();
    if (event.type === "pointerdown") event.currentTarget.setPointerCapture(event.pointerId);
    const point = (e) => ({ x: e.clientX - box.left, y: e.clientY - box.top, pressure: e.pressure,
                            tiltX: e.tiltX, tiltY: e.tiltY, timeStamp: e.timeStamp });
    const coalesced = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
    send({ type: "pen", events: [{ type: event.type, pointerType: event.pointerType,
           pointerId: event.pointerId, ...point(event), coalesced: coalesced.map(point) }] });
    event.preventDefault();
  }

  connect();
})();
