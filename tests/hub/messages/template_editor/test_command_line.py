"""`document fields --config` reads by the office's own templates too."""

import json
from pathlib import Path

import pytest

from hub.command_line import main
from hub.messages.template_editor import store
from intake.office.roster import Role
from tests.hub.conftest import Desk, staff
from tests.hub.messages.pdf_maker import MadePage, made

TOML = """kind = "犬の登録のお知らせ"
title = "犬の登録"
required = ["atena_no"]

[fields.atena_no]
type = "resident_number"
labels = ["登録者コード"]
labels_only = true
"""


def asked(capsys: pytest.CaptureFixture[str], *line: str) -> dict[str, object]:
    assert main(["document", "fields", *line, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.system
def test_the_offices_own_templates_read_a_document(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    page = (
        MadePage().text(220, 60, "犬の登録のお知らせ", 14).text(60, 120, "登録者コード：00123456")
    )
    notice = tmp_path / "dog.pdf"
    notice.write_bytes(made([page]))
    store.save(desk.office, staff(desk, "a001", Role.AUTHOR), "dogs", TOML)
    settings = tmp_path / "hub.toml"
    settings.write_text(
        f'[office]\ncode = "{desk.office.settings.office.code}"\nname = "千代田区"\n'
        f'environment = "demo"\n[state]\nfolder = "{tmp_path / "state"}"\n'
        f'[trust]\nfolder = "{tmp_path / "trust"}"\n',
        encoding="utf-8",
    )
    assert asked(capsys, str(notice))["template"] == "any_notice"
    found = asked(capsys, str(notice), "--config", str(settings))
    assert found["template"] == "dogs"
    assert found["held"] is False
