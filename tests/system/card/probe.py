"""The client of the card bench's tests: runs inside the bench, one JSON order a line on stdin.

It uses the real reader driver through the real pcscd and answers what happened on stdout.
"""

import json
import logging
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from smartcard import scard

from drivers.card_reader import open_card_reader
from drivers.card_reader.bench.inside import PKI_VARIABLE
from drivers.card_reader.card_reading import DEFAULT_WANT, CounterWish, Want
from drivers.card_reader.counter_reading import read_counter_card
from drivers.card_reader.interface import CardConnection, CardReader, ReaderStatus
from drivers.card_reader.my_number_card import MyNumberCard
from drivers.card_reader.pcsc_reader import PcscReader
from drivers.card_reader.pin import Pin
from drivers.card_reader.profile_file import DEFAULT_PROFILE, built_in
from drivers.card_reader.trust_folder import load_anchors
from intake.office.environment import Environment

Order = dict[str, Any]


class Probe:
    def __init__(self) -> None:
        self.reader: CardReader = open_card_reader("pcsc:0", environment=Environment.DEMO)
        self.anchors = load_anchors(Path(os.environ[PKI_VARIABLE]), environment=Environment.DEMO)
        self.held: CardConnection | None = None
        self.context = self.shared = 0

    def wait(self, order: Order) -> Order:
        began = time.monotonic()
        state = self.reader.wait_for(ReaderStatus(order["status"]), timeout_s=order["timeout"])
        return {"status": state.status, "seconds": time.monotonic() - began}

    def read(self, order: Order) -> Order:
        began = time.monotonic()
        everything = bool(order.get("everything"))
        wish = CounterWish(
            want=frozenset(Want) if everything else DEFAULT_WANT,
            challenge=os.urandom(32),
            auth_pin=Pin.from_text(order.get("auth", "1234")),
            text_pin=Pin.from_text(order.get("text", "1234")),
            sign_password=Pin.from_text("DEMO1234") if everything else None,
            b_code=Pin.from_text("59051720314821") if everything else None,
            document=b"a notification" if everything else None,
        )
        reading = read_counter_card(
            self.reader, wish, anchors=self.anchors, environment=Environment.DEMO
        )
        return {
            "code": reading.outcome.code,
            "reason": reading.outcome.reason,
            "tries": reading.tries_left,
            "name": reading.attributes.name if reading.attributes else None,
            "evidence": reading.evidence is not None,
            "seconds": time.monotonic() - began,
        }

    def command(self, order: Order) -> Order:
        """`madoguchi-edge` with arguments; each secret over a pipe of its own."""
        arguments = [sys.executable, "-m", "edge", *order["arguments"]]
        ends: list[int] = []
        for option, text in order.get("secrets", {}).items():
            reading_end, writing_end = os.pipe()
            os.write(writing_end, text.encode())
            os.close(writing_end)
            arguments += [option, str(reading_end)]
            ends.append(reading_end)
        began = time.monotonic()
        done = subprocess.run(arguments, pass_fds=ends, capture_output=True, text=True, check=False)
        for end in ends:
            os.close(end)
        return {
            "status": done.returncode,
            "out": done.stdout,
            "err": done.stderr,
            "seconds": time.monotonic() - began,
        }

    def limits_while_waiting(self, _: Order) -> Order:
        """The limits of a `card read` that waits for its card."""
        words = ["card", "read", "--trust", os.environ[PKI_VARIABLE], "--environment", "demo"]
        with subprocess.Popen(
            [sys.executable, "-m", "edge", *words, "--wait", "30"], stdout=subprocess.DEVNULL
        ) as waiting:
            limits, deadline = Path(f"/proc/{waiting.pid}/limits"), time.monotonic() + 10
            while not re.search(r"core file size\s+0\s+0", limits.read_text()):
                if time.monotonic() > deadline:
                    break
                time.sleep(0.05)
            text = limits.read_text()
            waiting.terminate()
        return {"text": text}

    def trust(self, _: Order) -> Order:
        return {"folder": os.environ[PKI_VARIABLE]}

    def impatient(self, _: Order) -> Order:
        """From now on an answer must come within a third of a second."""
        self.reader.close()
        self.reader = PcscReader("0", answer_timeout_s=0.3)
        return {}

    def hold(self, order: Order) -> Order:
        """Connect, enter the PIN and keep the card."""
        self.held = self.reader.connect()
        pin = built_in(DEFAULT_PROFILE).pins["auth"]
        MyNumberCard(self.held).unlock(pin, Pin.from_text(order.get("auth", "1234")))
        return {}

    def release(self, _: Order) -> Order:
        if self.held is not None:
            self.held.close()
        return {}

    def stranger(self, order: Order) -> Order:
        """Another process tries to sign with the PIN that this one entered."""
        script = Path(__file__).with_name("stranger.py")
        select = ["--select"] if order.get("select") else []
        done = subprocess.run(
            [sys.executable, str(script), *select], capture_output=True, text=True, check=False
        )
        return {"said": done.stdout.strip()}

    def hold_shared(self, _: Order) -> Order:
        """How not to do it: a shared connection with the PIN entered."""
        _, self.context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        name = self.reader.state.name
        result, self.shared, _ = scard.SCardConnect(
            self.context, name, scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T1
        )
        answer: list[int] = []
        for apdu in ("00A4040C0AD392F000260100000001", "00A4020C020018", "002000800431323334"):
            _, answer = scard.SCardTransmit(
                self.shared, scard.SCARD_PCI_T1, list(bytes.fromhex(apdu))
            )
        return {"ok": result == 0 and answer == [0x90, 0]}

    def leave_shared(self, _: Order) -> Order:
        scard.SCardDisconnect(self.shared, scard.SCARD_LEAVE_CARD)
        scard.SCardReleaseContext(self.context)
        return {}

    def service_log(self, _: Order) -> Order:
        return {"text": Path("/run/pcscd/bench/pcscd.log").read_text(errors="replace")}

    def footprint(self, _: Order) -> Order:
        """What this process holds: files, threads, resident memory in KiB."""
        status = Path("/proc/self/status").read_text()
        values = dict(line.split(":", 1) for line in status.splitlines())
        return {
            "files": len(list(Path("/proc/self/fd").iterdir())),
            "threads": int(values["Threads"]),
            "resident_kib": int(values["VmRSS"].split()[0]),
        }

    def open_files(self, _: Order) -> Order:
        return {"count": len(list(Path("/proc/self/fd").iterdir()))}


def main() -> None:
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    probe = Probe()
    for line in sys.stdin:
        order: Order = json.loads(line)
        carry_out: Callable[[Order], Order] = getattr(probe, order["do"])
        sys.stdout.write(json.dumps(carry_out(order)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
