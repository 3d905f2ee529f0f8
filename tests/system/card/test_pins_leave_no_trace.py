"""Whole readings, good and failing, through pcscd: no secret stands in anything written."""

from pathlib import Path
from typing import Any

import pytest

from tests.drivers.card_reader.traces import traces
from tests.system.card.running_bench import Bench

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]
SECRETS = {
    "auth": "7391",
    "text": "8264",
    "sign": "QZ7XW9KJ4M",
    "b_code": "59051720316604",
    "wrong": "7390",
}
PERSONA = """
title = "t"
name = "雪村　司"
address = "青海県白波市"
birth_date = 1984-05-17
expires_on = 2031-05-17
security_code = "6604"
auth_pin = { value = "7391", tries = 3 }
text_pin = { value = "8264", tries = 3 }
sign_password = { value = "QZ7XW9KJ4M", tries = 5 }
"""
GIVEN = {
    "--auth-pin-fd": SECRETS["auth"],
    "--text-pin-fd": SECRETS["text"],
    "--sign-password-fd": SECRETS["sign"],
    "--b-code-fd": SECRETS["b_code"],
}
Answer = dict[str, Any]


def command(bench: Bench, folder: Path, *options: str, **changed: str) -> Answer:
    arguments = [
        *("card", "read", "--environment", "demo", "--json", "--sign", str(folder / "document")),
        *("--trust", bench.do("trust")["folder"], *options),
    ]
    secrets = GIVEN | {f"--{name.replace('_', '-')}-fd": text for name, text in changed.items()}
    return bench.do("command", arguments=arguments, secrets=secrets)


def everything_written(bench: Bench, folder: Path, answers: list[Answer]) -> bytes:
    """Output and errors of the commands, both logs, and every file below the folder."""
    texts = [answer["out"] + answer["err"] for answer in answers]
    texts += [bench.log(), bench.do("service_log")["text"]]
    files = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return "\n".join(texts).encode() + b"\n".join(files)


def test_no_secret_stands_in_anything_written(
    bench: Bench, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
):
    persona = tmp_path_factory.mktemp("persona") / "secret.toml"
    persona.write_text(PERSONA, encoding="utf-8")
    (tmp_path / "document").write_bytes(b"what is signed")
    bench.insert(str(persona))
    wrong = SECRETS["wrong"]
    answers = [
        command(bench, tmp_path, "--want", "text,auth,sign,photo"),
        command(bench, tmp_path, "--want", "text,auth", auth_pin=wrong),
        command(bench, tmp_path, "--want", "text,auth", auth_pin=SECRETS["auth"] + "\n\n"),
        command(bench, tmp_path, "--want", "sign", sign_password=SECRETS["sign"] + "X"),
    ]
    for fault in ("wrong_signature", "endless"):
        assert bench.order("fault", name=fault)["ok"]
        answers.append(command(bench, tmp_path, "--want", "text,auth,sign,photo"))
        assert bench.order("fault", name=fault, value=False)["ok"]
    assert bench.order("remove_after", commands=25)["ok"]
    answers.append(command(bench, tmp_path, "--want", "text,auth,sign,photo"))
    for text in (SECRETS["auth"], wrong):
        bench.do("read", auth=text, text=SECRETS["text"])
    outcomes = [answer["out"].split('"')[3] for answer in answers]
    assert outcomes == [
        *("ok", "pin_wrong", "pin_format", "pin_wrong"),
        *("not_genuine", "card_refused", "removed"),
    ]
    written = everything_written(bench, tmp_path, answers)
    assert {name: traces(written, secret) for name, secret in SECRETS.items()} == {
        name: [] for name in SECRETS
    }
    assert b"card reading ended" in written  # the control: these logs were really written


@pytest.mark.parametrize("name", SECRETS)
def test_the_control_a_planted_secret_is_found_in_every_form(name: str):
    secret = SECRETS[name]
    raw = secret.encode()
    planted = {
        "plain": b"PIN " + raw + b" was wrong",
        "command": bytes.fromhex("00200080") + bytes([len(raw)]) + raw,
        "hex": b"sent " + raw.hex().upper().encode(),
        "spaced hex": " ".join(f"{octet:02X}" for octet in raw).encode(),
        "numbers": str(list(raw)).encode(),
        "utf-16": secret.encode("utf-16-le"),
    }
    for form, data in planted.items():
        assert form in traces(b"noise " + data + b" noise", secret), form


def test_a_process_that_reads_leaves_no_core(bench: Bench):
    limits = bench.do("limits_while_waiting")["text"]
    line = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
    assert line.split()[4:6] == ["0", "0"]
