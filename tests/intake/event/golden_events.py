"""Golden vectors of events, trees, receipts, messages and what a hub sets aside."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from typing import cast

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from intake import canonical
from intake.canonical import Tagged
from intake.event import envelope as envelopes
from intake.event import manifest as manifests
from intake.event import merkle, signing, upward
from intake.event.checkpoint import sign_checkpoint
from intake.event.downward import DownwardKind, seal_downward
from intake.event.envelope import Envelope
from intake.event.manifest import EventKind, Manifest, PartName
from intake.event.merkle import MemoryTree
from intake.event.parts import SealedPart, seal_part
from intake.event.receipt import sign_receipt
from intake.event.seal import read_sealed, seal
from intake.event.signing import ContentType
from intake.event.upward import Answer, Ask, AskKind, sign_ask
from intake.office import decision, glyphs, roster
from intake.office.decision import Decision, Outcome
from intake.office.glyphs import GlyphState, OfficeGlyph, OfficeGlyphs
from intake.office.outline import GlyphOutline
from intake.office.roster import Role, Roster, StaffMember, make_pin_verifier
from tests.intake.event import samples as s
from tests.intake.event.golden_forms import NOTE, signed_vector


def part_vector(name: PartName) -> dict[str, object]:
    drawn: list[bytes] = []
    source = s.FixedRandom(f"part {name}")

    def recorded(size: int) -> bytes:
        drawn.append(source(size))
        return drawn[-1]

    part = seal_part(name, s.CONTENTS[name], s.keyset(), random=recorded)
    salt, content_key, iv, *ephemeral = drawn
    return {
        "name": name,
        "content": s.CONTENTS[name],
        "salt": salt,
        "content_key": content_key,
        "iv": iv,
        "ephemeral_random": ephemeral,
        "plaintext": canonical.encode([salt, s.CONTENTS[name]]),
        "readers": [f"reader-{name.recipient_class}", "reader-recovery"],
        "cose_encrypt": part.data,
        "entry": part.entry,
    }


def event_vector(value: Manifest, parts: tuple[SealedPart, ...]) -> dict[str, object]:
    data = seal(value, s.UNIT)
    envelope = Envelope(data, {part.name: part.data for part in parts})
    return {
        "manifest": value,
        **signed_vector(data, ContentType.EVENT),
        "envelope": envelopes.encode(envelope),
    }


def chain() -> list[tuple[Manifest, tuple[SealedPart, ...]]]:
    """Filed, amended and withdrawn by one key."""
    everything = s.sealed_parts()
    filed = s.manifest()
    first = read_sealed(seal(filed, s.UNIT)).identity
    few = s.sealed_parts(PartName.NOTIFICATION)
    amended = replace(
        filed,
        kind=EventKind.AMENDED,
        event_id="0a8d2c0e-53a5-4f65-9f38-5d0f1f6f0b02",
        revision=2,
        supersedes=first,
        sequence=2,
        previous=first,
        wall_time_us=s.NOW + 60_000_000,
        clock=replace(filed.clock, source="unknown", last_sync_us=None, uncertainty_us=None),
        parts=tuple(part.entry for part in few),
    )
    second = read_sealed(seal(amended, s.UNIT)).identity
    withdrawn = replace(
        amended,
        kind=EventKind.WITHDRAWN,
        event_id="77c1f2b0-0f5d-4a54-8c3e-0b6a3f0d2c03",
        revision=3,
        supersedes=second,
        sequence=3,
        previous=second,
        parts=(),
    )
    return [(filed, everything), (amended, few), (withdrawn, ())]


def events() -> object:
    return {
        "note": NOTE,
        "signer": "unit-signing",
        "parts": [part_vector(name) for name in PartName],
        "events": [event_vector(*item) for item in chain()],
    }


def merkle_trees() -> object:
    leaves = [hashlib.sha256(f"leaf {n}".encode()).digest() for n in range(9)]
    tree = MemoryTree(leaves)
    pairs = [(old, new) for new in (1, 2, 5, 8, 9) for old in range(1, new + 1)]
    return {
        "leaves": leaves,
        "roots": [merkle.root(tree, size) for size in range(10)],
        "inclusion": [
            {"index": index, "size": size, "proof": merkle.inclusion_proof(tree, index, size)}
            for size in (1, 2, 5, 8, 9)
            for index in range(size)
        ],
        "consistency": [
            {"old": old, "new": new, "proof": merkle.consistency_proof(tree, old, new)}
            for old, new in pairs
        ],
    }


def receipts() -> object:
    identity = read_sealed(seal(s.manifest(), s.UNIT)).identity
    tree = s.log_of(identity)
    checkpoint = s.checkpoint_of(tree)
    digest = hashlib.sha256(envelopes.encode(s.envelope())).digest()
    given = [
        s.journalled(identity),
        s.quarantined(digest, "part_missing"),
        s.quarantined(identity, "conflict"),
    ]
    return {
        "note": NOTE,
        "signer": "hub-receipt",
        "leaf": identity,
        "envelope_sha256": digest,
        "checkpoint": {
            "checkpoint": checkpoint,
            **signed_vector(sign_checkpoint(checkpoint, s.RECEIPT), ContentType.CHECKPOINT),
        },
        "receipts": [
            {
                "receipt": receipt,
                **signed_vector(sign_receipt(receipt, s.RECEIPT), ContentType.RECEIPT),
            }
            for receipt in given
        ],
    }


def messages() -> object:
    verifier = make_pin_verifier("482913", random=s.FixedRandom("pin"))
    clerk = StaffMember("sato.m", "見本 職員", frozenset({Role.CLERK}), verifier)
    staff = Roster(s.OFFICE, 3, s.NOW + s.DAY, (clerk,))
    returned = Decision(
        *(s.NOTIFICATION, s.manifest().reception_number, 1, bytes(32), Outcome.RETURNED, s.NOW),
        *("続柄を確認してください", "sato.m", date(2026, 12, 7), b"the notification"),
    )
    ask = Ask(s.BOOT, AskKind.CONSISTENCY, s.OFFICE, s.DEMO, s.DEVICE, s.NOW)
    ask = replace(ask, body=upward.encode_sizes(3, 9))
    answer = upward.encode_answer(Answer(s.BOOT, AskKind.CONSISTENCY, upward.encode_hashes([])))
    sent = [
        s.downward(DownwardKind.ROSTER, roster.encode(staff)),
        s.downward(DownwardKind.DECISION, decision.encode(returned)),
        s.downward(DownwardKind.ANSWER, answer),
        s.downward(DownwardKind.GLYPHS, glyphs.encode(office_glyphs())),
    ]
    return {
        "note": NOTE,
        "staff_pin": {"pin": "482913", "verifier": verifier},
        "downward": [
            {
                "message": message,
                "encrypted_to": "unit-encryption" if message.kind.encrypted else None,
                **signed_vector(sealed_message(message), ContentType.DOWNWARD),
            }
            for message in sent
        ],
        "ask": {"ask": ask, **signed_vector(sign_ask(ask, s.UNIT), ContentType.ASK)},
    }


def office_glyphs() -> OfficeGlyphs:
    """A plain 十 as an office's own character, and a retired one without anything beside it."""
    corners = ((1850, 950), (1850, 1080), (200, 1080))
    bar = (("M", ((200, 950),)), *(("L", (corner,)) for corner in corners), ("Z", ()))
    arc = (
        ("M", ((960, 200),)),
        (
            "Q",
            ((1090, 200), (1090, 1850)),
        ),
        ("C", ((1, 2), (-3, 4), (5, 6))),
        ("Z", ()),
    )
    outline = GlyphOutline.of((*bar, *arc))
    active = OfficeGlyph("G0001", GlyphState.ACTIVE, outline, 2, ("じゅう",), 24, "十", "十")
    retired = OfficeGlyph("U+E001", GlyphState.RETIRED, outline, 2)
    return OfficeGlyphs(s.OFFICE, 7, False, (active, retired))


def sealed_message(message: s.Downward) -> bytes:
    to = s.UNIT_READER.public if message.kind.encrypted else None
    random = s.FixedRandom(f"downward {message.kind}")
    return seal_downward(message, s.DOWNWARD, to, random=random)


def refused() -> object:
    """Envelopes that a hub sets aside, with the reason; all come on the topic of counter-01."""
    good = s.envelope()
    data = envelopes.encode(good)
    parts = dict(good.parts)
    missing = {name: part for name, part in parts.items() if name is not PartName.NAME_INK}
    swapped = {**parts, PartName.NAME_INK: parts[PartName.CARD_EVIDENCE]}
    forger = s.signing_key("forger")
    forged = seal(s.manifest(kid=forger.kid), forger)
    cases: list[tuple[str, str, bytes]] = [
        ("bad_signature", "one bit of the signature", data.replace(good.sealed, flipped(good))),
        ("unknown_key", "a key of no device", envelopes.encode(Envelope(forged, parts))),
        ("wrong_topic", "a manifest of another device", other(device="counter-02")),
        ("wrong_office", "a manifest of another office", other(office="011002")),
        ("wrong_environment", "a manifest of production", other(environment="production")),
        ("garbled", "the last byte is missing", data[:-1]),
        ("unknown_version", "version 2", canonical.encode([2, {"sealed": b"", "more": [1.5]}])),
        ("part_missing", "a part is missing", envelopes.encode(Envelope(good.sealed, missing))),
        ("part_mismatch", "a part is another", envelopes.encode(Envelope(good.sealed, swapped))),
    ]
    listed: list[dict[str, object]] = [
        {"code": code, "why": why, "envelope": envelope} for code, why, envelope in cases
    ]
    return {"note": NOTE, "device": s.DEVICE, "office": s.OFFICE, "cases": listed}


def flipped(envelope: Envelope) -> bytes:
    return envelope.sealed[:-1] + bytes([envelope.sealed[-1] ^ 1])


def other(**changes: str) -> bytes:
    wire = cast("dict[str, object]", canonical.decode(manifests.encode(s.manifest()), limit=9999))
    sealed = signing.sign(canonical.encode({**wire, **changes}), ContentType.EVENT, s.UNIT)
    return envelopes.encode(Envelope(sealed, s.envelope().parts))


def randomised() -> object:
    """What a TPM and a real random source give: other bytes each time, the same meaning."""
    protected, _, payload, _ = cast("list[bytes]", opened_cose(seal(s.manifest(), s.UNIT)))
    to_sign = canonical.encode(["Signature1", protected, b"", payload])
    r, t = decode_dss_signature(s.UNIT.key.sign(to_sign, ec.ECDSA(hashes.SHA256())))
    signature = r.to_bytes(32, "big") + t.to_bytes(32, "big")
    sealed = canonical.encode(Tagged(signing.TAG, [protected, {}, payload, signature]))
    part = seal_part(PartName.NOTIFICATION, b"the notification", s.keyset())
    return {
        "note": NOTE,
        "event": signed_vector(sealed, ContentType.EVENT),
        "part": {"content": b"the notification", "cose_encrypt": part.data, "entry": part.entry},
    }


def opened_cose(data: bytes) -> object:
    value = canonical.decode(data, limit=99_999, tags=frozenset({signing.TAG}))
    return cast("Tagged", value).value
