"""The examples beside the schema are what the schema, the rules and the documents say."""

from pathlib import Path

import pytest
from cryptography import x509
from lxml import etree

from hub.keys.message_key import TrustedCertificate
from hub.messages.message import imported
from hub.messages.message.checking import check
from hub.messages.message.errors import Reason
from hub.messages.message.parsing import parse
from hub.messages.message.schema import FOLDER, problems
from tests.hub.messages.message.message_samples import minimal
from tests.hub.messages.message.write_examples import EXAMPLES, full_example, pretty

DOCUMENT = (Path(__file__).parents[4] / "docs" / "message-format.md").read_text(encoding="utf-8")


def example(name: str) -> bytes:
    return (EXAMPLES / name).read_bytes()


def test_the_examples_are_in_step():
    assert example("minimal.xml") == pretty(minimal())
    assert example("full.xml") == pretty(full_example())


@pytest.mark.parametrize("name", ["minimal.xml", "full.xml", "signed.xml"])
def test_the_examples_are_valid(name: str):
    assert problems(parse(example(name))) == ()


def test_the_examples_are_taken_from_a_core_system():
    assert imported.read(example("full.xml"), []) == full_example()


def test_the_signed_example_verifies():
    certificate = x509.load_pem_x509_certificate(example("signed.crt"))
    checked = check(example("signed.xml"), [TrustedCertificate(certificate, 0)])
    assert checked.content == full_example()


def texts(file: str, path: str) -> list[str]:
    found = etree.parse(FOLDER / file).xpath(path)
    assert isinstance(found, list)
    return [str(one) for one in found]


def test_the_full_example_has_every_element_that_there_is():
    names = set(texts("message.xsd", "//*[local-name()='element']/@name"))
    used = {etree.QName(one).localname for one in parse(example("full.xml")).iter()}
    assert names == used


def test_every_element_attribute_rule_and_reason_is_described():
    attributes = texts("message.xsd", "//*[local-name()='attribute']/@name")
    elements = texts("message.xsd", "//*[local-name()='element']/@name")
    rules = texts("message.sch", "//@id")
    for name in (*elements, *attributes, *rules, *(reason.value for reason in Reason)):
        assert f"`{name}`" in DOCUMENT or f' {name}="' in DOCUMENT, name


def test_every_rule_is_broken_somewhere():
    """By its id in the tests, so that a rule which never fails is noticed."""
    folder = Path(__file__).parent
    tests = "".join(path.read_text(encoding="utf-8") for path in folder.glob("test_*.py"))
    for rule in texts("message.sch", "//@id"):
        assert f'"{rule}"' in tests, rule
