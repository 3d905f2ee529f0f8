"""Pages to persons: nobody gets a page that is not theirs, and clean letters pass."""

import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hub.command_line import main
from hub.errors import AddresseesError
from hub.messages.addressing import addressees
from hub.messages.addressing.addressees import Addressee, Addressees
from hub.messages.addressing.prepare import Batch, Office, prepare
from hub.messages.notices.template import load_all, together
from hub.messages.sandbox.pool import Pool
from hub.register import numbers
from hub.register.protection import set_protection
from hub.storage.tables import Household, Resident
from intake.office.roster import Role
from tests.hub.conftest import Desk, staff
from tests.hub.messages.addressing.letters import DEFECTS, Letters, letters
from tests.hub.messages.batches.cases import front, loose
from tests.hub.messages.pdf_maker import MadePage, made
from tests.hub.messages.samples import NOTICES, in_process, manifest, notice

OFFICE = Office(load_all())
PLACES = """kind = "犬の登録のお知らせ"
title = "犬の登録"
required = ["atena_no", "name", "amount_yen"]

[fields.atena_no]
type = "resident_number"
zone_mm = [1, 130, 15, 200, 30]

[fields.amount_yen]
type = "yen"
zone_mm = [1, 130, 100, 200, 115]
"""


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
    sample = letters(500, 3, by_label=0.3)
    batch = run(sample)
    wrong, clean, passed = judge(sample, batch)
    assert wrong == 0
    assert passed >= 0.99 * clean
    assert every_page_once(sample, batch)
    assert len(sample.spoilt) > len(DEFECTS)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(20))
def test_ten_thousand_pages_with_planted_defects(seed: int) -> None:
    sample = letters(500, 100 + seed, by_label=0.3)
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


def test_pages_without_a_number_of_the_list_are_protected_by_name_and_by_what_is_before() -> None:
    pages = [front(None, "佐藤　健"), front("0000000001", "佐藤　健")]
    pages += [front("0000000002", "林　葉"), loose()]
    listed = Addressees((Addressee("0000000001", "佐藤　健"), Addressee("0000000002", "林　葉")))
    office = Office(load_all(), protected=("0000000002",), hidden_names=("佐藤健",))
    batch = prepare(in_process(made(pages)), listed, office, whole)
    assert [(one.pages, one.reasons[0]) for one in batch.held] == [
        ((1,), "protected"),
        ((3,), "protected"),
        ((4,), "protected"),
    ]
    assert [message.pages for message in batch.messages] == [(2,)]  # another of the same name


def test_a_place_of_the_template_is_read_on_everybodys_first_page() -> None:
    people = [Addressee(f"000000000{n}", f"佐藤　{'一二'[n - 1]}郎") for n in (1, 2)]
    pages: list[MadePage] = []
    for person in people:
        page = MadePage().text(60, 60, f"{person.name}　様").text(400, 60, person.atena_no)
        pages += [page.text(220, 150, "犬の登録のお知らせ", 14).text(400, 300, "3,000円")]
        pages += [MadePage().text(60, 60, "（裏面）納付場所")]
    own = together({"dogs": PLACES})
    batch = prepare(in_process(made(pages)), Addressees(tuple(people)), Office(own), whole)
    assert batch.held == ()
    assert [m.notice.value("atena_no") for m in batch.messages] == [p.atena_no for p in people]
    amounts = [message.notice.fields["amount_yen"] for message in batch.messages]
    assert [(amount.value, amount.page) for amount in amounts] == [(3000, 1), (3000, 3)]


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


def _settings(desk: Desk, folder: Path) -> Path:
    path = folder / "hub.toml"
    path.write_text(
        f'[office]\ncode = "{desk.office.settings.office.code}"\nname = "千代田区"\n'
        f'environment = "demo"\n[state]\nfolder = "{folder / "state"}"\n'
        f'[trust]\nfolder = "{folder / "trust"}"\n',
        encoding="utf-8",
    )
    return path


def _protect(desk: Desk, number: str, name: str) -> None:
    """A resident with this number and name, whom only the protected desk sees."""
    home = Household(
        household_id="H1", lg_code="131016", prefecture_city="", town="", lot="", building=""
    )
    texts = ("kana", "birth_date", "sex", "relationship", "registered_domicile")
    texts += ("domicile_head", "resident_code", "nationality", "became_resident_on", "moved_on")
    texts += ("notified_on", "previous_address", "moved_out_on", "moved_out_to", "notification_id")
    with desk.office.database.writing() as session:
        session.add(home)
        session.flush()
        row = Resident(
            resident_id="R1",
            household_id="H1",
            status="current",
            last_index=0,
            name_plain=name,
            **dict.fromkeys(texts, ""),
        )
        session.add(row)
    numbers.import_numbers(desk.office, f"atena_no,resident_id\n{number},R1\n".encode(), "test")
    member = staff(desk, "p1", Role.PROTECTED_DESK)
    set_protection(desk.office, member, "R1", protect=True, reason="x")


@pytest.mark.system
def test_the_command_holds_whom_the_office_protects(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people = [("0000000001", "佐藤　健"), ("0000000002", "林　葉")]
    _protect(desk, *people[0])
    pages = [*(front(*person) for person in people), front(None, "佐藤　健")]
    (tmp_path / "d.pdf").write_bytes(made(pages))
    rows = [{"atena_no": number, "name": name} for number, name in people]
    (tmp_path / "l.json").write_text(json.dumps(rows), encoding="utf-8")
    line = ["messages", "prepare", "--document", str(tmp_path / "d.pdf"), "--json"]
    line += ["--addressees", str(tmp_path / "l.json"), "--out"]
    config = ["--config", str(_settings(desk, tmp_path))]
    assert main([*line, str(tmp_path / "one"), *config]) == 0
    printed = capsys.readouterr()
    found = json.loads(printed.out)
    assert [message["pages"] for message in found["messages"]] == [[2]]
    assert [(one["pages"], one["reason"]) for one in found["held"]] == [
        ([1], "protected"),
        ([3], "protected"),  # without a number, by the name
    ]
    assert "protection" not in printed.err
    assert main([*line, str(tmp_path / "two")]) == 0
    printed = capsys.readouterr()
    assert [message["pages"] for message in json.loads(printed.out)["messages"]] == [[1], [2]]
    assert "protection was not checked" in printed.err


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


def _as_json(rows: object) -> bytes:
    return json.dumps(rows).encode()


HEADING = b"atena_no,name,address\r\n"
FIELD = st.text(max_size=12) | st.from_regex(r"[0-9]{1,12}", fullmatch=True)
ROWS = st.lists(st.lists(FIELD, min_size=2, max_size=4).map(",".join), max_size=4).map("\n".join)
ESCAPED = st.text(st.characters(categories=["L", "N", "Cs"]), min_size=1, max_size=9)
ENTRIES = st.lists(
    st.fixed_dictionaries(
        {"atena_no": st.just("12"), "name": ESCAPED}, optional={"address": ESCAPED}
    ),
    max_size=4,
)


@given(
    st.binary(max_size=200)
    | st.binary(max_size=200).map(lambda data: HEADING + data)
    | ROWS.map(lambda rows: HEADING + rows.encode())
    | ENTRIES.map(_as_json)
)
@example(HEADING + b"1,x,y\r\n")
@example(b'[{"atena_no": "12", "name": "\\ud842"}]')
@example(b'[{"atena_no": "12", "name": "x", "address": "\\udfb7"}]')
def test_any_bytes_are_a_list_or_an_error(data: bytes) -> None:
    with suppress(AddresseesError):
        found = addressees.read(data).persons
        assert found
        for person in found:
            assert addressees.NUMBER.fullmatch(person.atena_no)
            assert person.name.strip() == person.name != ""
            # what is taken can be shown and kept
            f"{person.name}{person.address}".encode()


def test_lists_of_spreadsheets_are_read() -> None:
    expected = (Addressee("001", "山田　太郎"), Addressee("002", "鈴木　花子"))
    text = "atena_no,name,memo\r\n001,山田　太郎,\r\n002,鈴木　花子,x\r\n"
    for encoding in ("utf-8", "utf-8-sig", "cp932"):
        assert addressees.read(text.encode(encoding)).persons == expected
