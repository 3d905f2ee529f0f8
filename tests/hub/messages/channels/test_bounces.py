"""Strangers write into the bounce folder: nothing of theirs keeps a real bounce waiting."""

from pathlib import Path

import pytest

from hub.messages.channels.bounces import DONE, BounceFolder
from hub.messages.channels.channel import Receipt, ReceiptKind

KEY = "4b1f3c5e-0000-4000-8000-000000000001"
NESTED = b"".join(
    b"Content-Type: multipart/report; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(1100)
)


def _bounce(status: bytes = b"5.1.1", key: str = KEY, action: bytes = b"failed") -> bytes:
    return b"\n".join(
        (
            b"Content-Type: multipart/report; boundary=b",
            b"",
            b"--b",
            b"Content-Type: message/delivery-status",
            b"",
            b"Reporting-MTA: dns; mail.example",
            b"",
            b"Action: " + action,
            b"Status: " + status,
            b"",
            b"--b",
            b"Content-Type: text/rfc822-headers",
            b"",
            b"Message-ID: <" + key.encode() + b"@example>",
            b"",
            b"--b--",
            b"",
        )
    )


REAL = Receipt(KEY, ReceiptKind.REFUSED, 0, "bounced_5.1.1", suppress=True)


@pytest.mark.parametrize(
    "hostile",
    [
        _bounce(status=b"\xff5.1.1"),
        _bounce(action=b"\xfffailed"),
        _bounce().replace(KEY.encode(), b"\xff"),
        NESTED,
        b"\xff" * 100,
        b"",
    ],
    ids=["status", "action", "id", "nested", "noise", "empty"],
)
def test_a_hostile_mail_keeps_no_bounce_waiting(tmp_path: Path, hostile: bytes):
    (tmp_path / "1").write_bytes(hostile)
    (tmp_path / "2").write_bytes(_bounce())
    folder = BounceFolder(tmp_path)
    found, cursor = folder.read("")
    assert REAL in found
    assert folder.read(cursor) == ((), cursor)
    assert sorted(path.name for path in (tmp_path / DONE).iterdir()) == ["1", "2"]


def test_a_mail_that_is_only_late_is_no_bounce(tmp_path: Path):
    (tmp_path / "1").write_bytes(_bounce(status=b"4.4.1", action=b"delayed"))
    assert BounceFolder(tmp_path).read("")[0] == []
