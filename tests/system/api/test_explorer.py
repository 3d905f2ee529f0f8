"""An explorer of schemas finds no answer of the API that its schema does not describe."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.system.api.conftest import Api

pytestmark = pytest.mark.system
HERE = Path(__file__).parent


def explore(schema: str, api: Api, *more: str) -> subprocess.CompletedProcess[str]:
    """Run schemathesis; its code is 0 when every answer was as described, 1 when one was not."""
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file"]
    command += [str(HERE / "schemathesis.toml"), "run", schema, "--url", api.url]
    command += ["-H", f"Authorization: Bearer {api.token}", "--request-timeout", "30"]
    command += ["--generation-deterministic", *more]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
        cwd=api.folder,
        env={**os.environ, "SCHEMATHESIS_HOOKS": "tests.system.api.xml_as_it_is"}
        | {"PYTHONPATH": str(HERE.parents[2])},
    )


def test_every_answer_is_as_the_schema_says(api: Api):
    done = explore(f"{api.url}/openapi.json", api, "--max-examples", "12")
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert "15 selected / 15 total" in done.stdout.replace("Operations:", "")
    said = (api.folder / "hub.log").read_text()
    assert '"level": "error"' not in said
    assert api.token not in said


@pytest.mark.parametrize("lie", ["status", "shape", "method"])
def test_a_schema_that_lies_is_found_out(api: Api, lie: str):
    """The control: each kind of difference is one that the explorer sees."""
    schema = json.loads((HERE.parents[2] / "docs/messages-api.openapi.json").read_text())
    shapes = schema["components"]["schemas"]
    path = schema["paths"]["/system"]
    if lie == "status":
        path["get"]["responses"] = {"201": path["get"]["responses"]["200"]}
    elif lie == "shape":
        shapes["SystemView"]["properties"]["system"] = {"type": "integer"}
    else:
        schema["paths"]["/system"] = {"put": path["get"]}
    schema["paths"] = {"/system": schema["paths"]["/system"]}
    file = api.folder / "lying.json"
    file.write_text(json.dumps(schema))
    done = explore(str(file), api, "--max-examples", "3")
    assert done.returncode == 1, done.stdout[-3000:]
