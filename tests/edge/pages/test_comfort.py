"""Language and text size stay with one visit, and the next resident begins anew."""

import pytest

from edge.errors import FieldError
from edge.pages.comfort import Comfort


def chosen(comfort: Comfort) -> tuple[str, str]:
    comfort.choose("language", "en")
    comfort.choose("text_size", "200")
    return comfort.language, comfort.text_size


def test_what_is_chosen_before_a_session_stays_through_it() -> None:
    comfort = Comfort("ja", begins_anew=True)
    comfort.see("idle")
    assert chosen(comfort) == ("en", "200")
    for state in ("idle", "identify", "filed"):
        comfort.see(state)
        assert (comfort.language, comfort.text_size) == ("en", "200")


def test_the_next_resident_begins_anew_and_the_clerk_does_not() -> None:
    resident, clerk = Comfort("ja", begins_anew=True), Comfort("ja", begins_anew=False)
    for comfort in (resident, clerk):
        comfort.see("filed")
        chosen(comfort)
        comfort.see("idle")
    assert (resident.language, resident.text_size) == ("ja", "100")
    assert (clerk.language, clerk.text_size) == ("en", "200")


@pytest.mark.parametrize(("what", "wanted"), [("language", "xx"), ("text_size", "1000")])
def test_there_are_no_others(what: str, wanted: str) -> None:
    with pytest.raises(FieldError):
        Comfort("ja", begins_anew=True).choose(what, wanted)
