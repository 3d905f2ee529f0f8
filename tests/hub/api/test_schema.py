"""The published schema is the API's own, and whole."""

import json
from pathlib import Path

from hub.web.api.v1.app import SCHEMA, schema_text
from hub.web.api.v1.problems import MEDIA_TYPE
from tests.hub.conftest import Opened

FILE = Path(__file__).parents[3] / "docs" / "messages-api.openapi.json"
AGAIN = "run: python -m hub.web.api.v1 > docs/messages-api.openapi.json"


def test_the_file_in_docs_is_the_schema_of_the_api():
    assert FILE.read_text(encoding="utf-8") == schema_text(), AGAIN


def test_the_schema_is_served_to_whoever_has_no_token(opened: Opened):
    answer = opened.browser().get(f"/api/v1{SCHEMA}")
    assert answer.status == 200
    assert answer.json() == json.loads(schema_text())
    assert opened.browser().get("/openapi.json").status == 404  # the staff pages publish none


def test_every_operation_names_its_token_and_the_shape_of_its_errors():
    schema = json.loads(schema_text())
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            assert operation["security"] == [{"token": []}], path
            assert operation["summary"], path
            for status in ("401", "403", "429", "503", "4XX"):
                content = operation["responses"][status]["content"]
                assert content[MEDIA_TYPE]["schema"]["$ref"].endswith("/Problem"), path
            ok = [status for status in operation["responses"] if status.startswith("2")]
            assert len(ok) == 1, path
