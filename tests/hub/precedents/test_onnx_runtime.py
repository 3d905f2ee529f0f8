"""The runtime of models reports nothing to anybody; what would report is seen to."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hub.precedents import onnx_runtime

HUB = Path(onnx_runtime.__file__).parents[1]

if not onnx_runtime.installed():
    pytest.skip("onnxruntime is not installed", allow_module_level=True)


def left_by(program: str, folder: Path) -> set[str]:
    """What a fresh process leaves in its home and its temporary folder.

    Nothing else is handed down: the runtime is silent too where CI or another name of a build
    server is set, and there the control would see nothing.
    """
    environment = {"HOME": str(folder), "TMPDIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    environment["PATH"] = os.environ["PATH"]
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_loaded_by_us_it_keeps_no_id_and_no_session(tmp_path: Path):
    assert (
        left_by("from hub.precedents import onnx_runtime; onnx_runtime.load()", tmp_path) == set()
    )


def test_loaded_as_it_comes_it_does(tmp_path: Path):
    """The control: without the switch it begins a session of its reports."""
    assert left_by("import onnxruntime", tmp_path)


def test_nothing_else_of_the_hub_imports_it():
    own = Path(onnx_runtime.__file__)
    for path in sorted(HUB.rglob("*.py")):
        if path != own:
            text = path.read_text(encoding="utf-8")
            assert "import onnxruntime" not in text, path.name
            assert 'import_module("onnxruntime")' not in text, path.name
    assert importlib.util.find_spec(onnx_runtime.NAME) is not None
