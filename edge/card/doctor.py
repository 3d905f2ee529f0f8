"""`madoguchi-edge card doctor`: why no card is read here, and what to do about it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from drivers.card_reader import open_card_reader
from drivers.card_reader.counter_reading import read_counter_card
from drivers.card_reader.doctor import Finding, examine, step_name
from intake.certificates.anchors import AnchorSet
from intake.office.environment import Environment

if TYPE_CHECKING:
    import argparse
    from typing import TextIO

    from drivers.card_reader.card_reading import CardReading, CounterWish


def run(args: argparse.Namespace, out: TextIO) -> int:
    """Look, write every step, give 0 or the exit status of the first that fails."""
    findings = examine(args.reader, _read_empty)
    failed = next((finding for finding in findings if not finding.ok), None)
    if args.json:
        out.write(json.dumps(_as_json(findings, failed), ensure_ascii=False) + "\n")
    else:
        out.writelines(_lines(findings))
    return 0 if failed is None else failed.exit_code


def _read_empty(name: str, wish: CounterWish) -> CardReading:
    """The card on a reader without any secret, so that no anchors are needed."""
    environment = Environment.PRODUCTION
    reader = open_card_reader(f"pcsc:{name}", environment=environment)
    try:
        return read_counter_card(reader, wish, anchors=AnchorSet(()), environment=environment)
    finally:
        reader.close()


def _as_json(findings: tuple[Finding, ...], failed: Finding | None) -> dict[str, object]:
    return {
        "outcome": "ok" if failed is None else failed.code,
        "steps": [
            {
                "step": finding.step,
                "code": str(finding.code),
                "ok": finding.ok,
                "message": {"ja": finding.ja, "en": finding.en},
            }
            for finding in findings
        ],
    }


def _lines(findings: tuple[Finding, ...]) -> list[str]:
    lines: list[str] = []
    for finding in findings:
        ja, en = step_name(finding.step)
        mark = "○" if finding.ok else "×"
        lines += [f"{mark} {ja}: {finding.ja}\n", f"  {en}: {finding.en}\n"]
    return lines
