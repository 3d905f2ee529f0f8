"""`document read|fields` and `messages prepare`: from a file to what may be sent, and what may not.

They need no office: a technician may try a sample anywhere. With `--config` the office's own
templates are used too, and `prepare` holds whom its register protects.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from hub.command_line.messages import add_verbs
from hub.command_line.options import Commands, opened, secret
from hub.errors import DocumentError, TemplateError
from hub.messages.addressing import addressees
from hub.messages.addressing.prepare import Batch, Held, Office, Prepared, prepare
from hub.messages.documents.result import Opened, Reading, to_json
from hub.messages.notices.checks import reasons
from hub.messages.notices.extract import Notice, extract
from hub.messages.notices.template import Template, texts_in, together
from hub.messages.notices.values import CheckDigit, ResidentNumber
from hub.messages.sandbox import ocr
from hub.messages.sandbox.pool import Pool
from hub.messages.template_editor.store import own_texts
from hub.register.numbers import hidden_names, hidden_numbers

LARGE: Final = 1 << 20
"""Bytes from which a document is worth two children."""


def add_to(group: Commands) -> None:
    """Add the commands."""
    documents = group.add_parser("document", help="documents to be sent").add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    about = "text in reading order, tables, form values and warnings of a PDF or DOCX"
    read = _command(documents, "read", about)
    read.add_argument("file", type=Path, metavar="FILE")
    read.add_argument("--ocr", action="store_true", help="recognise the text of scans (tesseract)")
    read.set_defaults(run=_read)
    fields = _command(documents, "fields", "the fields of a notice, and why it would be held")
    fields.add_argument("file", type=Path, metavar="FILE")
    fields.add_argument("--template", metavar="T", help="this template alone, by its name")
    _notice_options(fields)
    fields.set_defaults(run=_fields)
    messages = group.add_parser("messages", help="messages to residents").add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    add_verbs(messages)
    made = _command(messages, "prepare", "one message a person out of a document and its list")
    made.add_argument("--document", type=Path, required=True, metavar="F")
    made.add_argument("--addressees", type=Path, required=True, metavar="L", help="CSV or JSON")
    made.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="a new or empty folder"
    )
    _notice_options(made)
    made.set_defaults(run=_prepare)


def _command(group: Commands, name: str, about: str) -> argparse.ArgumentParser:
    found = group.add_parser(name, help=about, description=about)
    assert isinstance(found, argparse.ArgumentParser)
    found.add_argument("--json", action="store_true", help="print one JSON object on stdout")
    found.add_argument(
        "--password-fd", type=int, metavar="N", help="read the document's password from N"
    )
    return found


def _notice_options(found: argparse.ArgumentParser) -> None:
    found.add_argument("--templates", type=Path, metavar="DIR", help="the office's own templates")
    found.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="the office whose own templates are used too; its register says who is protected",
    )
    found.add_argument("--number-width", type=int, metavar="N", help="digits of a resident number")
    found.add_argument(
        "--check-digit", type=CheckDigit, choices=list(CheckDigit), default=CheckDigit.NONE
    )


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DocumentError(f"{path} cannot be read: {error.strerror}") from error


def _password(given: argparse.Namespace) -> str:
    return "" if given.password_fd is None else secret(given.password_fd, "password")


def _number(given: argparse.Namespace) -> ResidentNumber | None:
    if given.number_width is not None:
        return ResidentNumber(given.number_width, given.number_width, given.check_digit)
    return (
        None
        if given.check_digit is CheckDigit.NONE
        else ResidentNumber(check_digit=given.check_digit)
    )


def _read(given: argparse.Namespace) -> None:
    data = _bytes(given.file)
    with Pool(size=2 if len(data) > LARGE else 1) as pool:
        password = _password(given)
        reading = pool.read(data, password)
        if given.ocr:
            reading = _recognised(pool, data, reading, password)
    print(json.dumps(to_json(reading), ensure_ascii=False) if given.json else _text(reading))
    if ocr.scanned(reading) and not given.ocr:
        print(f"a scan: read it with --ocr (Debian packages: {ocr.PACKAGES})", file=sys.stderr)


def _recognised(pool: Pool, data: bytes, reading: Reading, password: str) -> Reading:
    if not ocr.installed():
        raise DocumentError(f"tesseract is not installed: apt-get install {ocr.PACKAGES}")
    return ocr.with_text(pool, data, reading, password)


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


def _fields(given: argparse.Namespace) -> None:
    templates = _templates(given)
    data = _bytes(given.file)
    with Pool(size=1) as pool:
        reading = pool.read(data, _password(given))
    notice = extract(reading.pages, templates, _number(given) or ResidentNumber())
    numbers = range(1, len(reading.pages) + 1)
    doubts = [str(doubt) for doubt in reasons(reading, notice, reading.pages, numbers)]
    if given.json:
        name = None if notice.template is None else notice.template.name
        value = {"template": name, "fields": _values(notice), "held": bool(doubts)}
        print(json.dumps({**value, "reasons": doubts}, ensure_ascii=False))
        return
    lines = [f"{name}: {value}" for name, value in _values(notice).items()]
    print("\n".join([*lines, *(f"! held: {doubt}" for doubt in doubts)]))


def _templates(given: argparse.Namespace) -> tuple[Template, ...]:
    found = _every_template(given)
    if given.template is None:
        return found
    chosen = tuple(template for template in found if template.name == given.template)
    if not chosen:
        names = ", ".join(template.name for template in found)
        raise TemplateError(f"there is no template {given.template}; there are {names}")
    return chosen


def _every_template(given: argparse.Namespace) -> tuple[Template, ...]:
    """The built-in templates, those of the folder, and those of the office."""
    own = {} if given.templates is None else dict(texts_in(given.templates))
    if given.config is not None:
        with opened(given) as office, office.database.reading() as session:
            own |= own_texts(session)
    return together(own)


def _values(notice: Notice) -> dict[str, str | int]:
    return {name: found.value for name, found in notice.fields.items()}


def _prepare(given: argparse.Namespace) -> None:
    listed = addressees.read(_bytes(given.addressees))
    numbers, names = _protected(given)
    office = Office(_every_template(given), _number(given), protected=numbers, hidden_names=names)
    data, password = _bytes(given.document), _password(given)
    _make_empty(given.out)
    with Pool() as pool:
        reading = pool.read(data, password)

        def cut(groups: Sequence[Sequence[int]]) -> list[bytes | None]:
            return pool.cut(data, [[page - 1 for page in group] for group in groups], password)

        batch = prepare(reading, listed, office, cut)
    paths = [_write(given.out, message) for message in batch.messages]
    print(_batch_json(batch, paths) if given.json else _batch_text(batch))


def _protected(given: argparse.Namespace) -> tuple[frozenset[str], frozenset[str]]:
    """Numbers and names of residents whom only the protected desk sees; without an office none.

    That nobody was looked for is said, so that nobody takes what comes out for checked.
    """
    if given.config is None:
        words = "protection was not checked: name the office with --config, or look at every page"
        print(words, file=sys.stderr)
        return frozenset(), frozenset()
    with opened(given) as office, office.database.reading() as session:
        return hidden_numbers(session), hidden_names(session)


def _make_empty(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise DocumentError(f"{folder} is not empty; name a new folder")
    except OSError as error:
        raise DocumentError(f"{folder} cannot be made: {error.strerror}") from error


def _write(folder: Path, message: Prepared) -> Path:
    """The message's PDF under a name that tells nobody whose it is."""
    digest = hashlib.sha256(message.pdf).hexdigest()[:16]
    path = folder / f"{message.pages[0]:05d}-{digest}.pdf"
    path.touch(mode=0o600)
    path.write_bytes(message.pdf)
    return path


def _batch_json(batch: Batch, paths: Sequence[Path]) -> str:
    messages = [
        {
            "atena_no": message.addressee.atena_no,
            "name": message.addressee.name,
            "pages": list(message.pages),
            "pdf": str(path),
            "fields": _values(message.notice),
        }
        for message, path in zip(batch.messages, paths, strict=True)
    ]
    return json.dumps({"messages": messages, "held": _held(batch.held)}, ensure_ascii=False)


def _held(held: Sequence[Held]) -> list[dict[str, object]]:
    return [
        {
            "pages": list(one.pages),
            "atena_no": one.atena_no,
            "reason": one.reasons[0],
            "reasons": list(one.reasons),
        }
        for one in held
    ]


def _batch_text(batch: Batch) -> str:
    lines = [f"{len(batch.messages)} messages, {len(batch.held)} held"]
    lines += [
        f"! pages {', '.join(map(str, one.pages)) or '-'}: {', '.join(one.reasons)}"
        for one in batch.held
    ]
    return "\n".join(lines)
