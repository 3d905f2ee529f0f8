"""Messages: fields to signed XML and back, a second and core, beside signing alone in the same run.

Every message is another resident's, with a PDF of 45 KB inside. Baselines: `cryptography` signs the
bytes of the finished messages and does nothing else; signxml signs their trees without XAdES, rules
or schema. Processor time, the best of five rounds. `python -m bench.messages [--json FILE]`.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from lxml import etree
from signxml.signer import XMLSigner

from bench.telling import arguments, tell
from hub.messages.message.checking import check
from hub.messages.message.contents import Handling, from_fields
from hub.messages.message.making import make
from hub.messages.message.pdf import as_pdf
from hub.messages.message.to_xml import tree
from intake.characters import NameText
from tests.hub.messages.message.message_samples import ISSUER, NOW, full, key, trusted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hub.messages.message.content import Content

MESSAGES = 100
ROUNDS = 5
PDFS = 5
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 176
FIELDS = {
    "title": "固定資産税 納税通知書",
    "kana": "ワタナベ ハナコ",
    "doc_no": "多市税第1234号",
    "issue_date": "2026-11-01",
    "due_date": "2026-12-25",
    "amount_yen": 12_000,
}


def content(number: int) -> Content:
    """One resident's message from their fields."""
    return from_fields(
        {**FIELDS, "atena_no": f"{number:015d}"},
        kind="property_tax",
        issuer=ISSUER,
        name=NameText.from_plain("渡邉\U000e010f花子"),
        pdf=PDF,
        handling=Handling(created=NOW),
        text=full().main.text,
    )


def fastest(work: Callable[[int], object], count: int = MESSAGES) -> float:
    """Pieces of work a second of processor time, in the best round."""
    best = 0.0
    for _ in range(ROUNDS):
        started = time.process_time()
        for number in range(count):
            work(number)
        best = max(best, count / (time.process_time() - started))
    return round(best, 1)


def measured() -> dict[str, Any]:
    """All figures."""
    made = [make(content(number), key(), NOW) for number in range(MESSAGES)]
    first = check(made[0], trusted())
    return {
        "message_bytes": len(made[0]),
        "made_per_second": fastest(lambda number: make(content(number), key(), NOW)),
        "checked_per_second": fastest(lambda number: check(made[number], trusted())),
        "pdf_per_second": fastest(lambda _: as_pdf(first), PDFS),
        "cryptography_alone_per_second": fastest(signed_alone(made)),
        "signxml_alone_per_second": fastest(signed_plainly()),
    }


def signed_alone(made: Sequence[bytes]) -> Callable[[int], object]:
    """ECDSA over the bytes of the finished message."""
    private, algorithm = key().key.key, ec.ECDSA(hashes.SHA256())
    return lambda number: private.sign(made[number], algorithm)


def signed_plainly() -> Callable[[int], object]:
    """XML-DSig by signxml over the finished tree."""
    trees = [tree(content(number)) for number in range(MESSAGES)]
    one = key()

    def sign(number: int) -> bytes:
        signer = XMLSigner(signature_algorithm="ecdsa-sha256")
        signed = signer.sign(trees[number], key=one.key.key, cert=[one.certificate])
        return etree.tostring(signed)

    return sign


def table(figures: dict[str, Any]) -> str:
    """The figures as a table for people."""
    rows = (
        ("fields to signed XML", "made_per_second"),
        ("checked", "checked_per_second"),
        ("as PDF", "pdf_per_second"),
        ("baseline: signxml, signature only", "signxml_alone_per_second"),
        ("baseline: cryptography, signature only", "cryptography_alone_per_second"),
    )
    head = f"{figures['message_bytes']} bytes a message{'':18}  a second and core"
    return "\n".join([head, *(f"{label:40}  {figures[name]}" for label, name in rows)])


def main() -> None:
    """Measure and tell."""
    options = arguments(__doc__).parse_args()
    tell(measured(), table, options.json)


if __name__ == "__main__":
    main()
