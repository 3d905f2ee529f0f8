// Digits to press with the pen, for the PIN field that was last used.

let field = null;

export function armPinPad() {
  const pad = document.getElementById("pin-pad");
  if (!pad || !pad.hidden) return;
  pad.hidden = false;
  field = document.getElementById("auth_pin");
  for (const input of document.querySelectorAll("input.pin")) {
    input.addEventListener("focus", () => { field = input; });
    input.addEventListener("input", () => count(input));
  }
  for (const button of pad.querySelectorAll("[data-digit]")) {
    button.addEventListener("click", () => press(button.dataset.digit));
  }
}

function press(digit) {
  if (!field || !field.isConnected) field = document.getElementById("auth_pin");
  if (digit === "clear") field.value = "";
  else if (digit === "back") field.value = field.value.slice(0, -1);
  else if (field.value.length < field.maxLength) field.value += digit;
  count(field);
}

function count(input) {
  const place = document.getElementById("pin-count");
  place.textContent = place.dataset.text.replace("{count}", input.value.length);
}
