// Keeps what was typed into data-keep fields of this tab over a reload, a refused form or a log-in
// in between. It is forgotten with the decision, at log-out, and when somebody else logs in.

const staff = document.body.dataset.staff;
const place = window.location.pathname.replace(/\/(open|accept|return|discard)$/, "");
const prefix = `keep ${staff} `;
const here = `${prefix}${place} `;
const fields = [...document.querySelectorAll("[data-keep]")];

for (const key of Object.keys(sessionStorage)) {
  const ours = key.startsWith("keep ");
  const known = fields.some((field) => key === here + field.name);
  if (ours && (!key.startsWith(prefix) || (key.startsWith(here) && !known && !isError()))) {
    sessionStorage.removeItem(key);
  }
}

function isError() {
  return document.querySelector("[data-code].note-bad") !== null;
}

for (const field of fields) {
  const kept = sessionStorage.getItem(here + field.name);
  if (kept !== null) field.value = kept;
  field.addEventListener("input", () => sessionStorage.setItem(here + field.name, field.value));
}

document.querySelector("form[data-forget]")?.addEventListener("submit", () => {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith("keep ")) sessionStorage.removeItem(key);
  }
});
