"""The golden vectors: made again byte for byte, and judged by code that is not ours."""

from __future__ import annotations

import hashlib
import json
from typing import Any, cast

import cbor2
import pytest
from cddl_verifier import Validator

from intake.canonical import decode as decode_canonical
from intake.errors import DecodeError, VerificationError
from intake.event import envelope as envelopes
from intake.event import merkle
from intake.event.admission import DeviceKey, admit
from intake.event.downward import Audience, DownwardKind, open_downward
from intake.event.ids import ReceptionNumber
from intake.event.keys import PublicKey, ReaderKey
from intake.event.keyset import accept_keyset
from intake.event.manifest import PartEntry, PartName, RecipientClass
from intake.event.parts import open_part
from intake.event.quarantine import QuarantineReason, reason_of
from intake.event.receipt import verify_receipt
from intake.event.seal import read_sealed, verify
from intake.event.topics import Topic, Up, parse, up
from intake.event.upward import read_ask, verify_ask
from intake.office.environment import Environment
from intake.office.roster import check_pin
from tests.intake.event import foreign, merkle_reference
from tests.intake.event.golden_vectors import DETERMINISTIC, FOLDER, text_of
from tests.intake.event.samples import NOW

Json = dict[str, Any]
SCHEMA = "\n".join(
    (FOLDER.parent / "schema" / f"{name}.cddl").read_text(encoding="utf-8")
    for name in ("common", "cose", "event", "keyset", "receipt", "messages", "office")
)
JUDGE = Validator(SCHEMA)
FORMS = {
    "event": "manifest",
    "keyset": "key-set",
    "checkpoint": "checkpoint",
    "receipt": "receipt",
    "downward": "downward",
    "ask": "ask",
}


def load(name: str) -> Json:
    return cast("Json", json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))


def octets(text: str) -> bytes:
    return bytes.fromhex(text)


KEYS: dict[str, Json] = {item["name"]: item for item in load("keys")["keys"]}


def public(name: str) -> PublicKey:
    return PublicKey.from_der(octets(KEYS[name]["public_der"]))


def reader(name: str) -> ReaderKey:
    return ReaderKey.from_scalar(int(KEYS[name]["test_key_scalar"], 16))


def conforms(data: bytes, root: str) -> bool:
    return JUDGE.validate(data, root).valid


@pytest.mark.parametrize("name", sorted(DETERMINISTIC))
def test_making_them_again_gives_the_same_bytes(name: str) -> None:
    made = text_of(DETERMINISTIC[name]())
    assert made == (FOLDER / f"{name}.json").read_text(encoding="utf-8"), (
        "run python -m tests.intake.event.golden_vectors and look at what changed"
    )


def test_keys_are_named_by_their_hash_and_marked_as_test_keys() -> None:
    for name, item in KEYS.items():
        assert public(name) == reader(name).public
        assert hashlib.sha256(octets(item["public_der"])).hexdigest()[:32] == item["kid"]
    for name in (*DETERMINISTIC, "randomised"):
        assert "scalar" not in json.dumps(load(name)) or "TEST KEYS" in load(name)["note"]


def test_canonical_forms() -> None:
    vectors = load("canonical")
    for item in vectors["accepted"]:
        assert cbor2.loads(octets(item["cbor"])) == item["value"]
        assert decode_canonical(octets(item["cbor"]), limit=99) == item["value"]
    for item in vectors["refused"]:
        with pytest.raises(DecodeError):
            decode_canonical(octets(item["cbor"]), limit=99)


def test_reception_numbers() -> None:
    vectors = load("reception_numbers")
    for item in vectors["accepted"]:
        number = ReceptionNumber.from_wire(item["text"])
        assert (number.device_code, number.day.isoformat(), number.counter) == (
            item["device_code"],
            item["day"],
            item["counter"],
        )
        assert int(item["text"].replace("-", "")) % 97 == 1
    for text in vectors["refused"]:
        with pytest.raises(DecodeError):
            ReceptionNumber.parse(text)


def signed_vectors() -> list[tuple[str, Json]]:
    """Every signed message of every file, with the name of its signer."""
    found = [("unit-signing", item) for item in load("events")["events"]]
    found += [("hub-receipt", item) for item in load("receipts")["receipts"]]
    found += [("hub-downward", item) for item in load("messages")["downward"]]
    return [
        *found,
        ("office-anchor", load("key_set")),
        ("hub-receipt", load("receipts")["checkpoint"]),
        ("unit-signing", load("messages")["ask"]),
        ("unit-signing", load("randomised")["event"]),
    ]


@pytest.mark.parametrize(("signer", "item"), signed_vectors())
def test_the_foreign_judge_verifies_every_signed_vector(signer: str, item: Json) -> None:
    data = octets(item["cose_sign1"])
    assert foreign.verify(data, public(signer)) == octets(item["payload"])
    protected, unprotected, payload, signature = cbor2.loads(data).value
    signed_bytes = cbor2.dumps(["Signature1", protected, b"", payload])
    assert signed_bytes.hex() == item["signed_bytes"]
    assert hashlib.sha256(signed_bytes).hexdigest() == item["identity"]
    assert (unprotected, signature.hex()) == ({}, item["signature"])
    header = {1: -7, 3: item["content_type"], 4: octets(KEYS[signer]["kid"])}
    assert cbor2.loads(protected) == header
    assert conforms(data, "signed")


@pytest.mark.parametrize(("signer", "item"), signed_vectors())
def test_the_foreign_schema_judge_accepts_every_payload(signer: str, item: Json) -> None:
    root = FORMS[item["content_type"].removeprefix("application/madoguchi-").removesuffix("+cbor")]
    payload = octets(item["payload"])
    assert conforms(payload, root), signer
    wire = cast("Json", cbor2.loads(payload))
    assert not conforms(cbor2.dumps({**wire, "more": 1}), root)
    for name in wire:
        fewer = {key: value for key, value in wire.items() if key != name}
        assert not conforms(cbor2.dumps(fewer), root), name
        assert not conforms(cbor2.dumps({**wire, name: 1.5}), root), name


@pytest.mark.parametrize("item", [*load("events")["parts"], load("randomised")["part"]])
def test_every_sealed_part_opens_here_and_with_the_foreign_judge(item: Json) -> None:
    fields = item["entry"]
    entry = PartEntry(
        PartName(fields["name"]),
        octets(fields["digest"]),
        octets(fields["sealed_sha256"]),
        RecipientClass(fields["recipient_class"]),
        fields["size"],
    )
    data = octets(item["cose_encrypt"])
    for name in (f"reader-{entry.recipient_class}", "reader-recovery"):
        plaintext = foreign.decrypt(data, reader(name))
        assert hashlib.sha256(plaintext).digest() == entry.digest
        assert cbor2.loads(plaintext)[1] == octets(item["content"])
        assert open_part(data, reader(name), entry) == octets(item["content"])
    assert conforms(data, "encrypted")
    assert conforms(plaintext, "part-plaintext")


def test_events_form_a_chain_and_are_admitted() -> None:
    previous = None
    for item in load("events")["events"]:
        sealed = read_sealed(octets(item["cose_sign1"]))
        assert verify(sealed, public("unit-signing")).previous == previous
        previous = sealed.identity
        assert previous.hex() == item["identity"]
        assert conforms(octets(item["envelope"]), "envelope")
        assert admitted(octets(item["envelope"])) == previous


def topic() -> Topic:
    vectors = load("refused")
    return parse(up(vectors["office"], vectors["device"], Up.INTAKE))


def admitted(data: bytes) -> bytes:
    place = topic()
    assert place.device is not None
    key = DeviceKey(public("unit-signing"), place.office, place.device, Environment.DEMO, NOW)
    return admit(data, place, {key.public.kid: key}.get, now_us=NOW).identity


@pytest.mark.parametrize("case", load("refused")["cases"], ids=lambda case: case["code"])
def test_what_is_set_aside_has_its_reason(case: Json) -> None:
    with pytest.raises((DecodeError, VerificationError)) as caught:
        admitted(octets(case["envelope"]))
    assert reason_of(caught.value) is QuarantineReason(case["code"])


def test_another_signature_over_the_same_manifest_is_the_same_event() -> None:
    again, first = load("randomised")["event"], load("events")["events"][0]
    assert again["signature"] != first["signature"]
    assert again["identity"] == first["identity"]


def test_trees() -> None:
    vectors = load("merkle")
    leaves = [octets(leaf) for leaf in vectors["leaves"]]
    roots = [octets(root) for root in vectors["roots"]]
    assert roots == [merkle_reference.mth(leaves[:size]) for size in range(len(roots))]
    for item in vectors["inclusion"]:
        proof = [octets(step) for step in item["proof"]]
        index, size = item["index"], item["size"]
        assert proof == merkle_reference.path(index, leaves[:size])
        merkle.verify_inclusion(leaves[index], index, size, proof, roots[size])
    for item in vectors["consistency"]:
        proof = [octets(step) for step in item["proof"]]
        old, new = item["old"], item["new"]
        assert proof == merkle_reference.proof(old, leaves[:new])
        merkle.verify_consistency(old, new, roots[old], roots[new], proof)


def test_receipts_and_messages_are_believed_by_the_key_set() -> None:
    fields = load("key_set")["key_set"]
    office = fields["office"]
    keyset = accept_keyset(
        octets(load("key_set")["cose_sign1"]),
        public("office-anchor"),
        office=office,
        environment=Environment.DEMO,
        held=None,
        now_us=NOW,
    )
    for item in load("receipts")["receipts"]:
        receipt = verify_receipt(
            octets(item["cose_sign1"]),
            keyset,
            octets(load("receipts")["leaf"]),
            digest=octets(load("receipts")["envelope_sha256"]),
        )
        assert receipt.status == item["receipt"]["status"]
    here = Audience(office, Environment.DEMO, load("refused")["device"])
    for item in load("messages")["downward"]:
        message = open_downward(
            octets(item["cose_sign1"]),
            DownwardKind(item["message"]["kind"]),
            keyset,
            here,
            now_us=NOW,
            reader=reader("unit-encryption"),
        )
        assert message.body.hex() == item["message"]["body"]
        root = {"glyphs": "office-glyphs"}.get(message.kind, message.kind.value)
        assert conforms(message.body, root)
    asked = read_ask(octets(load("messages")["ask"]["cose_sign1"]))
    assert (
        verify_ask(asked, public("unit-signing")).ask_id == load("messages")["ask"]["ask"]["ask_id"]
    )


def test_the_staff_pin_fits_its_verifier() -> None:
    given = load("messages")["staff_pin"]
    assert check_pin(given["verifier"], given["pin"])


def test_a_newer_envelope_keeps_its_bytes() -> None:
    case = next(c for c in load("refused")["cases"] if c["code"] == "unknown_version")
    found = envelopes.decode(octets(case["envelope"]))
    assert isinstance(found, envelopes.UnknownVersion)
    assert found.data.hex() == case["envelope"]
