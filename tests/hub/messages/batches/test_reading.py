"""Batches read by real children: refused with a reason, set going again, handed over."""

import threading

import pytest

from hub.messages.batches import current, deciding, handing, mending, store
from hub.messages.batches.deciding import Seen
from hub.messages.batches.errors import GivenProblem, GivenRefusedError
from hub.messages.batches.finding import Examined, Finding
from hub.messages.batches.reader import MOST_ATTEMPTS, BatchReader, GivenUpError, Progress
from hub.messages.batches.settling import ItemState
from intake.office.roster import Role
from tests.hub.conftest import Desk, staff
from tests.hub.messages.addressing.letters import letters
from tests.hub.messages.batches.cases import front
from tests.hub.messages.batches.rooms import Room, people
from tests.hub.messages.pdf_maker import made
from tests.hub.messages.samples import HOSTILE, NOTICES, manifest

pytestmark = pytest.mark.system  # children are started for each office
PEOPLE = [("0000000001", "佐藤　健"), ("0000000002", "林　葉")]
PAGES = [front(number, name) for number, name in PEOPLE]


@pytest.fixture
def room(desk: Desk) -> Room:
    return Room(desk.office, staff(desk, "a1", Role.AUTHOR))


def problem(room: Room) -> tuple[str, str | None, list[str | None]]:
    with room.office.database.reading() as session:
        batch = store.one(session, room.number)
        errors = [file.error for file in store.files(session, room.number)]
        return batch.state, batch.problem, errors


def test_what_ends_the_hub_again_and_again_is_refused_and_may_be_tried_again(room: Room) -> None:
    room.give([made(PAGES)], people(PEOPLE))
    for _ in range(MOST_ATTEMPTS):
        assert BatchReader(room.office)._next()  # begun, and then the power went
    assert BatchReader(room.office).run_once()
    assert problem(room) == ("refused", "files", ["crashed"])
    mending.read_again(room.office, room.author, room.number)
    assert BatchReader(room.office).run_once()
    assert room.state() == ("ready", 0, 2, 0)


def test_a_file_that_cannot_be_read_is_named_and_left_out(room: Room) -> None:
    hostile = next(path for path in HOSTILE if path.name == "docx-path-traversal.docx")
    room.give([made(PAGES), b"no document", hostile.read_bytes()], people(PEOPLE))
    BatchReader(room.office).run_once()
    found = problem(room)
    assert found == ("refused", "files", [None, "not-a-document", "forbidden-content"])
    mending.leave_out(room.office, room.author, room.number)
    BatchReader(room.office).run_once()
    assert room.state() == ("ready", 0, 2, 0)


def test_a_password_opens_a_document_and_is_kept_nowhere(room: Room) -> None:
    sample = manifest()["enc-02-user-password"]
    data = (NOTICES / "enc-02-user-password.pdf").read_bytes()
    fields = sample["fields"]
    room.give([data], people([(fields["atena_no"], fields["name"])]))
    BatchReader(room.office).run_once()
    assert problem(room) == ("refused", "password", ["password-needed"])
    with pytest.raises(GivenRefusedError) as refused:
        mending.unlock(room.office, room.author, room.number, "wrong")
    assert refused.value.problem is GivenProblem.PASSWORD_WRONG
    password = sample["expect"]["password"]
    mending.unlock(room.office, room.author, room.number, password)
    BatchReader(room.office).run_once()
    assert room.state() == ("ready", 0, 1, 0)
    (item,) = room.items().values()
    assert {k: v.value for k, v in item.fields.items()} == fields
    folder = room.office.settings.state.folder
    assert not any(
        password.encode() in path.read_bytes() for path in folder.iterdir() if path.is_file()
    )


def test_a_word_document_is_handed_over_as_text(room: Room) -> None:
    sample = manifest()["lo-01-table"]
    fields = sample["fields"]
    data = (NOTICES / "lo-01-table.docx").read_bytes()
    room.give([data], people([(fields["atena_no"], fields["name"])]))
    BatchReader(room.office).run_once()
    (ready,) = handing.ready_items(room.office, room.number)
    assert (ready.atena_no, ready.pdf) == (fields["atena_no"], None)
    assert ready.pages[0].text


def test_what_is_handed_over_is_that_persons_pages_alone(room: Room) -> None:
    room.give([made(PAGES)], people(PEOPLE))
    BatchReader(room.office).run_once()
    with room.office.journal.appending() as append:
        found = list(handing.ready_items(room.office, room.number))
        handing.hand_over(append, room.author, room.number, found[:1])
    assert [item.atena_no for item in found] == [number for number, _ in PEOPLE]
    for item, (number, name) in zip(found, PEOPLE, strict=True):
        assert (item.name, item.fields["atena_no"]) == (name, number)
        reading = room.office.readers.pool().read(item.pdf or b"")
        (other,) = [one for one, _ in PEOPLE if one != number]
        assert number in reading.pages[0].text
        assert other not in reading.pages[0].text
    assert room.state() == ("ready", 0, 1, 1)
    assert [item.item for item in handing.ready_items(room.office, room.number)] == [2]


def test_the_pages_read_so_far_are_told(room: Room) -> None:
    sample = letters(200, 5, share=0)
    listed = people([(person.atena_no, person.name) for person in sample.listed])
    room.give([made(sample.pages)], listed)
    reading = threading.Thread(target=BatchReader(room.office).run_once)
    reading.start()
    seen: set[tuple[int, int]] = set()
    while reading.is_alive():
        with room.office.database.reading() as session:
            batch = store.one(session, room.number)
            seen.add((batch.pages_read, batch.pages_total))
        reading.join(0.05)
    total = len(sample.pages)
    assert {(read, whole) for read, whole in seen if 0 < read < total and whole == total}
    assert room.state() == ("ready", 0, len(sample.listed), 0)


def test_a_batch_discarded_while_it_is_read_stays_discarded(room: Room) -> None:
    room.give([made(PAGES)], people(PEOPLE))
    reader = BatchReader(room.office)
    task = reader._next()
    assert task is not None
    deciding.discard(room.office, room.author, room.number)
    assert not reader.run_once()
    assert room.state() == ("discarded", 0, 0, 0)


def test_cutting_ends_with_the_hub(room: Room) -> None:
    room.give([made(PAGES)], people(PEOPLE))
    reader = BatchReader(room.office)
    task = reader._next()
    assert task is not None
    found = [Finding(n, 1, (n,), Examined(None, "", (), ())) for n in (1, 2)]
    progress = Progress(room.office, task, reader._stopping.is_set)
    assert reader._cut(task, found, progress) == [True, True]
    reader.stop()
    with pytest.raises(GivenUpError):
        reader._cut(task, found, progress)


def test_a_look_at_other_pages_than_they_are_now_decides_nothing(room: Room) -> None:
    room.give([made(PAGES)], people([PEOPLE[0], ("0000000002", "森　葉")]))
    BatchReader(room.office).run_once()
    seen = Seen(room.number, 2, current.fingerprint(room.items()[2]))
    deciding.decide(room.office, room.author, seen, deciding.same_person)
    assert room.items()[2].state is ItemState.READY
