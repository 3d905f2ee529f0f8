"""The one form of what is signed: nothing outside the signature may be written in two ways.

A certificate names its signature algorithm twice, once outside of what is signed; a response names
it only there. A bit string may claim to end inside its last octet. Whoever changes such a place
changes bytes without changing the meaning: refused, so that no bent bytes are ever accepted.
"""

from typing import Final

_SEQUENCE, _BITS, _OCTETS, _ENUMERATED, _EXPLICIT = 0x30, 0x03, 0x04, 0x0A, 0xA0
_LONG: Final = 0x80
_MOST_LENGTH_OCTETS: Final = 4


def is_signed_once(der: bytes) -> bool:
    """Whether a certificate or list names one algorithm inside and out and ends in whole octets."""
    try:
        inside, algorithm, bits, end = _three(der, 0)
        if end != len(der) or len(der) <= bits[0] or der[bits[0]] != 0:
            return False
        return _first_sequence(der, *inside) == der[slice(*algorithm)]
    except (IndexError, ValueError):
        return False


def response_is_signed_once(der: bytes) -> bool:
    """Whether the signature of an OCSP response ends with whole octets; True when it has none."""
    try:
        start, end = _element(der, 0, _SEQUENCE)
        _, after = _element(der, start, _ENUMERATED)
        if after == end == len(der):
            return True
        start, _ = _element(der, after, _EXPLICIT)
        start, _ = _element(der, start, _SEQUENCE)
        _, after = _element(der, start, None)
        start, _ = _element(der, after, _OCTETS)
        _, _, bits, _ = _three(der, start)
        return der[bits[0]] == 0
    except (IndexError, ValueError):
        return False


def _three(der: bytes, at: int) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int], int]:
    """What is signed (its inside), the algorithm (whole), the signature (its inside), the end."""
    start, end = _element(der, at, _SEQUENCE)
    inside = _element(der, start, _SEQUENCE)
    _, after = _element(der, inside[1], _SEQUENCE)
    bits = _element(der, after, _BITS)
    return inside, (inside[1], after), bits, end


def _first_sequence(der: bytes, at: int, end: int) -> bytes:
    """The first sequence among the elements from `at` on: the algorithm, in both forms."""
    while at < end:
        _, after = _element(der, at, None)
        if der[at] == _SEQUENCE:
            return der[at:after]
        at = after
    raise ValueError("nothing that is signed names an algorithm")


def _element(der: bytes, at: int, tag: int | None) -> tuple[int, int]:
    """Where the content of the element at `at` begins and ends."""
    if tag is not None and der[at] != tag:
        raise ValueError("another element than expected")
    length, start = der[at + 1], at + 2
    if length >= _LONG:
        count = length - _LONG
        if not 1 <= count <= _MOST_LENGTH_OCTETS:
            raise ValueError("a length that is indefinite or too long")
        length, start = int.from_bytes(der[start : start + count], "big"), start + count
    if start + length > len(der):
        raise ValueError("an element runs past the end")
    return start, start + length
