"""The pages in docs/ name what there is: commands, alarms, reason codes, metrics, endpoints."""

import argparse
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from hub.alarms import AlarmKind
from hub.command_line import parser
from hub.metrics import metrics_text
from hub.web.app import API
from intake.event.quarantine import QuarantineReason
from tests.hub.browser import Recorder
from tests.hub.conftest import Desk

DOCS = Path(__file__).parents[2] / "docs"
OPERATOR = (DOCS / "operator.md").read_text(encoding="utf-8")
INTERFACE = (DOCS / "hub-interface.md").read_text(encoding="utf-8")


def commands(found: argparse.ArgumentParser) -> list[str]:
    choices = [action.choices for action in found._actions if isinstance(action.choices, dict)]
    below = [one for group in choices for one in group.values()]
    parsers = [one for one in below if isinstance(one, argparse.ArgumentParser)]
    if not parsers:
        return [found.prog]
    return [name for one in parsers for name in commands(one)]


@pytest.mark.parametrize("command", commands(parser()))
def test_every_command_is_described(command: str):
    assert command in OPERATOR + INTERFACE


def test_every_alarm_and_reason_has_its_row():
    for kind in AlarmKind:
        assert f"| {kind.value} |" in OPERATOR
    for reason in QuarantineReason:
        assert f"`{reason.value}`" in OPERATOR


def test_every_metric_is_named(desk: Desk):
    text = metrics_text(desk.office, Recorder().running())
    names = {line.split()[2] for line in text.splitlines() if line.startswith("# HELP")}
    for name in names:
        assert f"`{name}`" in INTERFACE


def test_every_json_endpoint_is_listed():
    routes = [route for module in API for route in module.router.routes]
    paths = {route.path for route in routes if isinstance(route, APIRoute)}
    assert "/api/queue" in paths
    for path in paths:
        assert f"{path}`" in INTERFACE or f"{path} " in INTERFACE or f"{path}?" in INTERFACE
