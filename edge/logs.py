"""Logs: JSON lines on stderr, never with personal data.

Only ids, counts, states and times go into `extra`; a value under a name that is not listed in
`FIELDS` is left out, so a careless `extra={"name": ...}` cannot leak a resident into the journal.
"""

import json
import logging
import sys
import time
from typing import TextIO

FIELDS = (
    "event",
    "device",
    "sequence",
    "event_id",
    "notification_id",
    "identity",
    "state",
    "step",
    "status",
    "reason",
    "broker",
    "topic_kind",
    "version",
    "size",
    "count",
    "waiting",
    "exit_code",
    "pid",
    "child",
    "seconds",
    "milliseconds",
    "staff_id",
    "outcome",
    "error_type",
    "port",
    "page",
)


class JsonFormatter(logging.Formatter):
    """One log record as one line of JSON; unlisted extras and exception texts are left out."""

    def format(self, record: logging.LogRecord) -> str:
        """Render `record`; of an exception only its type and place, for its text may hold data."""
        line: dict[str, object] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update((k, record.__dict__[k]) for k in FIELDS if k in record.__dict__)
        if record.exc_info is not None and record.exc_info[0] is not None:
            line["error_type"] = record.exc_info[0].__name__
            line["at"] = _place(record)
        return json.dumps(line, ensure_ascii=False)


def set_up(level: str, stream: TextIO | None = None) -> None:
    """Send every log record of this process as JSON lines to `stream` (stderr)."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)


def _place(record: logging.LogRecord) -> str:
    assert record.exc_info is not None
    trace = record.exc_info[2]
    place = ""
    while trace is not None:
        place = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
