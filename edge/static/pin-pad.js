// Keys to press with the pen, for the PIN or password that was last used. What was entered stands
// nowhere but in its field, which the form empties as it is sent.

let field = null;
const armed = new WeakSet();

export function armPinPad() {
  const inputs = [...document.querySelectorAll("input[data-keys]")];
  if (!inputs.length) return;
  for (const input of inputs) {
    if (armed.has(input)) continue;
    armed.add(input);
    input.addEventListener("focus", () => choose(input));
    input.addEventListener("input", () => settle(input));
  }
  for (const button of document.querySelectorAll(".pin-pad [data-key], .letter-pad [data-key]")) {
    button.onclick = () => press(button.dataset.key);
  }
  choose(inputs.includes(field) ? field : inputs[0]);
}

// The pad that fits the field is shown; the field says that it is the one being filled.
function choose(input) {
  field = input;
  const letters = input.dataset.keys === "letters";
  document.getElementById("pin-pad").hidden = letters;
  document.getElementById("letter-pad").hidden = !letters;
  for (const one of document.querySelectorAll("input[data-keys]")) {
    one.classList.toggle("filling-now", one === input);
  }
}

function press(key) {
  if (!field || !field.isConnected) field = document.querySelector("input[data-keys]");
  if (key === "clear") field.value = "";
  else if (key === "back") field.value = field.value.slice(0, -1);
  else if (field.value.length < field.maxLength) field.value += key;
  settle(field);
}

// Passwords have capital letters and digits only, whatever the keyboard is set to.
function settle(input) {
  const wanted = input.dataset.keys === "letters" ? /[^A-Z0-9]/g : /[^0-9]/g;
  const clean = input.value.normalize("NFKC").toUpperCase().replace(wanted, "");
  if (clean !== input.value) input.value = clean;
  const place = document.getElementById("pin-count");
  place.textContent = place.dataset.text.replace("{count}", input.value.length);
  if (input.value.length === input.maxLength && input.dataset.keys === "digits") next(input);
}

// A full PIN leads on to the next field that is asked for.
function next(input) {
  const asked = [...document.querySelectorAll("input[data-keys][required]")];
  const following = asked[asked.indexOf(input) + 1];
  if (following && !following.value) following.focus();
}
