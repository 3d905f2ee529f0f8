"""zinnia through ctypes, for comparison only (Debian: libzinnia0, tegaki-zinnia-japanese)."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

LIBRARY = "libzinnia.so.0"
MODEL = "/usr/share/tegaki/models/zinnia/handwriting-ja.model"
FRAME = 1000
FILLED = 0.88
MORE_THAN_ALL = 20_000

POINTER, SIZE, NUMBER, TEXT = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_char_p
SIGNATURES = {
    "recognizer_new": (POINTER,),
    "recognizer_open": (NUMBER, POINTER, TEXT),
    "recognizer_classify": (POINTER, POINTER, POINTER, SIZE),
    "character_new": (POINTER,),
    "character_set_width": (None, POINTER, SIZE),
    "character_set_height": (None, POINTER, SIZE),
    "character_add": (NUMBER, POINTER, SIZE, NUMBER, NUMBER),
    "character_destroy": (None, POINTER),
    "result_size": (SIZE, POINTER),
    "result_value": (TEXT, POINTER, SIZE),
    "result_destroy": (None, POINTER),
}
"""What each function of zinnia.h returns and takes; without it pointers are cut to 32 bits."""


def _declared(
    library: ctypes.CDLL, name: str, restype: type | None, arguments: Sequence[type | None]
) -> ctypes._NamedFuncPointer:
    function = getattr(library, f"zinnia_{name}")
    function.restype, function.argtypes = restype, arguments
    return function


class Zinnia:
    """The recogniser of tegaki with its Japanese model."""

    def __init__(self) -> None:
        """Open library and model; OSError when one is missing."""
        library = ctypes.CDLL(LIBRARY)
        self._functions = {
            name: _declared(library, name, restype, arguments)
            for name, (restype, *arguments) in SIGNATURES.items()
        }
        self._recogniser = self._function("recognizer_new")()
        if not self._function("recognizer_open")(self._recogniser, MODEL.encode()):
            raise OSError(f"{MODEL} cannot be opened; install tegaki-zinnia-japanese")

    def _function(self, name: str) -> ctypes._NamedFuncPointer:
        return self._functions[name]

    def classes(self) -> set[str]:
        """Every character that can be an answer."""
        line = np.array([[0.0, 50.0], [100.0, 50.0]])
        return set(self.recognise([line], MORE_THAN_ALL))

    def recognise(self, strokes: Sequence[NDArray[np.float64]], top: int) -> list[str]:
        """Best `top` characters for strokes (k, 2), y down, framed as tegaki does."""
        character = self._function("character_new")()
        self._function("character_set_width")(character, FRAME)
        self._function("character_set_height")(character, FRAME)
        for number, stroke in enumerate(_framed(strokes)):
            for x, y in stroke.tolist():
                self._function("character_add")(character, number, x, y)
        result = self._function("recognizer_classify")(self._recogniser, character, top)
        found = self._values(result) if result else []
        self._function("character_destroy")(character)
        return found

    def _values(self, result: int) -> list[str]:
        size = self._function("result_size")(result)
        value = self._function("result_value")
        found = [value(result, at).decode() for at in range(size)]
        self._function("result_destroy")(result)
        return found


def _framed(strokes: Sequence[NDArray[np.float64]]) -> list[NDArray[np.int64]]:
    every = np.concatenate(strokes)
    low, high = every.min(axis=0), every.max(axis=0)
    scale = FILLED * FRAME / max(float((high - low).max()), 1e-9)
    shift = FRAME / 2 - scale * (low + high) / 2
    return [np.rint(stroke * scale + shift).astype(np.int64) for stroke in strokes]
