"""What a mail server's refusal is about, by its enhanced code (RFC 3463) where it has one."""

import re
from typing import Final

DEAD: Final = (550, 551, 553)
"""Replies to RCPT that say there is no such mailbox, where no enhanced code says more."""
ENHANCED: Final = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
ADDRESS: Final = "1"
"""The subject of codes about an address; others are about rules, the network or the text."""
SENDER: Final = ("7", "8")
"""Details under that subject which are about our own address, not the recipient's."""


def no_such_mailbox(code: int, said: str) -> bool:
    """Whether a reply that refuses a recipient for good says that the address is dead."""
    enhanced = ENHANCED.match(said.lstrip())
    return code in DEAD if enhanced is None else _about_recipient(enhanced)


def dead_by_status(status: str) -> bool:
    """Whether the Status of a bounce says that the address is dead."""
    enhanced = ENHANCED.match(status)
    return enhanced is not None and enhanced[1] == "5" and _about_recipient(enhanced)


def _about_recipient(enhanced: re.Match[str]) -> bool:
    return enhanced[2] == ADDRESS and enhanced[3] not in SENDER
