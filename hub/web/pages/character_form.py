"""The fields beside an outline as a form sends them."""

from typing import Annotated, Final

from fastapi import Depends, Form

from hub.characters.details import Details

LONGEST: Final = 400
_Field = Annotated[str, Form()]


def typed_details(
    *,
    code: _Field = "",
    strokes: _Field = "",
    readings: _Field = "",
    radical: _Field = "",
    base: _Field = "",
    fallback: _Field = "",
    note: _Field = "",
) -> Details:
    """What was typed; a field that is missing is empty, one that is endless is cut."""
    values = (code, strokes, readings, radical, base, fallback, note)
    return Details(*(value.strip()[:LONGEST] for value in values))


TypedDetails = Annotated[Details, Depends(typed_details)]
