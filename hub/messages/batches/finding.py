"""What pages say of whose they are and what they hold, as it is kept: found, and never changed."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, cast

from hub.messages.documents.glyph import Box

Value = str | int
REMEMBERED: Final = 16_384


@dataclass(frozen=True)
class Place:
    """A box on a page of a file; page from 1, box in points from the upper left corner."""

    page: int
    box: Box


@dataclass(frozen=True)
class Field:
    """A value with its place; by_hand: a person typed it."""

    value: Value
    place: Place | None = None
    by_hand: bool = False


@dataclass(frozen=True)
class Concern:
    """Why pages are held: a code of docs/templates.md, the field it is about, and where to look."""

    code: str
    field: str | None = None
    places: tuple[Place, ...] = ()

    def __str__(self) -> str:
        return self.code if self.field is None else f"{self.code}:{self.field}"


@dataclass(frozen=True)
class Examined:
    """What some pages say together. numbers, names: every one of them that is printed."""

    template: str | None
    kind: str
    numbers: tuple[str, ...]
    names: tuple[str, ...]
    fields: Mapping[str, Field] = field(default_factory=dict[str, Field])
    concerns: tuple[Concern, ...] = ()
    name_places: tuple[Place, ...] = ()
    number_places: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Finding:
    """Pages that belong together, counted from 1 in the batch, with what they say.

    file: the file's position in the batch; pages: in the file, from 1; loose: nothing on them says
    that a person's pages begin here, so they may belong to those before.
    """

    number: int
    file: int
    pages: tuple[int, ...]
    examined: Examined
    loose: bool = False

    def encode(self) -> bytes:
        """As it is kept."""
        found = self.examined
        value = {
            "file": self.file,
            "pages": self.pages,
            "loose": self.loose,
            "template": found.template,
            "kind": found.kind,
            "numbers": found.numbers,
            "names": found.names,
            "fields": {name: _field(one) for name, one in found.fields.items()},
            "concerns": [[c.code, c.field, _places(c.places)] for c in found.concerns],
            "name_places": _places(found.name_places),
            "number_places": _places(found.number_places),
        }
        return packed(value)


@lru_cache(maxsize=REMEMBERED)
def decode(number: int, content: bytes) -> Finding:
    """The finding that `encode` wrote; remembered, because every page of a batch asks for all."""
    value = cast("dict[str, Any]", unpacked(content))
    examined = Examined(
        template=value["template"],
        kind=value["kind"],
        numbers=tuple(value["numbers"]),
        names=tuple(value["names"]),
        fields={name: _field_from(one) for name, one in value["fields"].items()},
        concerns=tuple(Concern(c, f, _places_from(p)) for c, f, p in value["concerns"]),
        name_places=_places_from(value["name_places"]),
        number_places=_places_from(value["number_places"]),
    )
    return Finding(number, value["file"], tuple(value["pages"]), examined, value["loose"])


def packed(value: object) -> bytes:
    """JSON, compressed."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 6)


def unpacked(content: bytes) -> object:
    """The way back."""
    return json.loads(zlib.decompress(content).decode("utf-8", "surrogatepass"))


def _places(places: tuple[Place, ...]) -> list[list[float]]:
    return [[place.page, *place.box.rounded()] for place in places]


def _places_from(found: Any) -> tuple[Place, ...]:  # noqa: ANN401 what `_places` wrote
    return tuple(Place(int(page), Box(*map(float, box))) for page, *box in found)


def _field(one: Field) -> list[object]:
    return [one.value, None if one.place is None else _places((one.place,))[0]]


def _field_from(found: Any) -> Field:  # noqa: ANN401 what `_field` wrote
    value, place = found
    return Field(value, None if place is None else _places_from([place])[0])
