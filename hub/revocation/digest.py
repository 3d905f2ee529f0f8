"""What units are told about revocation: the complete lists at hand, for a while."""

import datetime as dt
import logging
from dataclasses import dataclass

from hub.clock import instant
from hub.review.proof import load_anchors
from hub.revocation.lists import ListStore
from hub.settings import Settings
from intake.certificates.anchors import Anchor, AnchorSet, Purpose
from intake.certificates.errors import AnchorError
from intake.certificates.revocation_list import RevocationList, list_problem
from intake.certificates.untrusted import read_or_none
from intake.office.revocation import Cover

MINUTE_US = 60 * 1_000_000

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Covered:
    """An issuer and its newest complete list that is usable now."""

    cover: Cover
    found: RevocationList

    @property
    def mark(self) -> bytes:
        """What tells this list from any other one of its issuer."""
        return self.found.crl.signature

    @property
    def serials(self) -> tuple[int, ...]:
        """Every revoked serial number."""
        return tuple(self.found.entries or ())


class CompleteLists:
    """Looks at the lists once a minute at most: their signatures are checked anew each time."""

    def __init__(self, settings: Settings, lists: ListStore) -> None:
        self._settings = settings
        self._lists = lists
        self._looked: tuple[int, tuple[int, ...]] | None = None
        self._found: tuple[Covered, ...] = ()

    def now(self, now_us: int) -> tuple[Covered, ...]:
        """The issuers about whom everything is known at `now_us`."""
        if not self._lists.configured:
            return ()
        lists = self._lists.lists()
        looked = (now_us // MINUTE_US, tuple(id(one) for one in lists))
        if looked != self._looked:
            self._found = self._look(lists, instant(now_us))
            self._looked = looked
        return self._found

    def _look(self, lists: tuple[RevocationList, ...], at: dt.datetime) -> tuple[Covered, ...]:
        try:
            anchors = load_anchors(self._settings)
        except (AnchorError, OSError) as error:
            logger.warning("the card anchors are refused: %s", error)
            anchors = AnchorSet(())
        every = (*anchors.for_purpose(Purpose.AUTH), *anchors.for_purpose(Purpose.SIGN))
        found = (_newest(anchor, lists, at) for anchor in every)
        return tuple(one for one in found if one is not None)


def _newest(anchor: Anchor, lists: tuple[RevocationList, ...], at: dt.datetime) -> Covered | None:
    for one in lists:
        until = one.crl.next_update_utc
        usable = read_or_none(lambda found=one: _is_complete(found, anchor, at))
        if usable and until is not None:
            until_us = int(until.timestamp() * 1_000_000)
            return Covered(Cover(bytes.fromhex(anchor.sha256), until_us), one)
    return None


def _is_complete(found: RevocationList, anchor: Anchor, at: dt.datetime) -> bool:
    """Whether the list names every revoked end-entity certificate of the anchor."""
    issuer, scope = anchor.certificate, found.scope
    if found.crl.issuer != issuer.subject or list_problem(found, issuer, at) is not None:
        return False
    if found.entries is None:
        return False
    return scope is None or not (
        scope.full_name
        or scope.relative_name
        or scope.only_contains_ca_certs
        or scope.only_contains_attribute_certs
        or scope.only_some_reasons
        or scope.indirect_crl
    )
