"""My Number cards at the counter: real readers, recorded ones, and the virtual card."""

import datetime as dt
from pathlib import Path

from drivers import address as addresses
from drivers.card_reader.errors import SimulationForbiddenError
from drivers.card_reader.interface import CardReader
from drivers.errors import AddressError
from intake.office.environment import Environment


def open_card_reader(
    address: addresses.Address | str, *, environment: Environment, pki: Path | None = None
) -> CardReader:
    """The reader an address names: `pcsc:0`, `pcsc:NAME`, `replay:FILE`, `sim:PERSONA`.

    Never fails for a missing daemon or reader: its state says so and it is looked for until
    `close`. `sim:` needs `pki`, the folder of the demo authority. Raises
    SimulationForbiddenError for anything but a real reader in production, AddressError for an
    address that is no card reader's.
    """
    parsed = addresses.parse(address) if isinstance(address, str) else address
    if parsed.kind is addresses.Kind.PCSC:
        from drivers.card_reader.pcsc_reader import PcscReader  # noqa: PLC0415 (needs libpcsclite)

        return PcscReader(parsed.target)
    if environment is Environment.PRODUCTION:
        raise SimulationForbiddenError(f"{parsed.kind}: is no real reader; production uses pcsc:")
    if parsed.kind is addresses.Kind.REPLAY:
        from drivers.card_reader.replay import ReplayReader  # noqa: PLC0415 (tests only)

        return ReplayReader(Path(parsed.target))
    if parsed.kind is addresses.Kind.SIM and pki is not None:
        return _simulated(parsed.target, pki)
    raise AddressError(f"{parsed} is no card reader; use pcsc:0, replay:FILE or sim:PERSONA")


def _simulated(persona: str, pki: Path) -> CardReader:
    # a unit's image need not carry the virtual card
    from drivers.card_reader.simulated_card import connection, demo_pki  # noqa: PLC0415 (demo only)
    from drivers.card_reader.simulated_card.persona import load_persona  # noqa: PLC0415 (demo only)

    now = dt.datetime.now(dt.UTC)
    authority = demo_pki.open_pki(pki, now)
    card = connection.make_card(load_persona(persona), authority, now)
    return connection.InProcessReader(card)
