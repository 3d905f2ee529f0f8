// Draws the strokes of each drawn character as they were written, in their own time.
"use strict";
const MARGIN = 0.1;

function bounds(strokes) {
  const points = strokes.flat();
  const xs = points.map((point) => point[0]);
  const ys = points.map((point) => point[1]);
  const size = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys), 1);
  return { left: Math.min(...xs), top: Math.min(...ys), size };
}

function draw(canvas, strokes, until) {
  const pen = canvas.getContext("2d");
  const box = bounds(strokes);
  const scale = (canvas.width * (1 - 2 * MARGIN)) / box.size;
  const place = ([x, y]) => [
    canvas.width * MARGIN + (x - box.left) * scale,
    canvas.height * MARGIN + (y - box.top) * scale,
  ];
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.lineWidth = canvas.width / 60;
  pen.lineCap = pen.lineJoin = "round";
  for (const stroke of strokes) {
    pen.beginPath();
    stroke.filter((point) => point[2] <= until).forEach((point, index) => {
      const [x, y] = place(point);
      if (index === 0) pen.moveTo(x, y);
      pen.lineTo(x, y);
    });
    pen.stroke();
  }
}

function play(canvas, strokes) {
  const end = Math.max(...strokes.flat().map((point) => point[2]));
  const begin = performance.now();
  const step = (now) => {
    draw(canvas, strokes, now - begin);
    if (now - begin < end) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}

async function show(container) {
  const response = await fetch(container.dataset.ink, { headers: { Accept: "application/json" } });
  if (!response.ok) return;
  for (const drawing of (await response.json()).drawings) {
    if (drawing.strokes.length === 0) continue;
    const figure = document.createElement("figure");
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 480;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${container.dataset.label} ${drawing.picked.text}`);
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = container.dataset.play;
    button.addEventListener("click", () => play(canvas, drawing.strokes));
    const caption = document.createElement("figcaption");
    caption.textContent = `${drawing.picked.text} ${drawing.picked.id}`;
    figure.append(canvas, caption, button);
    container.append(figure);
    draw(canvas, drawing.strokes, Infinity);
  }
}

document.querySelectorAll("[data-ink]").forEach(show);
