"""Findings that go together now: those that a person gave to somebody with that person's own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hub.messages.batches.finding import Finding
from hub.messages.batches.fixes import BelongsTo, Fix, TakenOut


@dataclass(frozen=True)
class Joined:
    """Findings that go together. assigned: a person said whose they are; out: sent to nobody."""

    parts: tuple[Finding, ...]
    owner: str | None
    assigned: BelongsTo | None
    out: bool
    acts: tuple[int, ...] = ()

    @property
    def first(self) -> Finding:
        """The one that the others joined."""
        return self.parts[0]

    @property
    def pages(self) -> tuple[int, ...]:
        """All pages in order."""
        return tuple(sorted(page for part in self.parts for page in part.pages))

    @property
    def printed(self) -> frozenset[str]:
        """Every number on the pages."""
        return frozenset(number for part in self.parts for number in part.examined.numbers)


def joined(findings: Sequence[Finding], fixes: Sequence[tuple[int, Fix]]) -> Iterator[Joined]:
    """Every finding in one group, in the document's order."""
    assigned: dict[int, tuple[int, BelongsTo]] = {}
    out: dict[int, int] = {}
    for act, fix in fixes:
        if isinstance(fix, BelongsTo):
            assigned |= dict.fromkeys(fix.parts, (act, fix))
        elif isinstance(fix, TakenOut):
            out |= dict.fromkeys(fix.parts, act)
    owners = {
        one.number: assigned[one.number][1].atena_no if one.number in assigned else _printed(one)
        for one in findings
    }
    hosts: dict[tuple[int, str], int] = {}
    for given in (False, True):
        for one in findings:
            owner = owners[one.number]
            if owner is not None and one.number not in out and (one.number in assigned) is given:
                hosts.setdefault((one.file, owner), one.number)
    members: dict[int, list[Finding]] = {}
    for one in findings:
        owner, joins = owners[one.number], one.number in assigned and one.number not in out
        host = hosts[one.file, owner] if joins and owner is not None else one.number
        members.setdefault(host, []).append(one)
    for host, parts in sorted(members.items()):
        ordered = sorted(parts, key=lambda part: part.number != host)
        given = [assigned[part.number] for part in parts if part.number in assigned]
        acts = {act for act, _ in given} | {out[p.number] for p in parts if p.number in out}
        last = max(given, key=lambda pair: pair[0])[1] if given else None
        yield Joined(tuple(ordered), owners[host], last, host in out, tuple(sorted(acts)))


def _printed(finding: Finding) -> str | None:
    numbers = finding.examined.numbers
    return numbers[0] if len(numbers) == 1 else None
