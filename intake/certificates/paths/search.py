"""Searches a path from a leaf to an anchor and checks it whole (RFC 5280 section 6.1).

The search is bounded in depth and in signatures, whatever the pool holds: foreign certificates that
name each other in circles cost a fixed amount of work.
"""

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from intake.certificates.links import basic_constraints, in_time, key_usage
from intake.certificates.paths.name_limits import NameLimits
from intake.certificates.paths.names import is_self_issued, same
from intake.certificates.paths.policies import POLICY_MAPPINGS, PolicyRules, PolicyTree
from intake.certificates.paths.pool import Pool, SearchEndedError
from intake.certificates.paths.revocation import Standing, standing

LONGEST: Final = 10
_SIGNERS_DEPTH: Final = 2
_KNOWN: Final = frozenset(
    {
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.CERTIFICATE_POLICIES,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
        ExtensionOID.NAME_CONSTRAINTS,
        ExtensionOID.POLICY_CONSTRAINTS,
        ExtensionOID.INHIBIT_ANY_POLICY,
        ExtensionOID.CRL_DISTRIBUTION_POINTS,
        POLICY_MAPPINGS,
    }
)


class PathReason(StrEnum):
    """Why a leaf is accepted or not; of several paths the last reason counts."""

    ACCEPTED = "accepted"
    NO_PATH = "no_path"
    OUT_OF_TIME = "out_of_time"
    CRITICAL_EXTENSION = "critical_extension"
    NOT_AN_AUTHORITY = "not_an_authority"
    PATH_LENGTH = "path_length"
    NAME_CONSTRAINTS = "name_constraints"
    POLICY = "policy"
    REVOKED = "revoked"
    REVOCATION_UNKNOWN = "revocation_unknown"
    TOO_MUCH = "too_much"


@dataclass(frozen=True)
class PathRules:
    """What a verifier demands of a path at one time."""

    at: dt.datetime
    policies: PolicyRules = field(default_factory=PolicyRules)


def check_path(
    leaf: x509.Certificate, anchors: Sequence[x509.Certificate], pool: Pool, rules: PathRules
) -> PathReason:
    """Whether some path leads from `leaf` through certificates of the pool to an anchor.

    Every certificate below the anchor must be known not to be revoked. Certificates are those of
    load_certificate, lists those of open_list: both parsed as a whole.
    """
    try:
        return _Search(tuple(anchors), pool, rules).judge(leaf, _SIGNERS_DEPTH)
    except SearchEndedError:
        return PathReason.TOO_MUCH


@dataclass(frozen=True)
class _Search:
    anchors: tuple[x509.Certificate, ...]
    pool: Pool
    rules: PathRules

    def judge(self, leaf: x509.Certificate, depth: int) -> PathReason:
        """`depth` bounds how far signers of lists are followed for signers of lists."""
        if leaf in self.anchors:
            return PathReason.ACCEPTED
        reason = PathReason.NO_PATH
        for path in self._paths((leaf,)):
            reason = self._check(path) or self._revocation(path, depth)
            if reason is PathReason.ACCEPTED:
                break
        return reason

    def _paths(self, below: tuple[x509.Certificate, ...]) -> Iterator[tuple[x509.Certificate, ...]]:
        """Paths with the anchor in front; each link is signed and named right."""
        top = below[0]
        for anchor in self.anchors:
            if same(anchor.subject, top.issuer) and self.pool.issued(top, anchor):
                yield (anchor, *below)
        if len(below) >= LONGEST:
            return
        for candidate in self.pool.named(top.issuer):
            if candidate in below or candidate in self.anchors:
                continue
            if self.pool.issued(top, candidate):
                yield from self._paths((candidate, *below))

    def _check(self, path: tuple[x509.Certificate, ...]) -> PathReason | None:
        """Everything but revocation; the anchor itself is only trusted."""
        length = len(path) - 1
        limits, tree = NameLimits(), PolicyTree(length, self.rules.policies)
        room = length
        for number, certificate in enumerate(path[1:], 1):
            final, own = number == length, is_self_issued(certificate)
            reason = self._one(certificate, limits, tree, final=final, own=own)
            if reason is not None:
                return reason
            if final:
                continue
            reason, room = _authority(certificate, room, own=own)
            if reason is not None:
                return reason
            limits.narrow(certificate)
            if not tree.prepare(certificate, self_issued=own):
                return PathReason.POLICY
        return None if tree.finish(path[-1]) else PathReason.POLICY

    def _one(
        self,
        certificate: x509.Certificate,
        limits: NameLimits,
        tree: PolicyTree,
        *,
        final: bool,
        own: bool,
    ) -> PathReason | None:
        if not in_time(certificate, self.rules.at):
            return PathReason.OUT_OF_TIME
        if any(one.critical and one.oid not in _KNOWN for one in certificate.extensions):
            return PathReason.CRITICAL_EXTENSION
        if (final or not own) and not limits.allow(certificate):
            return PathReason.NAME_CONSTRAINTS
        return None if tree.take(certificate, self_issued=own, final=final) else PathReason.POLICY

    def _revocation(self, path: tuple[x509.Certificate, ...], depth: int) -> PathReason:
        for issuer, certificate in itertools.pairwise(path):
            found = standing(
                certificate,
                issuer,
                self.pool,
                self.rules.at,
                lambda signer: depth > 0 and self._trusts(signer, path, depth),
            )
            if found is Standing.REVOKED:
                return PathReason.REVOKED
            if found is Standing.UNKNOWN:
                return PathReason.REVOCATION_UNKNOWN
        return PathReason.ACCEPTED

    def _trusts(
        self, signer: x509.Certificate, path: tuple[x509.Certificate, ...], depth: int
    ) -> bool:
        """Whether another signer of lists leads to the anchor of the path by itself."""
        under = _Search((path[0],), self.pool, self.rules)
        return under.judge(signer, depth - 1) is PathReason.ACCEPTED


def _authority(
    certificate: x509.Certificate, room: int, *, own: bool
) -> tuple[PathReason | None, int]:
    """Whether it may issue the next one, and for how many more below it there is room."""
    constraints, usage = basic_constraints(certificate), key_usage(certificate)
    if constraints is None or not constraints.ca or (usage and not usage.key_cert_sign):
        return PathReason.NOT_AN_AUTHORITY, room
    if not own:
        if room <= 0:
            return PathReason.PATH_LENGTH, room
        room -= 1
    if constraints.path_length is not None:
        room = min(room, constraints.path_length)
    return None, room
