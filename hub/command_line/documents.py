"""`document read`: what a PDF or a Word document says, and every reason not to trust it."""

import argparse
import json
from pathlib import Path

from hub.command_line.options import Commands, secret
from hub.errors import DocumentError
from hub.messages.documents.result import Opened, Reading, to_json
from hub.messages.sandbox.pool import Pool


def add_to(group: Commands) -> None:
    """Add the commands. They need no office: a technician may read a sample anywhere."""
    verbs = group.add_parser("document", help="documents to be sent").add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    about = "text in reading order, tables, form values and warnings of a PDF or DOCX"
    read = verbs.add_parser("read", help=about, description=about)
    read.add_argument("file", type=Path, metavar="FILE")
    read.add_argument("--json", action="store_true", help="print one JSON object on stdout")
    read.add_argument(
        "--password-fd", type=int, metavar="N", help="read the document's password from N"
    )
    read.set_defaults(run=_read)


def _read(given: argparse.Namespace) -> None:
    password = "" if given.password_fd is None else secret(given.password_fd, "password")
    try:
        data = given.file.read_bytes()
    except OSError as error:
        raise DocumentError(f"{given.file} cannot be read: {error.strerror}") from error
    with Pool(size=2 if len(data) > 1 << 20 else 1) as pool:
        reading = pool.read(data, password)
    print(json.dumps(to_json(reading), ensure_ascii=False) if given.json else _text(reading))


def _text(reading: Reading) -> str:
    lines: list[str] = []
    for number, page in enumerate(reading.pages, 1):
        lines += [f"--- page {number}", page.text]
    lines += [
        f"! {warning.code.value}" + (f" (page {warning.page})" if warning.page else "")
        for warning in reading.warnings
    ]
    if reading.opened is not Opened.OK and reading.error is not None:
        lines.append(f"! not read: {reading.error.value}")
    return "\n".join(lines)
