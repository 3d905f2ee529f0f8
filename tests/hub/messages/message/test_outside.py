"""Hostile XML is parsed in a child that is shut in; a child that lies is not believed either."""

import base64
import json
from dataclasses import replace
from typing import Any

import pytest
from lxml import etree

from hub.messages.message import outside
from hub.messages.message.checking import check
from hub.messages.message.child import answer
from hub.messages.message.content import Content
from hub.messages.message.errors import MessageRefusedError, MessageSignatureError, Reason
from hub.messages.message.imported import ours
from hub.messages.message.making import make
from hub.messages.message.to_xml import tree
from hub.messages.message.wire import GarbledError, from_json, to_json
from hub.messages.sandbox.confinement import Confinement
from tests.hub.messages.message.message_samples import NOW, full, key, minimal, trusted

NS = b'xmlns="urn:madoguchi:message:1"'
LAUGHS = b"<!DOCTYPE lol [" + b"".join(
    b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"lol") for n in range(10)
)
HOSTILE = {
    "billion-laughs": (LAUGHS + b"]><lol>&l9;</lol>", Reason.DOCTYPE),
    "external-entity": (
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
        Reason.DOCTYPE,
    ),
    "remote-dtd": (b'<!DOCTYPE x SYSTEM "http://dtd.example/x.dtd"><x/>', Reason.DOCTYPE),
    "doctype-after-a-comment": (b"<!-- x -->\n\n<!DOCTYPE x><x/>", Reason.DOCTYPE),
    "utf-16": ("<?xml version='1.0'?><!DOCTYPE x><x/>".encode("utf-16"), Reason.NOT_UTF8),
    "utf-16-without-mark": ("<!DOCTYPE x><x/>".encode("utf-16-le"), Reason.NOT_UTF8),
    "utf-7": (b"<?xml version='1.0' encoding='utf-7'?><x>+ADw-</x>", Reason.NOT_UTF8),
    "utf-8-mark": (b"\xef\xbb\xbf<x/>", Reason.NOT_UTF8),
    "broken-utf-8": (b"<x>\n\xff</x>", Reason.NOT_UTF8),
    "odd-declaration": (b"<?xml version='1.0>' encoding='utf-7'?><x/>", Reason.NOT_XML),
    "deep": (b"<x>" * 100_000 + b"</x>" * 100_000, Reason.TOO_DEEP),
    "rather-deep": (b"<x>" * 40 + b"</x>" * 40, Reason.TOO_DEEP),
    "not-xml": (b"%PDF-1.7\n", Reason.NOT_XML),
    "nothing": (b"", Reason.NOT_XML),
    "cut-off": (b"<Message " + NS + b"><Header>\n", Reason.NOT_XML),
    "many-attributes": (
        b"<x " + b" ".join(b"a%d='1'" % n for n in range(50_000)) + b"/>",
        Reason.SCHEMA,
    ),
    "instruction": (b"<Message " + NS + b">\n<?php x ?></Message>", Reason.INSTRUCTION),
    "style-sheet": (b"<?xml-stylesheet href='x'?><Message " + NS + b"/>", Reason.INSTRUCTION),
    "comment": (b"<Message " + NS + b"><!-- x --></Message>", Reason.INSTRUCTION),
    "another-root": (b"<html/>", Reason.SCHEMA),
    "another-namespace": (b"<Message xmlns='urn:x'/>", Reason.SCHEMA),
    "empty": (b"<Message " + NS + b" version='1.0'/>", Reason.SCHEMA),
    "include": (
        b"<Message " + NS + b" xmlns:xi='http://www.w3.org/2001/XInclude' version='1.0'>"
        b"<xi:include href='file:///etc/passwd' parse='text'/></Message>",
        Reason.SCHEMA,
    ),
    "schema-location": (
        b"<Message " + NS + b" xmlns:s='http://www.w3.org/2001/XMLSchema-instance' "
        b"s:schemaLocation='urn:madoguchi:message:1 http://x.example/x.xsd' version='1.0'/>",
        Reason.SCHEMA,
    ),
}


def order(*, is_import: bool) -> dict[str, Any]:
    certificates = [
        {"der": base64.b64encode(one.der).decode(), "not_before_us": 0, "not_after_us": None}
        for one in trusted()
    ]
    return {"import": is_import, "trusted": [] if is_import else certificates}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_xml_has_its_reason_and_a_line(name: str):
    data, reason = HOSTILE[name]
    found = answer(order(is_import=True), data)
    assert found["problems"][0][1] == reason.value
    if name == "doctype-after-a-comment":
        assert found["problems"][0][0] == 3


@pytest.mark.system
@pytest.mark.parametrize("kind", list(Confinement))
def test_a_message_from_outside_is_checked_in_a_child(kind: Confinement):
    found = outside.check(make(full(), key(), NOW), trusted(), kind)
    assert found.content == full()
    assert found.signed_at == NOW


@pytest.mark.system
@pytest.mark.parametrize("name", ["billion-laughs", "deep", "utf-16", "nothing"])
def test_hostile_xml_does_no_harm_to_the_hub(name: str):
    data, reason = HOSTILE[name]
    with pytest.raises(MessageRefusedError) as caught:
        outside.read(data)
    assert caught.value.problems[0].reason is reason


@pytest.mark.system
def test_a_child_that_is_killed_is_an_answer(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(outside, "CHILD", ("-c", "print(); raise SystemExit(9)"))
    with pytest.raises(MessageRefusedError) as caught:
        outside.read(b"<x/>")
    assert caught.value.problems[0].reason is Reason.CRASHED


def test_what_is_too_large_reaches_no_parser():
    with pytest.raises(MessageRefusedError, match="too-large"):
        outside.read(b" " * (24 * 1024 * 1024 + 1))


def said() -> dict[str, Any]:
    """What an honest child says, having gone through JSON."""
    return json.loads(json.dumps(answer(order(is_import=False), make(full(), key(), NOW))))


def test_an_honest_child_is_believed():
    assert outside.believed(said(), trusted()).content == full()


@pytest.mark.parametrize(
    "lie",
    [
        {"content": to_json(replace(full(), title="別の題"))},
        {"content": to_json(minimal())},
        {"certificate": base64.b64encode(trusted(key(8))[0].der).decode()},
        {"value": base64.b64encode(bytes(64)).decode()},
        {"info": base64.b64encode(b"<x/>").decode()},
        {"properties": base64.b64encode(b"<x/>").decode()},
        {"properties": "?"},
        {"properties": None},
    ],
    ids=lambda lie: next(iter(lie)),
)
def test_a_child_that_lies_is_not_believed(lie: dict[str, Any]):
    with pytest.raises(MessageSignatureError):
        outside.believed({**said(), **lie}, trusted())


@pytest.mark.parametrize(
    "garbled",
    [
        {},
        {"content": None},
        {"content": {}},
        {"content": to_json(full()) | {"created": 1}},
        {"content": to_json(full()) | {"actions": [{"action": "payment", "label": "x"}]}},
        {"problems": [], "signature": False},
        {"problems": [["x", "y"]], "signature": False},
        {"problems": [[1, "no-such-reason", ""]], "signature": False},
        {"problems": 1, "signature": True},
    ],
)
def test_an_answer_out_of_form_is_a_crash(garbled: dict[str, Any]):
    with pytest.raises(MessageRefusedError) as caught:
        outside.believed(garbled, trusted())
    assert caught.value.problems[0].reason is Reason.CRASHED


@pytest.mark.parametrize("content", [minimal(), full()])
def test_json_brings_a_content_back(content: Content):
    assert from_json(json.loads(json.dumps(to_json(content)))) == content
    without = to_json(content, with_files=False)
    if content.main.files:
        with pytest.raises(GarbledError):
            from_json(without)


def imported(data: bytes, *, systems: bool = False) -> Content:
    found = answer(
        order(is_import=True) | {"trusted": order(is_import=False)["trusted"]}
        if systems
        else order(is_import=True),
        data,
    )
    return outside.claimed(found)


def test_what_a_core_system_made_becomes_a_message_of_ours():
    data = etree.tostring(tree(full()), pretty_print=True)
    made = ours(imported(data), "132241", key(), NOW)
    checked = check(made, trusted())
    assert checked.content.message_id == full().message_id
    assert checked.content.main == full().main
    assert checked.content.recipient.name == full().recipient.name


def test_the_jis_of_a_name_is_ours_whatever_the_system_thinks():
    sample = full()
    other = replace(sample, recipient=replace(sample.recipient, jis="山田"))
    made = ours(imported(etree.tostring(tree(other))), "132241", key(), NOW)
    assert check(made, trusted()).content.recipient.jis != "山田"


def test_another_municipality_is_not_spoken_for():
    with pytest.raises(MessageRefusedError) as caught:
        ours(full(), "131016", key(), NOW)
    assert caught.value.problems[0].reason is Reason.WRONG_ISSUER


def test_a_registered_systems_signature_is_demanded_and_checked():
    assert imported(make(full(), key(), NOW), systems=True) == full()
    for data in (etree.tostring(tree(full())), make(full(), key(8), NOW)):
        with pytest.raises(MessageSignatureError):
            imported(data, systems=True)


def test_a_signature_nobody_registered_is_not_passed_over():
    with pytest.raises(MessageSignatureError):
        imported(make(full(), key(), NOW))


@pytest.mark.parametrize(
    ("right", "wrong", "reason", "detail"),
    [
        (">12000<", ">0<", Reason.SCHEMA, "Yen: value"),
        ('mediaType="application/json"', "", Reason.SCHEMA, "File: attribute"),
        ('name="payment.json"', 'name="a b"', Reason.SCHEMA, "File name: value"),
        ("<Header>", "<Header><X/>", Reason.SCHEMA, "Expected is ( MessageId )"),
        ("12月25日", "12月26日", Reason.RULE, "era-differs"),
        ('repertoire="mj" ', "", Reason.RULE, "character-id"),
        ('id="MJ026191"', 'id="X"', Reason.VALUE, "character"),
    ],
)
def test_a_wrong_value_is_refused_at_its_line(right: str, wrong: str, reason: Reason, detail: str):
    pretty = etree.tostring(tree(full()), pretty_print=True, encoding="unicode")
    line = pretty[: pretty.index(right)].count("\n") + 1
    with pytest.raises(MessageRefusedError) as caught:
        imported(pretty.replace(right, wrong, 1).encode())
    found = caught.value.problems[0]
    assert (found.line, found.reason) == (line, reason)
    assert detail in found.detail
