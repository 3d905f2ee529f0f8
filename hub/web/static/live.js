// Keeps what is marked data-live fresh while the office works. Neither the focus nor typed text moves.
// A page that nobody touches rests, so that an unattended desk is logged out in time.

const SOON_MS = 300;
const IDLE_MS = 10 * 60 * 1000;
const wasPosted = /\/(open|accept|return|discard)$/.test(window.location.pathname);
const topics = wasPosted ? [] : (document.body.dataset.watch ?? "").split(" ").filter(Boolean);
const status = document.getElementById("live-status");
const stale = document.getElementById("stale");
let source = null;
let planned = 0;
let idle = 0;

function isTyped(control) {
  if (control instanceof HTMLSelectElement) {
    return [...control.options].some((option) => option.selected !== option.defaultSelected);
  }
  return control.type === "hidden" ? false : control.value !== control.defaultValue;
}

function holdsWork(region) {
  const controls = [...region.querySelectorAll("input, textarea, select")];
  return controls.some(isTyped) || region.querySelector("details[open]") !== null;
}

function twin(region, element) {
  if (element.id) return region.querySelector(`#${CSS.escape(element.id)}`);
  const href = element.getAttribute("href");
  return href === null ? null : region.querySelector(`[href="${CSS.escape(href)}"]`);
}

function replace(region, fresh) {
  const held = region.contains(document.activeElement) ? document.activeElement : null;
  const scrolled = [...region.querySelectorAll(".scroll")].map((part) => part.scrollLeft);
  region.replaceChildren(...fresh.childNodes);
  region.querySelectorAll(".scroll").forEach((part, index) => {
    part.scrollLeft = scrolled[index] ?? 0;
  });
  if (held !== null && held !== region) {
    (twin(region, held) ?? region).focus({ preventScroll: true });
  }
}

async function refresh() {
  const response = await fetch(window.location.href, { headers: { Accept: "text/html" } });
  if (response.redirected) window.location.reload(); // the session has ended: on to the log-in
  if (response.redirected || !response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const version = page.getElementById("main")?.dataset.version;
  if (stale !== null && version !== document.getElementById("main").dataset.version) {
    stale.hidden = false;
  }
  let changed = false;
  for (const region of document.querySelectorAll("[data-live]")) {
    const fresh = page.getElementById(region.id);
    if (fresh === null || fresh.innerHTML === region.innerHTML || holdsWork(region)) continue;
    replace(region, fresh);
    changed = true;
  }
  if (changed) status.textContent = status.dataset.fresh;
}

function plan() {
  window.clearTimeout(planned);
  planned = window.setTimeout(() => refresh().catch(() => {}), SOON_MS);
}

function close() {
  source?.close();
  source = null;
}

function open() {
  if (source !== null || document.hidden) return;
  source = new EventSource("/events");
  for (const topic of topics) source.addEventListener(topic, plan);
}

function rest() {
  close();
  status.textContent = status.dataset.stopped;
}

function wake() {
  window.clearTimeout(idle);
  idle = window.setTimeout(rest, IDLE_MS);
  if (source !== null || document.hidden) return;
  open();
  plan();
}

if (topics.length > 0) {
  open();
  idle = window.setTimeout(rest, IDLE_MS);
  for (const kind of ["pointerdown", "keydown"]) window.addEventListener(kind, wake);
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : wake()));
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", (event) => event.persisted && wake());
}
