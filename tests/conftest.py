"""What every test may lean on: a free port, and log records that are well formed."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Iterator

import hypothesis
import pytest

# A busy machine is not a failure: property tests have no time limit per example. `make check` asks
# for fewer examples than `make test`.
# Their asserts explain themselves, whichever folder imports them first.
pytest.register_assert_rewrite("tests.system.faults.proof", "tests.system.faults.office")

# The runtime of models reports to its maker unless it is told not to before it is loaded.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

EXAMPLES = int(os.environ.get("MADOGUCHI_EXAMPLES", "100"))
hypothesis.settings.register_profile("house", deadline=None, max_examples=EXAMPLES)
hypothesis.settings.load_profile("house")


class _WellFormed(logging.Handler):
    """Formats every record, so that a log call with wrong arguments fails its test."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.broken: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        try:
            record.getMessage()
        except (TypeError, ValueError) as error:
            self.broken.append(f"{record.pathname}:{record.lineno}: {error}")


@pytest.fixture(autouse=True)
def well_formed_logs() -> Iterator[None]:
    handler = _WellFormed()
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    assert handler.broken == []


@pytest.fixture
def free_port() -> Callable[[], int]:
    """A TCP port of the loopback address that nobody listened on a moment ago."""

    def ask() -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return probe.getsockname()[1]

    return ask
