"""ONNX Runtime, loaded with its reports to its maker switched off.

Official builds report by default what they run to a server of their maker, and keep an id for it on
the disk. An office's machine tells nobody outside what it does. The runtime reads the switch once,
before it starts, so nothing else may import it (a test looks).
"""

import importlib
import importlib.util
import os
from typing import Any, Final

from hub.precedents.errors import EncoderError

NAME: Final = "onnxruntime"
SWITCH: Final = "ORT_DISABLE_TELEMETRY"


def installed() -> bool:
    """Whether the package is here."""
    return importlib.util.find_spec(NAME) is not None


def load() -> Any:  # noqa: ANN401 - it has no types
    """The package; EncoderError when it is not installed."""
    if not installed():
        raise EncoderError(f"the package {NAME} is not installed; set up the hub anew")
    os.environ[SWITCH] = "1"
    return importlib.import_module(NAME)
