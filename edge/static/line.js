// The socket to the unit: opens again by itself, and says plainly when it is lost.

const FIRST_WAIT = 300, LONGEST_WAIT = 4000, SAY_AFTER = 1200;

export class Line {
  constructor({ opened, word, ink }) {
    this.opened = opened;
    this.word = word;
    this.ink = ink;
    this.wait = FIRST_WAIT;
    this.saying = null;
    this.socket = null;
    this.again = false;
  }

  open() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/socket`);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.wait = FIRST_WAIT;
      this.lost(false);
      this.opened(this.again);
      this.again = true;
    };
    socket.onmessage = (event) => {
      if (typeof event.data === "string") this.word(JSON.parse(event.data));
      else this.ink(event.data);
    };
    socket.onclose = () => {
      this.lost(true);
      setTimeout(() => this.open(), this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    };
    this.socket = socket;
  }

  send(message) {
    if (this.socket && this.socket.readyState === WebSocket.OPEN) {
      this.socket.send(JSON.stringify(message));
      return true;
    }
    return false;
  }

  // A short gap (a restart of the unit) is not worth a word.
  lost(yes) {
    if (!yes) {
      clearTimeout(this.saying);
      this.saying = null;
      sayLost(false);
    } else if (this.saying === null) {
      this.saying = setTimeout(() => sayLost(true), SAY_AFTER);
    }
  }
}

export function sayLost(yes, which = "text") {
  const banner = document.getElementById("lost");
  banner.hidden = !yes;
  banner.textContent = yes ? banner.dataset[which] : "";
}
