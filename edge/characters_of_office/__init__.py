"""The office's own characters on this unit: drawn, embedded here, and found by drawing at once.

Beside them, where the office allows it, confirmed drawings as prototypes: sums of several filings.
"""

from edge.characters_of_office.collection import OwnCharacters
from edge.characters_of_office.confirmed import ConfirmedDrawings, Kept

__all__ = ["ConfirmedDrawings", "Kept", "OwnCharacters"]
