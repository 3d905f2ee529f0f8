"""Certificate checks a second and core, beside pyhanko-certvalidator on the same questions.

Both get the leaf, one anchor and fresh evidence as DER and decide from nothing; each answer is
asked for before it is timed and must be acceptance. `python -m bench.certificates [--json FILE]`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bench.telling import arguments, tell
from intake.certificates.outcome import CheckResult
from tests.intake.certificates.authority import NONCE
from tests.intake.certificates.cases import Question, World
from tests.intake.certificates.test_second_judge import accepts


def questions(world: World) -> dict[str, Question]:
    """A good signing certificate with each kind of evidence, under the one anchor it has."""
    only = {world.sign.purpose: (world.sign.der,)}
    plain = replace(world.signing(), anchors=only)
    nonce = replace(plain, crl=None, ocsp=world.sign.ocsp(nonce=NONCE), nonce=NONCE)
    responder = world.sign.ocsp(by=world.sign.responder())
    return {
        "with a list": plain,
        "with the issuer's OCSP answer": nonce,
        "with a responder's OCSP answer": replace(plain, crl=None, ocsp=responder),
    }


def rate(decide: Callable[[Question], bool], question: Question, seconds: float) -> float:
    """Decisions per CPU second of this process."""
    if not decide(question):
        raise SystemExit("bench: a good certificate was refused; the figures would be worthless")
    done, began = 0, time.process_time()
    while (spent := time.process_time() - began) < seconds:
        decide(question)
        done += 1
    return done / spent


def ours(question: Question) -> bool:
    """This project's answer, anchors parsed anew as for another line of the command."""
    return question.answer().result is CheckResult.VALID


def measure(seconds: float = 2.0) -> dict[str, Any]:
    """Rates of both and their ratio for each kind of evidence."""
    figures: dict[str, Any] = {}
    for name, question in questions(World()).items():
        mine, theirs = rate(ours, question, seconds), rate(accepts, question, seconds)
        figures[name] = {
            "checks_per_s_and_core": round(mine),
            "pyhanko_certvalidator_per_s_and_core": round(theirs),
            "times_faster": round(mine / theirs, 1),
        }
    return {"evidence": figures}


def table(figures: dict[str, Any]) -> str:
    """The figures for people."""
    lines = [f"{'evidence':34}{'checks/s':>10}{'pyhanko':>10}{'ratio':>8}"]
    lines += [
        f"{name:34}{row['checks_per_s_and_core']:>10}"
        f"{row['pyhanko_certvalidator_per_s_and_core']:>10}{row['times_faster']:>8}"
        for name, row in figures["evidence"].items()
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, print the table on stderr and the JSON on stdout or into a file."""
    parser = arguments(__doc__)
    parser.add_argument("--seconds", type=float, default=2.0, help="CPU time a measurement")
    options = parser.parse_args()
    tell(measure(options.seconds), table, options.json)


if __name__ == "__main__":
    main()
