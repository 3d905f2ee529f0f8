"""Pages to persons: nobody gets a page that is not theirs, and clean letters pass."""

import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.command_line import main
from hub.errors import AddresseesError
from hub.messages.addressing import addressees
from hub.messages.addressing.addressees import Addressee, Addressees
from hub.messages.addressing.prepare import Batch, Office, prepare
from hub.messages.notices.template import load_all
from hub.messages.sandbox.pool import Pool
from tests.hub.messages.addressing.letters import DEFECTS, Letters, letters
from tests.hub.messages.pdf_maker import made
from tests.hub.messages.samples import NOTICES, in_process, manifest, notice

OFFICE = Office(load_all())


def whole(groups: Sequence[Sequence[int]]) -> list[bytes | None]:
    return [b"%PDF-" for _ in groups]


def run(sample: Letters) -> Batch:
    return prepare(in_process(made(sample.pages)), sample.addressees, OFFICE, whole)


def judge(sample: Letters, batch: Batch) -> tuple[int, int, int]:
    """Pages given to the wrong person, persons without a defect, and those of them who passed."""
    wrong = sum(
        sample.owners[page - 1] != message.addressee.atena_no
        for message in batch.messages
        for page in message.pages
    )
    clean = {person.atena_no for person in sample.listed} - sample.spoilt
    passed = {message.addressee.atena_no for message in batch.messages}
    assert not passed & sample.spoilt
    return wrong, len(clean), len(clean & passed)


def every_page_once(sample: Letters, batch: Batch) -> bool:
    pages = [page for one in (*batch.messages, *batch.held) for page in one.pages]
    return sorted(pages) == list(range(1, len(sample.pages) + 1))


@pytest.mark.system
def test_five_hundred_pages_with_planted_defects() -> None:
    sample = letters(500, 3)
    batch = run(sample)
    wrong, clean, passed = judge(sample, batch)
    assert wrong == 0
    assert passed >= 0.99 * clean
    assert every_page_once(sample, batch)
    assert len(sample.spoilt) > len(DEFECTS)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(20))
def test_ten_thousand_pages_with_planted_defects(seed: int) -> None:
    sample = letters(500, 100 + seed)
    wrong, clean, passed = judge(sample, run(sample))
    assert wrong == 0
    assert passed >= 0.99 * clean


def test_the_sample_batch_reaches_everybody() -> None:
    expected = manifest()["bat-01-mail-merge"]["expect"]["messages"]
    persons = [Addressee(m["fields"]["atena_no"], m["fields"]["name"]) for m in expected]
    batch = prepare(notice("bat-01-mail-merge.pdf"), Addressees(tuple(persons)), OFFICE, whole)
    assert batch.held == ()
    assert [list(message.pages) for message in batch.messages] == [m["pages"] for m in expected]
    for message, wanted in zip(batch.messages, expected, strict=True):
        assert {k: v.value for k, v in message.notice.fields.items()} == wanted["fields"]


def test_a_protected_person_is_always_held() -> None:
    sample = letters(4, 1, share=0)
    number = sample.listed[0].atena_no
    office = Office(load_all(), protected=(number,))
    batch = prepare(in_process(made(sample.pages)), sample.addressees, office, whole)
    held = {one.atena_no: one.reasons[0] for one in batch.held}
    assert held == {number: "protected"}


def test_a_spelling_counts_only_when_it_was_declared() -> None:
    sample = letters(1, 1, share=0)
    page = sample.listed[0]
    other = Addressees((Addressee(page.atena_no, "髙" + page.name[1:]),))
    reading = in_process(made(sample.pages))
    refused = prepare(reading, other, OFFICE, whole)
    assert refused.held[0].reasons == ("name-differs",)
    declared = Office(load_all(), variants={"髙" + page.name[1:]: (page.name,)})
    assert prepare(reading, other, declared, whole).held == ()


def test_a_document_that_does_not_open_holds_everybody() -> None:
    batch = prepare(in_process(b"nothing"), Addressees((Addressee("1", "x"),)), OFFICE, whole)
    assert [(one.pages, one.reasons) for one in batch.held] == [((), ("not-a-document",))]


@pytest.mark.system
def test_a_cut_document_holds_its_pages_alone() -> None:
    data = (NOTICES / "bat-01-mail-merge.pdf").read_bytes()
    with Pool(1) as pool:
        (cut,) = pool.cut(data, [[1, 2]])
        assert pool.cut(data, [[99]]) == [None]
    assert cut is not None
    reading = in_process(cut)
    original = notice("bat-01-mail-merge.pdf")
    assert [page.text for page in reading.pages] == [page.text for page in original.pages[1:3]]
    assert "佐藤　さくら".encode("utf-16-be") not in cut


@pytest.mark.system
def test_the_command_writes_one_file_a_person(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = letters(3, 5, share=0)
    (tmp_path / "d.pdf").write_bytes(made(sample.pages))
    rows = [{"atena_no": p.atena_no, "name": p.name} for p in sample.listed]
    (tmp_path / "l.json").write_text(json.dumps(rows), encoding="utf-8")
    line = ["messages", "prepare", "--document", str(tmp_path / "d.pdf"), "--json"]
    line += ["--addressees", str(tmp_path / "l.json"), "--out", str(tmp_path / "out")]
    assert main(line) == 0
    found = json.loads(capsys.readouterr().out)
    assert [m["atena_no"] for m in found["messages"]] == [p.atena_no for p in sample.listed]
    for message in found["messages"]:
        path = tmp_path / "out" / message["pdf"].rsplit("/", 1)[1]
        assert path.stat().st_mode & 0o077 == 0
        assert message["atena_no"] not in path.name
    assert main(line) == 2


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"[1]",
        b"{",
        b'{"addressees": 1}',
        b'[{"atena_no": 12, "name": "x"}]',
        b'[{"atena_no": "12"}]',
        b"number,name\n1,x\n",
        b"atena_no,name\n,x\n",
        b"atena_no,name\n1,\n",
        b"\xff\xff\xff",
        b'atena_no,name\n"1,x\n',
        b"[" * 100_000,
    ],
)
def test_a_wrong_list_is_told(data: bytes) -> None:
    with pytest.raises(AddresseesError):
        addressees.read(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_list_or_an_error(data: bytes) -> None:
    with suppress(AddresseesError):
        assert addressees.read(data).persons


def test_lists_of_spreadsheets_are_read() -> None:
    expected = (Addressee("001", "山田　太郎"), Addressee("002", "鈴木　花子"))
    text = "atena_no,name,memo\r\n001,山田　太郎,\r\n002,鈴木　花子,x\r\n"
    for encoding in ("utf-8", "utf-8-sig", "cp932"):
        assert addressees.read(text.encode(encoding)).persons == expected
