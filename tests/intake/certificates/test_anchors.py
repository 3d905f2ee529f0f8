import hashlib

import pytest

from drivers.card_reader.simulated_card.demo_pki import DemoPki, make_pki
from intake.certificates.anchors import (
    MAX_ANCHORS,
    Anchor,
    Hierarchy,
    Purpose,
    accepted_hierarchies,
    make_anchor_set,
    parse_pins,
)
from intake.certificates.errors import AnchorError
from intake.office.environment import Environment
from tests.intake.certificates.conftest import NOW


def test_production_accepts_production_cards_only():
    assert accepted_hierarchies(Environment.PRODUCTION) == {Hierarchy.PRODUCTION}
    assert accepted_hierarchies(Environment.DEMO) == set(Hierarchy)


def test_production_refuses_a_folder_made_for_the_demo(pki: DemoPki):
    with pytest.raises(AnchorError, match="made for demo"):
        make_anchor_set(pki.anchors(), environment=Environment.PRODUCTION)
    # the control: the same files without the mark are taken
    unmarked = make_pki(NOW, environment=None)
    assert make_anchor_set(unmarked.anchors(), environment=Environment.PRODUCTION).anchors


def test_an_anchor_carries_purpose_generation_and_pin(pki: DemoPki):
    anchors = make_anchor_set(pki.anchors(), environment=Environment.DEMO)
    first = anchors.for_purpose(Purpose.AUTH)[0]
    assert first.generation == "production_1"
    assert first.hierarchy is Hierarchy.PRODUCTION
    assert Anchor(Purpose.AUTH, "auth_2019.der", b"", "").hierarchy is None
    assert first.sha256 == hashlib.sha256(first.der).hexdigest()
    assert len(anchors.card_verifiable_keys()) == 2


def test_a_file_that_is_not_pinned_is_refused(pki: DemoPki):
    files = pki.anchors()
    lines = [f"{hashlib.sha256(der).hexdigest()}  ./{name}" for name, der in files]
    pins = parse_pins("\n".join(["# current generations", "", *lines]))
    assert make_anchor_set(files, environment=Environment.DEMO, pins=pins).anchors
    with pytest.raises(AnchorError, match="not pinned under this name"):
        make_anchor_set(files, environment=Environment.DEMO, pins=dict(list(pins.items())[1:]))


def test_a_pin_holds_for_its_name_and_so_for_its_purpose(pki: DemoPki):
    auth = dict(pki.anchors())["auth_production_1.der"]
    digest = hashlib.sha256(auth).hexdigest()
    renamed = [("sign_production_1.der", auth)]
    named = parse_pins(f"{digest}  auth_production_1.der")
    with pytest.raises(AnchorError, match="not pinned under this name"):
        make_anchor_set(renamed, environment=Environment.DEMO, pins=named)
    # the control: a bare digest pins the bytes only
    assert make_anchor_set(renamed, environment=Environment.DEMO, pins=parse_pins(digest)).anchors


def test_a_pin_list_that_is_none_is_refused():
    with pytest.raises(AnchorError, match="does not begin"):
        parse_pins("sign_1.der  0123")


@pytest.mark.parametrize(
    ("name", "der"),
    [
        ("sign_1.der", b"junk"),
        ("cv_1.der", b"junk"),
        ("other_1.der", b""),
        ("sign_1.pem", b""),
        ("auth_1.der", bytes(20_000)),
    ],
)
def test_what_is_no_anchor_is_named(name: str, der: bytes):
    with pytest.raises(AnchorError, match=name):
        make_anchor_set([(name, der)], environment=Environment.DEMO)


def test_the_number_of_anchors_is_bounded(pki: DemoPki):
    der = dict(pki.anchors())["cv_test_1.der"]
    files = [(f"cv_{index}.der", der) for index in range(MAX_ANCHORS + 1)]
    with pytest.raises(AnchorError, match="more than"):
        make_anchor_set(files, environment=Environment.DEMO)
