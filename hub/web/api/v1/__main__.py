"""Writes the schema: `python -m hub.web.api.v1 > docs/messages-api.openapi.json`."""

import sys

from hub.web.api.v1.app import schema_text

sys.stdout.write(schema_text())
