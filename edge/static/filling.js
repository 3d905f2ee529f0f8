// The clerk's form saves each field as it is left, and says beside it when a value does not fit.

import { post, refresh, say } from "./content.js";
import { know } from "./morph.js";

const armed = new WeakSet();

export function armForm() {
  const form = document.getElementById("filling");
  if (!form || armed.has(form)) return;
  armed.add(form);
  document.getElementById("main").addEventListener("change", (event) => {
    const control = event.target;
    const field = control.form === document.getElementById("filling") && control.closest("[data-where]");
    if (field) save(field);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const field = document.activeElement && document.activeElement.closest("[data-where]");
    if (field) save(field);
  });
}

async function save(field) {
  const form = document.getElementById("filling"), where = field.dataset.where;
  const controls = [...field.querySelectorAll("[name]")].filter((one) => one.form === form);
  const given = controls.map((one) => one.value);
  try {
    const answer = await post("fill", { values: values(where, controls), source: form.elements.source.value });
    if (answer.ok) {
      controls.forEach((one, place) => { if (one.value === given[place]) settled(one); });
      mark(field, controls, "");
      say(form.dataset.saved);
      await refresh();
    } else {
      const { error } = await answer.json();
      mark(field, controls, error[`message_${document.documentElement.lang}`] || error.code);
      if (error.code === "not_logged_in") await refresh();
    }
  } catch {
    // the line says that the connection is lost; what was typed stays where it is
  }
}

function values(where, controls) {
  const plain = controls.find((one) => one.name === where);
  if (plain) return { [where]: plain.value };
  const parts = controls.map((one) => [one.name.slice(where.length + 1), one.value]);
  return { [where]: Object.fromEntries(parts) };
}

function settled(control) {
  if (control.localName === "select") know(control, control.value);
  else control.defaultValue = control.value;
}

function mark(field, controls, words) {
  const place = document.getElementById(`error-${field.dataset.where}`);
  place.hidden = words === "";
  place.textContent = words;
  for (const control of controls) {
    if (control.type === "hidden") continue;
    if (words) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  }
}
