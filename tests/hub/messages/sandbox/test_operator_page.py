"""The operator reads how documents are shut in here, and what would shut them in more."""

import pytest

from hub.messages.sandbox.confinement import Confinement
from hub.messages.sandbox.readers import Readers
from intake.office.roster import Role
from tests.hub.conftest import Opened, staff

pytestmark = pytest.mark.system


@pytest.mark.parametrize(
    ("kind", "said"),
    [(Confinement.BUBBLEWRAP, "ファイルもない所で"), (Confinement.LIMITS, "bubblewrap を入れて")],
)
def test_the_operator_sees_the_confinement(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, kind: Confinement, said: str
):
    monkeypatch.setattr(Readers, "confinement", kind)
    staff(opened.desk, "op", Role.OPERATOR)
    page = opened.browser("op").get("/operator")
    assert page.status == 200
    assert said in page.text
