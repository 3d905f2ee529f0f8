// Answers as they come, keys to move among them, copying a citation. Without script the forms do.
// A question is sent by POST and kept nowhere in this browser.

const form = document.getElementById("ask");
const box = document.getElementById("answers");
const said = document.getElementById("said");
const keysOn = document.getElementById("keys-on");
const KEYS = "precedents-keys-off";
let asking = null;

function showScripted(part) {
  for (const button of part.querySelectorAll("[data-copy], [data-print]")) button.hidden = false;
}

function say(text) {
  said.textContent = "";
  said.textContent = text;
}

function place(html, stage) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const held = box.contains(document.activeElement) ? document.activeElement.closest(".answer") : null;
  const citation = held?.dataset.citation;
  const open = new Set([...box.querySelectorAll("details.context[open]")].map((one) => one.closest(".answer").dataset.citation));
  box.replaceChildren(...fresh.body.childNodes);
  for (const answer of box.querySelectorAll(".answer")) {
    if (open.has(answer.dataset.citation)) answer.querySelector("details.context").open = true;
    if (answer.dataset.citation === citation) answer.focus({ preventScroll: true });
  }
  box.dataset.stage = stage;
  showScripted(box);
}

async function* lines(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const parts = (rest + value).split("\n");
    rest = parts.pop();
    yield* parts.filter(Boolean);
  }
}

async function ask(data) {
  asking?.abort();
  const mine = new AbortController();
  asking = mine;
  box.setAttribute("aria-busy", "true");
  box.dataset.stage = "asking";
  say(said.dataset.asking);
  try {
    const response = await fetch(form.dataset.answers, { method: "POST", body: new URLSearchParams(data), signal: mine.signal });
    if (response.redirected || !response.ok) throw new Error("refused");
    for await (const line of lines(response.body)) {
      const { stage, html } = JSON.parse(line);
      if (stage !== "done") place(html, stage);
    }
    const section = box.querySelector("[data-count]");
    if (section !== null) say("nothing" in section.dataset ? said.dataset.none : said.dataset.answers.replace("#", section.dataset.count));
    box.dataset.stage = "done";
  } catch (error) {
    if (error.name === "AbortError") return;
    const note = document.createElement("p");
    note.className = "note note-bad";
    note.setAttribute("role", "alert");
    note.textContent = form.dataset.failed;
    box.replaceChildren(note);
  } finally {
    if (asking === mine) box.setAttribute("aria-busy", "false");
  }
}

async function judge(button) {
  const verdict = document.getElementById("verdict");
  const data = new FormData(verdict);
  data.set("verdict", button.value);
  const response = await fetch(verdict.action, { method: "POST", body: new URLSearchParams(data), headers: { Accept: "application/json" } });
  if (!response.ok) return say(form.dataset.failed);
  for (const other of button.parentElement.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button));
  say(said.dataset.kept);
}

function copy(text) {
  const hidden = document.createElement("textarea");
  const held = document.activeElement;
  hidden.value = text;
  document.body.append(hidden);
  hidden.select();
  const done = navigator.clipboard ? navigator.clipboard.writeText(text) : Promise.resolve(document.execCommand("copy"));
  hidden.remove();
  held?.focus({ preventScroll: true });
  done.then(() => say(`${said.dataset.copied} ${text}`)).catch(() => {});
}

function move(step) {
  const answers = [...box.querySelectorAll(".answer")];
  const at = answers.indexOf(document.activeElement.closest?.(".answer"));
  const next = answers[at < 0 ? (step > 0 ? 0 : answers.length - 1) : at + step];
  if (next) next.focus();
  else if (step < 0) document.getElementById("question").focus();
}

function isTyping(element) {
  return element.matches?.("input, textarea, select") ?? false;
}

function onKey(event) {
  if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  const target = event.target;
  if (target.id === "question") {
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "ArrowDown" && target.selectionStart === target.value.length && box.querySelector(".answer")) {
      event.preventDefault();
      move(1);
    }
    return;
  }
  if (isTyping(target) || (keysOn !== null && !keysOn.checked)) return;
  const answer = target.closest?.(".answer");
  if (event.key === "/") document.getElementById("question").focus();
  else if (event.key === "ArrowDown" && (answer || target === document.body)) move(1);
  else if (event.key === "ArrowUp" && answer) move(-1);
  else if (event.key === "Enter" && target === answer) answer.querySelector("a.open").click();
  else if (event.key === "c" && answer) copy(answer.dataset.citation);
  else return;
  event.preventDefault();
}

if (form !== null) {
  document.addEventListener("keydown", onKey);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const by = event.submitter;
    const data = new FormData(form);
    if (by?.name === "narrow") {
      form.elements.namedItem("law").value = by.value;
      form.querySelector(".narrow-by").open = true;
      data.set("law", by.value);
    }
    if (by?.name === "top") data.set("top", by.value);
    if (String(data.get("question")).trim()) ask(data);
  });
  document.getElementById("verdict").addEventListener("submit", (event) => {
    event.preventDefault();
    judge(event.submitter).catch(() => say(form.dataset.failed));
  });
  keysOn.checked = localStorage.getItem(KEYS) === null;
  keysOn.addEventListener("change", () => (keysOn.checked ? localStorage.removeItem(KEYS) : localStorage.setItem(KEYS, "off")));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy], [data-print]");
  if (button?.dataset.copy) copy(button.dataset.copy);
  else if (button) window.print();
});
showScripted(document);
