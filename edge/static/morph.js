// Makes the page that is shown into the page that the unit sent, touching only what differs, so
// that focus, scroll, open parts, half-typed words and the canvas stay. Elements with data-kept
// belong to the scripts; data-kept-attributes keeps only an element's own attributes.

const OWN = new Set(["open", "aria-invalid"]); // attributes that belong to who looks at the page
const known = new WeakMap(); // of each select: the choice that the unit has

export function morph(held, fresh) {
  if (held.hasAttribute("data-kept")) return;
  if (!held.hasAttribute("data-kept-attributes")) attributes(held, fresh);
  children(held, fresh);
}

function attributes(held, fresh) {
  const dirty = isDirty(held);
  for (const { name, value } of fresh.attributes) {
    if (held.getAttribute(name) !== value && !OWN.has(name)) held.setAttribute(name, value);
  }
  for (const { name } of [...held.attributes]) {
    if (!fresh.hasAttribute(name) && !OWN.has(name)) held.removeAttribute(name);
  }
  if (!dirty) settle(held);
}

// Typed into, and not yet what the unit has.
export function isDirty(control) {
  switch (control.localName) {
    case "input":
      return control.type === "checkbox" || control.type === "radio"
        ? control.checked !== control.defaultChecked
        : control.value !== control.defaultValue;
    case "textarea":
      return control.value !== control.defaultValue;
    case "select":
      return known.has(control) && control.value !== known.get(control);
    default:
      return false;
  }
}

// The unit has this choice of a select; without `value` what a fresh one shows.
export function know(select, value) {
  if (value !== undefined || !known.has(select)) known.set(select, value ?? select.value);
}

function settle(control) {
  if (control.localName === "input") {
    if (control.type === "checkbox" || control.type === "radio") control.checked = control.defaultChecked;
    else if (control.value !== control.defaultValue) control.value = control.defaultValue;
  }
}

function children(held, fresh) {
  if (held.localName === "textarea") {
    const dirty = isDirty(held);
    held.defaultValue = fresh.defaultValue;
    if (!dirty) held.value = fresh.defaultValue;
    return;
  }
  if (held.localName === "select") return select(held, fresh);
  let at = held.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    const found = match(at, wanted, held);
    if (!found) {
      held.insertBefore(document.importNode(wanted, true), at);
      continue;
    }
    if (found !== at) held.insertBefore(found, at);
    else at = at.nextSibling;
    if (found.nodeType === Node.ELEMENT_NODE) {
      if (!found.isEqualNode(wanted)) morph(found, wanted);
    } else if (found.nodeValue !== wanted.nodeValue) found.nodeValue = wanted.nodeValue;
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

function select(held, fresh) {
  const dirty = isDirty(held), kept = held.value;
  const wanted = fresh.value;
  held.replaceChildren(...[...fresh.childNodes].map((node) => document.importNode(node, true)));
  held.value = dirty ? kept : wanted;
  known.set(held, wanted);
}

function match(at, wanted, parent) {
  if (wanted.nodeType !== Node.ELEMENT_NODE) {
    return at && at.nodeType === wanted.nodeType ? at : null;
  }
  if (wanted.id) {
    const found = [...parent.children].find((child) => child.id === wanted.id);
    return found && found.localName === wanted.localName ? found : null;
  }
  for (let node = at; node; node = node.nextSibling) {
    if (node.nodeType !== Node.ELEMENT_NODE) continue;
    return node.localName === wanted.localName && !node.id ? node : null;
  }
  return null;
}
