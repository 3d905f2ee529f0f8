"""The demo office itself: prepare, start, then wait for a visitor or walk one notification."""

import argparse
import asyncio
import json
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from provisioning.demo import processes, walk
from provisioning.demo.ending import leave_nothing
from provisioning.demo.lineage import adopt_orphans
from provisioning.demo.panel.controls import Controls
from provisioning.demo.panel.server import Panel, Visit
from provisioning.demo.places import LOOPBACK, Places
from provisioning.demo.preparation import Account, make_accounts, prepare
from provisioning.demo.runner import Runner
from provisioning.demo.unit_setup import write_unit_config
from provisioning.demo.welcome import welcome
from provisioning.errors import DemoError, ProvisioningError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until the walk is done, a process fails, or a signal comes; returns the exit status."""
    parser = argparse.ArgumentParser("python -m provisioning.demo.run", description=__doc__)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--outage", action="store_true")
    parser.add_argument("--temporary", action="store_true", help="remove the state at the end")
    options = parser.parse_args(arguments)
    adopt_orphans()
    try:
        return asyncio.run(_run(options.state, once=options.once, outage=options.outage))
    finally:
        leave_nothing(Places(options.state), temporary=options.temporary)


async def _run(state: Path, *, once: bool, outage: bool) -> int:
    places = Places.choose(state, usual=not once)
    runner = Runner(places)
    office = asyncio.create_task(_office(places, runner, once=once, outage=outage))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, office.cancel)
    try:
        return await office
    except asyncio.CancelledError:
        say("Stopping the demo office.")
        return 130 if once else 0
    finally:
        await runner.stop_all()


async def _office(places: Places, runner: Runner, *, once: bool, outage: bool) -> int:
    try:
        return await _opened(places, runner, once=once, outage=outage)
    except (ProvisioningError, OSError) as error:
        say(f"The demo office failed: {error}")
        if once:
            report({"ok": False, "reason": str(error)})
        return getattr(error, "exit_code", 1)


async def _opened(places: Places, runner: Runner, *, once: bool, outage: bool) -> int:
    began = time.monotonic()
    accounts = make_accounts()
    say("Making keys, certificates and accounts ...")
    await prepare(places, runner, accounts)
    write_unit_config(places)
    say("Starting broker, hub and counter unit ...")
    await runner.start(processes.broker(places))
    later = (processes.hub, processes.unit, processes.simulator)
    await asyncio.gather(*(runner.start(process(places)) for process in later))
    say(f"The office is open after {time.monotonic() - began:.1f} s.")
    if once:
        report(await walk.walk(places, runner, accounts, outage=outage, began=began))
        return 0
    return await _visited(places, runner, accounts)


async def _visited(places: Places, runner: Runner, accounts: tuple[Account, ...]) -> int:
    office, boxes = (
        f"http://{LOOPBACK}:{port}/" for port in (places.hub_port, places.simulator_port)
    )
    visit = Visit(*walk.page_addresses(places), office, boxes, str(places.laws), accounts)
    panel = Panel(Controls(places, runner), visit, places.panel_port)
    await panel.start()
    try:
        sys.stdout.write(welcome(panel.url, visit))
        sys.stdout.flush()
        name = await runner.first_to_end()
        raise DemoError(f"{name} ended by itself. Its last words:\n{runner.last_words(name)}")
    finally:
        await panel.stop()


def say(words: str) -> None:
    """Progress, for people, on stderr."""
    sys.stderr.write(words + "\n")
    sys.stderr.flush()


def report(result: dict[str, object]) -> None:
    """The last line on stdout: one JSON object."""
    sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
