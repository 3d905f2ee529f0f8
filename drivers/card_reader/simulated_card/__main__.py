"""Puts one virtual card on a vpcd reader: `python -m drivers.card_reader.simulated_card`."""

import argparse
import dataclasses
import datetime as dt
import signal
import sys
from pathlib import Path

from drivers.card_reader.errors import PersonaError, SimulationForbiddenError
from drivers.card_reader.simulated_card.connection import make_card
from drivers.card_reader.simulated_card.demo_pki import open_pki
from drivers.card_reader.simulated_card.gate import require_simulation
from drivers.card_reader.simulated_card.persona import PinState, load_persona
from drivers.card_reader.simulated_card.vpcd import CardOnReader


def main() -> int:
    """Lie on the reader until a signal; 2 usage, 3 no reader there, 4 not in this environment."""
    parser = argparse.ArgumentParser(prog="python -m drivers.card_reader.simulated_card")
    parser.add_argument("--pki", type=Path, required=True, help="folder of the demo authority")
    parser.add_argument("--port", type=int, required=True, help="port of the vpcd reader")
    parser.add_argument("--persona", default="head_of_household")
    parser.add_argument("--sign-password", help="6 to 16 of A-Z and 0-9; default: the persona's")
    parser.add_argument("--environment", default="demo", help="demo or training")
    options = parser.parse_args()
    try:
        require_simulation(options.environment)
        persona = load_persona(options.persona)
    except (SimulationForbiddenError, PersonaError) as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    if options.sign_password:
        password = PinState(options.sign_password, persona.sign_password.tries)
        persona = dataclasses.replace(persona, sign_password=password)
    now = dt.datetime.now(dt.UTC)
    card = make_card(persona, open_pki(options.pki, now), now)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    try:
        lying = CardOnReader(card, options.port)
    except OSError:
        sys.stderr.write(f"no vpcd reader at port {options.port}; start pcscd with it\n")
        return 3
    sys.stderr.write(f"card of {options.persona} on the reader at port {options.port}\n")
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    lying.take_off()
    return 0


if __name__ == "__main__":
    sys.exit(main())
