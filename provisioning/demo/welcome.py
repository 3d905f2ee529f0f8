"""What the demo prints when it is open: addresses and logins, Japanese and English side by side."""

import unicodedata

from provisioning.catalogue import LANGUAGES, catalogue
from provisioning.demo.panel.server import Visit

_GAP = "  "


def welcome(panel_url: str, visit: Visit) -> str:
    """The lines for the terminal; columns are aligned by the width characters have there."""
    words = [catalogue(language)["panel"] for language in LANGUAGES]

    def both(key: str) -> str:
        return " / ".join(section[key] for section in words)

    pages = [
        [both("title"), panel_url],
        [both("resident_page"), visit.resident],
        [both("clerk_page"), visit.clerk],
        [both("office_page"), visit.office],
        [both("boxes_page"), visit.boxes],
    ]
    columns = [
        ["staff_id", *(account.staff_id for account in visit.accounts)],
        ["pin", *(account.pin for account in visit.accounts)],
        ["login", *(account.login for account in visit.accounts)],
        ["password", *(account.password for account in visit.accounts)],
        ["roles", *(_roles(words, account.roles) for account in visit.accounts)],
        ["staff", *(account.name for account in visit.accounts)],
    ]
    heads = [[section[column[0]] for column in columns] for section in words]
    rows = [list(row) for row in zip(*(column[1:] for column in columns), strict=True)]
    logins = _table([*heads, *rows])
    lines = [both("open"), "", *_table(pages), "", f"{both('logins')}:", *logins, "", both("stop")]
    return "\n".join(lines) + "\n"


def _roles(words: list[dict[str, str]], roles: tuple[str, ...]) -> str:
    return "・".join(words[0][f"role_{role}"] for role in roles)


def _table(rows: list[list[str]]) -> list[str]:
    widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        _GAP
        + _GAP.join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def _width(text: str) -> int:
    """Columns on a terminal: wide and full-width characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
