"""Staff log in offline: right PIN, wrong PINs until locked out, idleness, a roster run out."""

import pytest

from edge.errors import LoginError
from edge.settings import ClerkPage
from edge.staff_desk import StaffDesk
from intake.office.roster import Role, Roster, StaffMember, make_pin_verifier

pytestmark = pytest.mark.system  # real servers or slow hashes: seconds, apart from the fast part

VERIFIER = make_pin_verifier("246810")
ROSTER = Roster(
    "131016",
    1,
    1000,
    (
        StaffMember("sato", "佐藤", frozenset({Role.CLERK}), VERIFIER),
        StaffMember("kato", "加藤", frozenset({Role.REVIEWER}), VERIFIER),
    ),
)
SETTINGS = ClerkPage(idle_minutes=10, warning_seconds=60, attempts=3, lockout_seconds=300)


class Steady:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def steady() -> Steady:
    return Steady()


@pytest.fixture
def desk(steady: Steady) -> StaffDesk:
    return StaffDesk(SETTINGS, steady=steady)


def refused(desk: StaffDesk, staff_id: str, pin: str, now_us: int = 0) -> str:
    with pytest.raises(LoginError) as caught:
        desk.login(staff_id, pin, ROSTER, now_us)
    assert pin not in str(caught.value)
    return caught.value.code


def test_the_right_pin_logs_a_clerk_in(desk: StaffDesk) -> None:
    assert desk.login("sato", "246810", ROSTER, 0).name == "佐藤"
    assert desk.demand().staff_id == "sato"
    desk.logout()
    with pytest.raises(LoginError) as caught:
        desk.demand()
    assert caught.value.code == "not_logged_in"


def test_unknown_staff_wrong_pin_and_wrong_role_look_alike(desk: StaffDesk) -> None:
    assert refused(desk, "sato", "000000") == "wrong_pin"
    assert refused(desk, "nobody", "246810") == "wrong_pin"
    assert refused(desk, "kato", "246810") == "wrong_pin"


def test_wrong_pins_lock_out_for_a_while_even_with_the_right_one(
    desk: StaffDesk, steady: Steady
) -> None:
    for _ in range(3):
        refused(desk, "sato", "000000")
    assert refused(desk, "sato", "246810") == "locked_out"
    steady.now += 301
    assert desk.login("sato", "246810", ROSTER, 0)


def test_a_good_log_in_forgets_the_mistakes(desk: StaffDesk) -> None:
    for _ in range(4):
        refused(desk, "sato", "000000")
        refused(desk, "sato", "000000")
        desk.login("sato", "246810", ROSTER, 0)


def test_without_a_touch_the_log_in_ends_after_a_warning(desk: StaffDesk, steady: Steady) -> None:
    desk.login("sato", "246810", ROSTER, 0)
    steady.now += 530
    assert not desk.warned()
    steady.now += 15
    assert desk.warned()
    desk.touch()
    assert not desk.warned()
    steady.now += 601
    assert desk.on_duty is None


def test_no_roster_or_one_that_has_run_out_lets_nobody_in(desk: StaffDesk) -> None:
    with pytest.raises(LoginError) as caught:
        desk.login("sato", "246810", None, 0)
    assert caught.value.code == "no_roster"
    assert refused(desk, "sato", "246810", now_us=1000) == "roster_expired"
