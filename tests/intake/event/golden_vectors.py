"""Writes `intake/golden/*.json`: `python -m tests.intake.event.golden_vectors`.

Everything is deterministic but `randomised.json`, which is written only with `--randomised` and
whose bytes another run does not repeat. All keys are TEST KEYS that anybody can compute.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from intake import canonical
from intake.event.ids import ReceptionNumber
from intake.event.keyset import sign_keyset
from intake.event.signing import ContentType
from tests.intake.event import golden_events as made_of
from tests.intake.event import samples as s
from tests.intake.event.golden_forms import NOTE, plain, signed_vector

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parents[3] / "intake" / "golden"


def keys() -> object:
    return {
        "note": NOTE,
        "keys": [
            {
                "name": name,
                "test_key_scalar": s.scalar(name).to_bytes(32, "big"),
                "public_der": key.public.der,
                "kid": key.kid,
            }
            for name, key in s.ALL_KEYS.items()
        ],
    }


def canonical_forms() -> object:
    values: list[object] = [
        *(0, 23, 24, 255, 256, 65535, 65536, 2**32, 2**63 - 1, -1, -24, -25, -(2**63)),
        *(0.0, 1.5, 100000.0, 1.1, -4.1, True, False, None, "", "水", "a\u0300", "邉\U000e0100"),
        *([], [1, [2, 3]], {}, {"b": 1, "a": 2, "aa": 3, "": 4}),
    ]
    refused = {
        "1817": "an integer not in its shortest form",
        "5f4100ff": "an indefinite length",
        "a2616200616100": "keys not in order",
        "a2616100616101": "a key twice",
        "0000": "bytes after the value",
        "f97e00": "not a number",
        "f97c00": "infinity",
        "fa3f800000": "a number not in its shortest form",
        "c000": "a tag",
        "61ff": "text that is not UTF-8",
        "a1f500": "a key that is neither text nor integer",
        "f7": "undefined",
    }
    return {
        "accepted": [{"value": value, "cbor": canonical.encode(value)} for value in values],
        "integer_keys": {
            "value": "{1: 0, -1: 1, 24: 2}",
            "cbor": canonical.encode({1: 0, -1: 1, 24: 2}),
        },
        "refused": [{"cbor": data, "why": why} for data, why in refused.items()],
    }


def reception_numbers() -> object:
    made = [("000", date(2026, 4, 1), 1), ("012", date(2026, 11, 23), 42)]
    made += [("999", date(2099, 12, 31), 9999)]
    texts = [
        {"device_code": code, "day": day, "counter": counter, "text": str(number)}
        for code, day, counter in made
        for number in [ReceptionNumber.make(code, day, counter)]
    ]
    wrong = ["012-261123-0042-77", "012-261123-0024-78", "012-261323-0042-30", "012-261123-0042"]
    return {"accepted": texts, "refused": wrong}


def key_set() -> object:
    data = sign_keyset(s.keyset(), s.ANCHOR)
    return {"note": NOTE, "key_set": s.keyset(), **signed_vector(data, ContentType.KEY_SET)}


DETERMINISTIC: dict[str, Callable[[], object]] = {
    "keys": keys,
    "canonical": canonical_forms,
    "reception_numbers": reception_numbers,
    "key_set": key_set,
    "events": made_of.events,
    "merkle": made_of.merkle_trees,
    "receipts": made_of.receipts,
    "messages": made_of.messages,
    "refused": made_of.refused,
}


def text_of(value: object) -> str:
    return json.dumps(plain(value), ensure_ascii=False, indent=1) + "\n"


def main(arguments: list[str]) -> None:
    made = dict(DETERMINISTIC)
    if "--randomised" in arguments:
        made["randomised"] = made_of.randomised
    for name, build in made.items():
        (FOLDER / f"{name}.json").write_text(text_of(build()), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
