import time

import pytest

from tests.system.card.running_bench import Bench

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]
RECOVERY_S = 3.0


def test_a_whole_reading_and_its_commands(bench: Bench):
    assert bench.do("read")["code"] == "no_card"
    bench.insert("head_of_household")
    reading = bench.do("read")
    assert (reading["code"], reading["name"]) == ("ok", "髙橋　健一")
    assert reading["evidence"]
    again = bench.do("read")
    assert again["seconds"] < 0.5
    assert bench.order("status")["commands"] == 88


def test_a_wrong_pin_costs_one_try_and_a_blocked_one_none(bench: Bench):
    bench.insert("head_of_household")
    wrong = bench.do("read", auth="9999")
    assert (wrong["code"], wrong["tries"]["auth"]) == ("pin_wrong", 2)
    assert bench.do("read", auth="9999")["tries"]["auth"] == 1
    assert bench.do("read", auth="9999")["code"] == "pin_one_left"
    bench.insert("blocked")
    blocked = bench.do("read")
    assert (blocked["code"], blocked["tries"]["auth"]) == ("pin_blocked", 0)
    bench.insert("head_of_household")  # the same card again: its tries are what they were
    assert bench.do("read")["code"] == "pin_one_left"


@pytest.mark.parametrize(
    ("persona", "code"),
    [
        ("not_my_number", "not_my_number_card"),
        ("tampered_text", "not_genuine"),
        ("clone", "not_genuine"),
        ("awkward", "ok"),
        ("android", "ok"),
    ],
)
def test_each_persona_ends_as_it_does_in_process(bench: Bench, persona: str, code: str):
    bench.insert(persona)
    assert bench.do("read")["code"] == code


def test_a_card_torn_at_each_command_of_a_reading(bench: Bench):
    bench.insert("head_of_household")
    assert bench.do("read")["code"] == "ok"
    whole = bench.order("status")["commands"]
    files = bench.do("open_files")["count"]
    for index in range(whole):
        assert bench.order("remove_after", commands=index)["ok"]
        torn = bench.do("read")
        assert torn["code"] == "removed", (index, torn)
        assert (torn["name"], torn["evidence"]) == (None, False)
        bench.insert("head_of_household")
    good = bench.do("read")
    assert good["code"] == "ok"
    assert good["tries"] == {"auth": 3, "text": 3, "sign": 5, "b_code": 10}
    assert bench.do("open_files")["count"] <= files + 1


def test_a_slow_card_is_waited_for(bench: Bench):
    bench.insert("head_of_household")
    assert bench.order("fault", name="slow_ms", value=20)["ok"]
    slow = bench.do("read")
    assert slow["code"] == "ok"
    assert slow["seconds"] > 0.8


def test_a_card_that_does_not_answer_is_given_up_and_freed(bench: Bench):
    bench.insert("head_of_household")
    bench.do("impatient")
    bench.do("wait", status="present", timeout=5)
    assert bench.order("fault", name="slow_ms", value=1200)["ok"]
    stuck = bench.do("read")
    assert stuck["code"] == "timeout"
    assert stuck["seconds"] < 1.0
    assert bench.order("fault", name="slow_ms", value=0)["ok"]
    time.sleep(1.5)  # the late answer comes in, and the card is let go of
    assert bench.do("read")["code"] == "ok"


@pytest.mark.parametrize("end", ["stop_pcscd", "kill_pcscd"])
def test_the_reader_recovers_when_pcscd_goes_and_comes_back(bench: Bench, end: str):
    bench.insert("head_of_household")
    assert bench.order(end)["reader"] == "no_service"
    assert bench.do("wait", status="no_service", timeout=3)["status"] == "no_service"
    assert bench.do("read")["code"] == "no_service"
    assert bench.order("start_pcscd")["ok"]
    waited = bench.do("wait", status="present", timeout=10)
    assert waited["seconds"] < RECOVERY_S
    assert bench.do("read")["code"] == "ok"


def test_no_reader_and_a_reader_plugged_in_later(bench: Bench):
    assert bench.order("unplug")["reader"] == "no_reader"
    assert bench.do("wait", status="no_reader", timeout=5)["status"] == "no_reader"
    assert bench.do("read")["code"] == "no_reader"
    assert bench.order("plug")["ok"]
    assert bench.do("wait", status="empty", timeout=5)["seconds"] < RECOVERY_S
    bench.insert("head_of_household")
    assert bench.do("read")["code"] == "ok"


def test_no_other_process_signs_with_our_pin_while_or_after(bench: Bench):
    bench.insert("head_of_household")
    bench.do("hold")
    assert "violation" in bench.do("stranger")["said"].lower()
    bench.do("release")
    assert bench.do("stranger", select=True)["said"] == "6982"
    assert bench.do("stranger")["said"] != "9000"


def test_the_control_a_shared_connection_left_as_it_is_lets_a_stranger_sign(bench: Bench):
    """Without exclusive connection and unpower, the stranger gets his signature."""
    bench.insert("head_of_household")
    assert bench.do("hold_shared")["ok"]
    assert bench.do("stranger")["said"] == "9000"
    bench.do("leave_shared")
    assert bench.do("stranger")["said"] == "9000"


def test_thirty_cards_on_and_off_leave_nothing_behind(bench: Bench):
    bench.insert("head_of_household")
    bench.do("read")
    before = bench.do("open_files")["count"]
    for _ in range(30):
        assert bench.order("remove")["reader"] == "empty"
        bench.insert("head_of_household")
    assert bench.do("read")["code"] == "ok"
    assert bench.do("open_files")["count"] <= before + 1
