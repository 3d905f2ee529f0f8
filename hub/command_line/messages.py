"""`messages make|check|show|import|certificates`: signed messages without a browser."""

import argparse
import base64
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from cryptography import x509

from hub.command_line.options import Commands, command, opened, show
from hub.errors import DocumentError
from hub.keys.message_key import TrustedCertificate, to_pem
from hub.messages.message import fields_file, imported, outside
from hub.messages.message.checking import Checked
from hub.messages.message.content import Content, Issuer
from hub.messages.message.errors import MessageRefusedError, Problem
from hub.messages.message.making import make
from hub.messages.message.page import as_html
from hub.messages.message.pdf import as_pdf
from hub.messages.message.plain import as_text
from hub.messages.message.sheet import fingerprint
from hub.messages.message.wire import to_json
from hub.office import Office
from hub.web.text import LANGUAGES, catalogue

FORMS: Final = ("html", "pdf", "text")
Made = TypeVar("Made")


def add_verbs(group: Commands) -> None:
    """Add the verbs to the noun `messages`."""
    made = command(group, "make", _make, "a signed message out of fields and a PDF")
    made.add_argument("--fields", type=Path, required=True, metavar="F", help="JSON")
    made.add_argument("--pdf", type=Path, metavar="P", help="the document itself")
    made.add_argument("--out", type=Path, required=True, metavar="X", help="the XML to write")
    checked = command(group, "check", _check, "whether a message is valid and signed by the office")
    _message(checked)
    shown = command(group, "show", _show, "a message as its reader sees it, once it is checked")
    _message(shown)
    form = shown.add_mutually_exclusive_group()
    for name in FORMS:
        form.add_argument(f"--{name}", dest="form", action="store_const", const=name)
    shown.add_argument("--out", type=Path, metavar="X", help="write there instead of to stdout")
    shown.add_argument("--language", choices=LANGUAGES, default="ja")
    shown.add_argument("--large", action="store_true", help="large print")
    shown.set_defaults(form="text")
    taken = command(group, "import", _import, "a core system's XML, checked and signed by us")
    taken.add_argument("file", type=Path, metavar="FILE")
    taken.add_argument("--out", type=Path, required=True, metavar="X", help="the XML to write")
    taken.add_argument(
        "--system", type=Path, action="append", default=[], metavar="CRT", help="its certificate"
    )
    given_out = command(group, "certificates", _certificates, "what others check messages with")
    given_out.add_argument("--out", type=Path, required=True, metavar="PEM")


def _message(found: argparse.ArgumentParser) -> None:
    found.add_argument("file", type=Path, metavar="FILE")
    about = "believe this certificate instead of the office's own (PEM, may be repeated)"
    found.add_argument(
        "--certificate", type=Path, action="append", default=[], metavar="CRT", help=about
    )


def _make(given: argparse.Namespace) -> None:
    fields, pdf = _bytes(given.fields), None if given.pdf is None else _bytes(given.pdf)
    with opened(given) as office:
        content = fields_file.read(fields, _issuer(office), pdf)
        data = _explained(given, lambda: make(content, office.ring.message_key(), _now()))
    _written(given, content, data)


def _import(given: argparse.Namespace) -> None:
    data = _bytes(given.file)
    systems = [one for path in given.system for one in _pinned(path)]
    with opened(given) as office:
        code, key = office.settings.office.code, office.ring.message_key()
        content = _explained(given, lambda: outside.read(data, systems))
        signed = _explained(given, lambda: imported.ours(content, code, key, _now()))
    _written(given, content, signed)


def _check(given: argparse.Namespace) -> None:
    checked = _explained(given, lambda: _checked(given))
    value = {
        "valid": True,
        "signed_at": checked.signed_at.isoformat(),
        "certificate": fingerprint(checked.certificate),
        "message": to_json(checked.content, with_files=False),
    }
    words = f"{checked.content.message_id}: valid, signed at {checked.signed_at.isoformat()}"
    show(given, value, words)


def _show(given: argparse.Namespace) -> None:
    checked = _explained(given, lambda: _checked(given))
    data = _rendered(given, checked)
    if given.out is not None:
        _write(given.out, data)
        value = {"form": given.form, "out": str(given.out), "bytes": len(data)}
        show(given, value, f"{given.out}: {len(data)} bytes")
    elif given.json:
        coded = {"base64": base64.b64encode(data).decode()}
        print(json.dumps({"form": given.form, **(coded if given.form == "pdf" else _said(data))}))
    else:
        sys.stdout.buffer.write(data)


def _certificates(given: argparse.Namespace) -> None:
    with opened(given) as office:
        found = office.ring.message_certificates()
    _write(given.out, b"".join(to_pem(one.certificate) for one in found))
    value = [fingerprint(one.der) for one in found]
    show(given, value, "\n".join(value))


def _rendered(given: argparse.Namespace, checked: Checked) -> bytes:
    if given.form == "pdf":
        return as_pdf(checked, given.language, large=given.large)
    if given.form == "html":
        return as_html(checked, given.language, large=given.large).encode()
    return as_text(checked, given.language).encode() + b"\n"


def _said(data: bytes) -> dict[str, str]:
    return {"text": data.decode()}


def _checked(given: argparse.Namespace) -> Checked:
    data = _bytes(given.file)
    if given.certificate:
        return outside.check(data, [one for path in given.certificate for one in _pinned(path)])
    with opened(given) as office:
        return outside.check(data, office.ring.message_certificates())


def _pinned(path: Path) -> list[TrustedCertificate]:
    """Certificates of a PEM file, believed whenever they signed."""
    try:
        found = x509.load_pem_x509_certificates(_bytes(path))
    except ValueError as error:
        raise DocumentError(f"{path} holds no certificate; give PEM") from error
    return [TrustedCertificate(one, 0) for one in found]


def _explained(given: argparse.Namespace, work: Callable[[], Made]) -> Made:
    """What `work` gives; a refusal is told line by line, in both languages, before it ends."""
    try:
        return work()
    except MessageRefusedError as error:
        problems = [_words(one) for one in error.problems]
        if given.json:
            print(json.dumps({"valid": False, "problems": problems}, ensure_ascii=False))
        else:
            for one in problems:
                detail = f" [{one['detail']}]" if one["detail"] else ""
                place = f"{one['line']}: " if one["line"] else ""
                print(f"{place}{one['ja']} / {one['en']}{detail}", file=sys.stderr)
        raise


def _words(problem: Problem) -> dict[str, Any]:
    said = {lang: catalogue(lang)(f"message_reason.{problem.reason.value}") for lang in LANGUAGES}
    return {"line": problem.line, "reason": problem.reason, "detail": problem.detail, **said}


def _written(given: argparse.Namespace, content: Content, data: bytes) -> None:
    _write(given.out, data)
    value = {"message_id": content.message_id, "out": str(given.out), "bytes": len(data)}
    show(given, value, f"{content.message_id}: {given.out}, {len(data)} bytes")


def _issuer(office: Office) -> Issuer:
    return Issuer(office.settings.office.code, f"{office.settings.office.name}長")


def _now() -> datetime:
    return datetime.now(UTC)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DocumentError(f"{path} cannot be read: {error.strerror}") from error


def _write(path: Path, data: bytes) -> None:
    try:
        path.touch(mode=0o600)
        path.write_bytes(data)
    except OSError as error:
        raise DocumentError(f"{path} cannot be written: {error.strerror}") from error
