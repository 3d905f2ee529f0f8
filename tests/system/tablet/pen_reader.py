"""Runs inside the bench: opens a tablet with the real driver, prints what it reads as JSON lines.

The first argument is the address; with `--reopen` it is opened again after it was lost, with
`--sleep` the program does nothing for four seconds after it opened the tablet.
"""

import asyncio
import json
import sys
import time
from dataclasses import asdict

from drivers.errors import DriverError
from drivers.tablet import Tablet, open_tablet


def say(**words: object) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


async def read(tablet: Tablet) -> None:
    say(opened=asdict(tablet.description))
    if "--sleep" in sys.argv:
        time.sleep(4)  # noqa: ASYNC251 - this is the program that does not keep up
    try:
        async for sample in tablet.reports():
            say(sample=asdict(sample), age_us=time.monotonic_ns() // 1000 - sample.time_us)
    except DriverError as error:
        say(error=error.code, exit_code=error.exit_code, message=str(error))
    finally:
        tablet.close()


async def main(address: str, *, reopen: bool) -> None:
    await read(open_tablet(address))
    while reopen:
        try:
            tablet = open_tablet(address)
        except DriverError:
            await asyncio.sleep(0.05)
            continue
        await read(tablet)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], reopen="--reopen" in sys.argv))
