"""The office's templates: versions kept, changes in the log, read before the built-in ones."""

import pytest

from hub.errors import ConflictError, NotFoundError, RoleError, TemplateError
from hub.log.entry import EntryKind
from hub.messages.template_editor import store
from hub.storage.tables import LogEntry
from intake.office.roster import Role
from tests.hub.conftest import Desk, staff

TOML = 'kind = "犬の登録のお知らせ"\ntitle = "犬の登録"\nrequired = ["atena_no"]\n'


def entries(desk: Desk) -> list[str]:
    with desk.office.database.reading() as session:
        rows = session.query(LogEntry).filter_by(kind=EntryKind.DOCUMENT.value)
        return [row.actor for row in rows]


def names(desk: Desk) -> list[str]:
    with desk.office.database.reading() as session:
        return [template.name for template in store.in_force(session)]


def test_every_version_is_kept_and_the_newest_is_tried_first(desk: Desk):
    author = staff(desk, "a001", Role.AUTHOR)
    before = names(desk)
    assert store.save(desk.office, author, "dogs", TOML) == 1
    assert store.save(desk.office, author, "dogs", TOML.replace("atena_no", "name")) == 2
    with pytest.raises(ConflictError):
        store.save(desk.office, author, "dogs", TOML.replace("atena_no", "name"))
    assert names(desk) == ["dogs", *before]
    with desk.office.database.reading() as session:
        held = store.versions(session, "dogs")
        with pytest.raises(NotFoundError):
            store.versions(session, "cats")
    assert [(one.version, one.kind) for one in held] == [(2, "犬の登録のお知らせ")] * 1 + [
        (1, "犬の登録のお知らせ")
    ]
    assert held[1].toml == TOML
    assert entries(desk) == ["a001", "a001"]


def test_a_retired_template_reads_nothing_until_it_is_restored(desk: Desk):
    author = staff(desk, "a001", Role.AUTHOR)
    store.save(desk.office, author, "dogs", TOML)
    store.set_retired(desk.office, author, "dogs", retired=True)
    assert "dogs" not in names(desk)
    with pytest.raises(ConflictError):
        store.set_retired(desk.office, author, "dogs", retired=True)
    store.set_retired(desk.office, author, "dogs", retired=False)
    assert names(desk)[0] == "dogs"
    with pytest.raises(NotFoundError):
        store.set_retired(desk.office, author, "cats", retired=True)


def test_an_own_template_replaces_the_built_in_one_of_its_name(desk: Desk):
    author = staff(desk, "a001", Role.AUTHOR)
    store.save(desk.office, author, "vaccination", TOML)
    assert names(desk).count("vaccination") == 1
    with desk.office.database.reading() as session:
        assert store.in_force(session)[0].kind == "犬の登録のお知らせ"


@pytest.mark.parametrize(
    ("name", "toml"),
    [
        ("common", TOML),
        ("../x", TOML),
        ("dogs", "kind = 1 1"),
        ("dogs", 'kind = "x"'),
        ("dogs", 'kind = "x"\ntitle = "(a+)+$"'),
        ("dogs", 'kind = "x"\ntitle = ".*.*.*.*.*x"'),
        ("dogs", 'kind = "x"\ntitle = "a?a?a?a?a?a?a?a?a?aaaaaaaaa"'),
        ("dogs", 'kind = "x"\ntitle = "x"\nfields = 3'),
        ("dogs", 'kind = "x"\ntitle = "x"\n[fields]\nname = 3'),
        ("dogs", 'kind = "x"\ntitle = "x"\n[fields.other]\ntype = "text"'),
        (
            "dogs",
            'kind = "x"\ntitle = "x"\n[fields.tel]\ntype = "text"\nzone_mm = [inf, 0, 0, 1, 1]',
        ),
    ],
)
def test_a_wrong_template_is_refused(desk: Desk, name: str, toml: str):
    author = staff(desk, "a001", Role.AUTHOR)
    with pytest.raises(TemplateError):
        store.save(desk.office, author, name, toml)
    assert entries(desk) == []


def test_only_authors_change_templates(desk: Desk):
    sender = staff(desk, "s001", Role.SENDER, Role.AUDITOR)
    with pytest.raises(RoleError):
        store.save(desk.office, sender, "dogs", TOML)
    with pytest.raises(RoleError):
        store.set_retired(desk.office, sender, "dogs", retired=True)
