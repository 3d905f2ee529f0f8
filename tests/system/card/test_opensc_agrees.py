"""OpenSC, which knows real cards, judges the virtual one."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.system.card.running_bench import BENCH, ROOT, Control, bench_environment

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]
JUDGE = """
set -eu
cd "$FOLDER"
while [ ! -e inserted ]; do sleep 0.05; done
quiet() { "$@" 2>/dev/null; }
echo "name: $(quiet opensc-tool -n)"
quiet pkcs15-tool -D > dump
quiet pkcs15-tool --read-certificate 01 > auth.pem
quiet pkcs15-tool --read-certificate 02 --verify-pin --auth-id 2 --pin DEMO1234 > sign.pem
tries() { quiet pkcs15-tool -D | awk '/Tries left/ {print $4}' | tr '\\n' ' '; }
echo "tries: $(tries)"
quiet pkcs15-tool --verify-pin --auth-id 1 --pin 9999 || echo "wrong: $(tries)"
quiet pkcs15-tool --verify-pin --auth-id 1 --pin 1234
echo "right: $(tries)"
echo "a message" > message
sign() { # slot id pin certificate
  quiet pkcs11-tool --module opensc-pkcs11.so --slot-index $1 --login --pin $3 --sign --id $2 \
    -m SHA256-RSA-PKCS -i message -o signature
  openssl x509 -in $4 -pubkey -noout > key
  openssl dgst -sha256 -verify key -signature signature message
}
sign 0 01 1234 auth.pem
sign 1 02 DEMO1234 sign.pem
"""


def test_opensc_reads_counts_and_signs(tmp_path: Path):
    process = subprocess.Popen(
        [*BENCH, "--control", str(tmp_path / "control"), "--", "sh", "-c", JUDGE],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=bench_environment() | {"FOLDER": str(tmp_path), "PYTHON": sys.executable},
    )
    control = Control(tmp_path / "control", lambda: process.poll() is None)
    assert control("insert", persona="head_of_household")["ok"]
    (tmp_path / "inserted").touch()
    out, err = process.communicate(timeout=100)
    control.close()
    assert process.returncode == 0, out + err
    lines = out.splitlines()
    assert lines[0] == "name: jpki"
    assert "tries: 3 5 " in lines
    assert "wrong: 2 5 " in lines
    assert "right: 3 5 " in lines
    assert lines.count("Verified OK") == 2
    dump = (tmp_path / "dump").read_text()
    for label in ("User Authentication Certificate", "Digital Signature Certificate"):
        assert f"X.509 Certificate [{label}]" in dump
