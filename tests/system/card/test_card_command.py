"""`madoguchi-edge card` through a real pcscd: the object, the exit statuses, what is not sent."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from drivers.card_reader.simulated_card.demo_pki import DemoPki, make_pki
from drivers.card_reader.simulated_card.persona import load_persona
from intake.certificates.card_key import signature_holds
from tests.system.card.running_bench import Bench

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]
HEAD = load_persona("head_of_household")
KEYS = {
    *("outcome", "card", "attributes", "authentication", "signature"),
    *("substituted", "tries_left", "message"),
}
PINS = {"--auth-pin-fd": "1234\n", "--text-pin-fd": "1234"}
B_CODE = {"--b-code-fd": "59051720314821\n"}
PASSWORD = {"--sign-password-fd": "DEMO1234\n"}
Found = dict[str, Any]


def card_read(
    bench: Bench, *options: str, trust: str | None = None, **secrets: dict[str, str]
) -> tuple[Found, Found]:
    """The object, and the answer of the process."""
    folder = trust or bench.do("trust")["folder"]
    name = bench.order("status")["reader_name"]
    given = {option: text for group in secrets.values() for option, text in group.items()}
    arguments = ["card", "read", "--reader", name, "--trust", folder, "--json", *options]
    answer = bench.do("command", arguments=arguments, secrets=given)
    assert answer["out"].count("\n") == 1, answer
    found = json.loads(answer["out"])
    assert set(found) == KEYS
    return found, answer


def holds(certificate: str, signature: str, message: bytes) -> bool:
    key = x509.load_der_x509_certificate(base64.b64decode(certificate)).public_key()
    assert isinstance(key, RSAPublicKey)
    return signature_holds(key, bytes.fromhex(signature), message)


DEMO = ("--environment", "demo")


def test_everything_a_counter_needs_in_one_object(bench: Bench, tmp_path: Path):
    document = tmp_path / "notification"
    document.write_bytes(b"what is signed\n")
    bench.insert("head_of_household")
    options = (*DEMO, "--sign", str(document), "--want", "text,auth,sign,photo")
    found, answer = card_read(bench, *options, pins=PINS, b=B_CODE, password=PASSWORD)
    assert (found["outcome"], answer["status"]) == ("ok", 0), answer
    assert found["card"] == {"kind": "plastic", "hierarchy": "production"}
    assert found["attributes"] == {
        "name": HEAD.name,
        "address": HEAD.address,
        "birth_date": HEAD.birth_date.isoformat(),
        "sex": HEAD.sex,
    }
    proof, signed = found["authentication"], found["signature"]
    assert len(bytes.fromhex(proof["challenge"])) == 32
    assert holds(proof["certificate"], proof["signature"], bytes.fromhex(proof["challenge"]))
    assert holds(signed["certificate"], signed["signature"], document.read_bytes())
    assert not holds(signed["certificate"], signed["signature"], b"something else")
    assert (proof["result"], signed["result"]) == ("unknown", "unknown")
    assert found["substituted"] == {"name": [0], "address": []}
    assert found["tries_left"] == {"auth": 3, "sign": 5, "text": 3, "b_code": 10}
    assert set(found["message"]) == {"ja", "en"}
    assert HEAD.my_number not in answer["out"]


def test_parts_not_asked_for_are_null_and_their_secrets_stay_unsent(bench: Bench):
    bench.insert("head_of_household")
    wrong = {"--auth-pin-fd": "9999", "--text-pin-fd": "1234"}
    found, answer = card_read(bench, *DEMO, "--want", "text", pins=wrong, password=PASSWORD)
    assert (found["outcome"], answer["status"]) == ("ok", 0)
    assert found["attributes"]["name"] == HEAD.name
    parts = ("authentication", "signature", "substituted")
    assert [found[part] for part in parts] == [None] * 3
    assert found["tries_left"]["auth"] == 3
    by_code, _ = card_read(bench, *DEMO, "--want", "text,photo", b=B_CODE)
    assert by_code["attributes"] == found["attributes"]


def test_without_want_the_given_secrets_choose(bench: Bench):
    bench.insert("head_of_household")
    nothing, answer = card_read(bench, *DEMO)
    assert (nothing["outcome"], answer["status"]) == ("ok", 0)
    assert (nothing["attributes"], nothing["authentication"]) == (None, None)
    assert nothing["tries_left"]["auth"] == 3
    both, _ = card_read(bench, *DEMO, pins=PINS)
    assert None not in (both["attributes"], both["authentication"])


@pytest.mark.parametrize(
    ("persona", "outcome", "status"),
    [
        ("not_my_number", "not_my_number_card", 4),
        ("blocked", "pin_blocked", 4),
        ("one_try_left", "pin_one_left", 4),
        ("tampered_text", "not_genuine", 5),
        ("clone", "not_genuine", 5),
        ("forged_issuer", "not_genuine", 5),
        ("expired", "certificate_invalid", 5),
        ("android", "ok", 0),
        ("awkward", "ok", 0),
        ("test_hierarchy", "ok", 0),
    ],
)
def test_each_card_has_its_outcome_and_exit_status(
    bench: Bench, persona: str, outcome: str, status: int
):
    bench.insert(persona)
    found, answer = card_read(bench, *DEMO, pins=PINS)
    assert (found["outcome"], answer["status"]) == (outcome, status), answer
    if status:
        parts = ("attributes", "authentication", "signature", "substituted")
        assert [found[part] for part in parts] == [None] * 4


def test_a_wrong_pin_is_sent_once_and_never_at_one_left_without_the_override(bench: Bench):
    bench.insert("head_of_household")
    wrong = {"--auth-pin-fd": "9999\n"}
    first, answer = card_read(bench, *DEMO, "--want", "auth", pins=wrong)
    assert (first["outcome"], answer["status"]) == ("pin_wrong", 4)
    assert first["tries_left"]["auth"] == 2
    assert card_read(bench, *DEMO, "--want", "auth", pins=wrong)[0]["tries_left"]["auth"] == 1
    kept, _ = card_read(bench, *DEMO, "--want", "auth", pins=wrong)
    assert (kept["outcome"], kept["tries_left"]["auth"]) == ("pin_one_left", 1)
    last, _ = card_read(bench, *DEMO, "--want", "auth", "--allow-last-try", pins=wrong)
    assert (last["outcome"], last["tries_left"]["auth"]) == ("pin_blocked", 0)


def test_a_secret_loses_one_newline_only_and_what_can_be_none_is_not_sent(bench: Bench):
    bench.insert("head_of_household")
    for text, outcome in {
        "1234": "ok",
        "1234\n": "ok",
        "1234\n\n": "pin_format",
        "12345": "pin_format",
        "": "pin_format",
        "\n": "pin_format",
        "１２３４": "pin_format",
        "9" * 500: "pin_format",
    }.items():
        found, _ = card_read(bench, *DEMO, "--want", "auth", pins={"--auth-pin-fd": text})
        assert found["outcome"] == outcome, text
    assert card_read(bench, *DEMO)[0]["tries_left"]["auth"] == 3


def unmarked_anchors(folder: Path) -> DemoPki:
    """Anchors that state no environment, as those of the real authority."""
    import datetime as dt  # noqa: PLC0415 - used here alone

    pki = make_pki(dt.datetime.now(dt.UTC), environment=None)
    folder.mkdir()
    for name, der in pki.anchors():
        (folder / name).write_bytes(der)
    return pki


def test_what_the_folder_does_not_vouch_for_is_not_genuine(bench: Bench, tmp_path: Path):
    unmarked_anchors(tmp_path / "others")
    bench.insert("head_of_household")
    trust = str(tmp_path / "others")
    for want in ("text", "auth", "text,auth"):
        found, answer = card_read(bench, "--want", want, trust=trust, pins=PINS)
        assert (found["outcome"], answer["status"]) == ("not_genuine", 5), want


def test_anchors_that_cannot_be_used_leave_the_card_alone(bench: Bench, tmp_path: Path):
    bench.insert("head_of_household")
    before = bench.order("status")["commands"]
    for trust in (str(tmp_path), str(tmp_path / "missing"), bench.do("trust")["folder"]):
        found, answer = card_read(bench, trust=trust, pins=PINS)  # production by default
        assert (found["outcome"], answer["status"]) == ("trust_unusable", 2)
        assert answer["err"]
    assert bench.order("status")["commands"] == before


def test_usage_errors_say_what_to_write(bench: Bench):
    folder = bench.do("trust")["folder"]
    for options, said in (
        (["--want", "text,number"], "choose from"),
        (["--want", "sign"], "--sign FILE"),
        (["--sign", "/no/such/file"], "name the file"),
        (["--auth-pin-fd", "77"], "file descriptor 77"),
        (["--auth-pin-fd", "0", "--text-pin-fd", "0"], "of its own"),
        (["--profile", "/no/such/profile"], "card profile"),
    ):
        arguments = ["card", "read", "--trust", folder, *options]
        answer = bench.do("command", arguments=arguments)
        assert answer["status"] == 2, answer
        assert said in answer["err"]


def test_the_text_form_is_readable_and_says_the_same(bench: Bench):
    bench.insert("head_of_household")
    arguments = ["card", "read", "--trust", bench.do("trust")["folder"], *DEMO]
    answer = bench.do("command", arguments=arguments, secrets=PINS)
    assert answer["status"] == 0
    assert answer["out"].splitlines()[0].endswith("。")
    assert f"attributes.name: {HEAD.name}" in answer["out"].splitlines()


def test_what_is_missing_is_named_in_time_and_nothing_has_to_be_restarted(bench: Bench):
    def outcome() -> tuple[str, int]:
        words = ["card", "read", "--trust", bench.do("trust")["folder"], *DEMO, "--json"]
        answer = bench.do("command", arguments=words, secrets=PINS)
        assert answer["seconds"] < 10.0
        return json.loads(answer["out"])["outcome"], answer["status"]

    assert outcome() == ("no_card", 3)
    assert bench.order("unplug")["ok"]
    assert outcome() == ("no_reader", 3)
    assert bench.order("stop_pcscd")["ok"]
    assert outcome() == ("no_service", 3)
    assert bench.order("plug")["ok"]
    assert bench.order("start_pcscd")["ok"]
    bench.insert("head_of_household")
    bench.do("hold")
    assert outcome() == ("reader_busy", 4)
    bench.do("release")
    assert outcome() == ("ok", 0)


def test_the_doctor_names_the_first_thing_that_is_missing(bench: Bench):
    def doctor(*options: str) -> tuple[str, int]:
        answer = bench.do("command", arguments=["card", "doctor", "--json", *options])
        found = json.loads(answer["out"])
        assert all(set(step["message"]) == {"ja", "en"} for step in found["steps"])
        return found["outcome"], answer["status"]

    assert doctor() == ("no_card", 3)
    assert doctor("--reader", "Some other reader") == ("reader_not_named", 3)
    bench.insert("head_of_household")
    assert doctor() == ("ok", 0)
    bench.do("hold")
    assert doctor() == ("reader_busy", 4)
    bench.do("release")
    bench.insert("not_my_number")
    assert doctor() == ("not_my_number_card", 4)
    bench.insert("blocked")
    assert doctor() == ("blocked", 4)
    assert bench.order("unplug")["ok"]
    assert doctor() == ("reader_none", 3)
    assert bench.order("stop_pcscd")["ok"]
    assert doctor() == ("reader_service", 3)
    lines = bench.do("command", arguments=["card", "doctor"])["out"].splitlines()
    assert lines[0].startswith("×")
