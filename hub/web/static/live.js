// Reloads the page when the part of the office it watches changed, unless somebody is writing.
"use strict";
const watched = document.body.dataset.watch.split(" ").filter(Boolean);
if (watched.length > 0) {
  const source = new EventSource("/events");
  const busy = () => {
    const element = document.activeElement;
    return element !== null && element.matches("input, textarea, select");
  };
  let planned = 0;
  const reload = () => {
    if (busy()) {
      planned = window.setTimeout(reload, 2000);
    } else {
      window.location.reload();
    }
  };
  for (const topic of watched) {
    source.addEventListener(topic, () => {
      window.clearTimeout(planned);
      planned = window.setTimeout(reload, 300);
    });
  }
  window.addEventListener("pagehide", () => source.close());
}
