"""The Merkle tree of RFC 9162: roots, inclusion and consistency proofs, and their checks.

A tree is read through `Nodes`, the hashes of complete subtrees, so that a log of any length
answers in O(log^2 n) look-ups wherever those hashes are kept.
"""

import hashlib
from collections.abc import Sequence
from typing import Protocol

from intake.errors import ProofError


class Nodes(Protocol):
    """The hashes of complete subtrees of a growing log."""

    def node(self, level: int, index: int) -> bytes:
        """The hash over the leaves from `index * 2**level` to below `(index + 1) * 2**level`."""
        ...


class MemoryTree:
    """A growing tree in memory; a hub may keep the same nodes in a table instead."""

    def __init__(self, leaves: Sequence[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = []
        self.size = 0
        for leaf in leaves:
            self.append(leaf)

    def append(self, leaf: bytes) -> None:
        """Add one leaf (its input, not its hash)."""
        for level, _, value in new_nodes(self, self.size, leaf):
            if level == len(self._levels):
                self._levels.append([])
            self._levels[level].append(value)
        self.size += 1

    def node(self, level: int, index: int) -> bytes:
        """See Nodes."""
        return self._levels[level][index]

    def root(self) -> bytes:
        """The root over all leaves."""
        return root(self, self.size)


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf input (RFC 9162 section 2.1.1)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def new_nodes(nodes: Nodes, size: int, leaf: bytes) -> tuple[tuple[int, int, bytes], ...]:
    """The (level, index, hash) that become complete when `leaf` is added to `size` leaves."""
    value = leaf_hash(leaf)
    found = [(0, size, value)]
    level, index = 0, size
    while index & 1:
        value = node_hash(nodes.node(level, index - 1), value)
        level, index = level + 1, index >> 1
        found.append((level, index, value))
    return tuple(found)


def root(nodes: Nodes, size: int) -> bytes:
    """The root over the first `size` leaves."""
    return _range(nodes, 0, size) if size else hashlib.sha256().digest()


def inclusion_proof(nodes: Nodes, index: int, size: int) -> tuple[bytes, ...]:
    """The audit path of leaf `index` in the tree of `size` leaves (section 2.1.3.1)."""
    if not 0 <= index < size:
        raise ProofError("there is no such leaf in a tree of this size")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_range(nodes, middle, end))
            end = middle
        else:
            path.append(_range(nodes, start, middle))
            start = middle
    return tuple(reversed(path))


def consistency_proof(nodes: Nodes, old: int, new: int) -> tuple[bytes, ...]:
    """The proof that the first `old` of `new` leaves are unchanged (section 2.1.4.1)."""
    if not 0 < old <= new:
        raise ProofError("consistency is between a tree and a later one")
    path: list[bytes] = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_range(nodes, middle, end))
            end = middle
        else:
            path.append(_range(nodes, start, middle))
            start, whole = middle, False
    if not whole:
        path.append(_range(nodes, start, end))
    return tuple(reversed(path))


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected_root: bytes
) -> None:
    """Check section 2.1.3.2; ProofError unless `leaf` stands at `index` under the root."""
    if not 0 <= index < size:
        raise ProofError("the index lies outside the tree")
    first, last, value = index, size - 1, leaf_hash(leaf)
    for sibling in proof:
        if last == 0:
            raise ProofError("the proof is too long")
        if first & 1 or first == last:
            value = node_hash(sibling, value)
            first, last = _to_left_turn(first, last)
        else:
            value = node_hash(value, sibling)
        first, last = first >> 1, last >> 1
    if last != 0 or value != expected_root:
        raise ProofError("the proof does not lead to the signed root")


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Check section 2.1.4.2; ProofError unless the newer tree extends the older one."""
    if not 0 < old <= new:
        raise ProofError("consistency is between a tree and a later one")
    if old == new:
        if proof or old_root != new_root:
            raise ProofError("two trees of one size differ")
        return
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        raise ProofError("the proof is too short")
    if _both_roots(old, new, path) != (old_root, new_root):
        raise ProofError("the newer tree does not extend the older one")


def _both_roots(old: int, new: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    first, last = old - 1, new - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    old_value = new_value = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ProofError("the proof is too long")
        if first & 1 or first == last:
            old_value = node_hash(sibling, old_value)
            new_value = node_hash(sibling, new_value)
            first, last = _to_left_turn(first, last)
        else:
            new_value = node_hash(new_value, sibling)
        first, last = first >> 1, last >> 1
    if last != 0:
        raise ProofError("the proof is too short")
    return old_value, new_value


def _to_left_turn(first: int, last: int) -> tuple[int, int]:
    """Climb past the levels at which the node stands alone at the right edge."""
    while first and not first & 1:
        first, last = first >> 1, last >> 1
    return first, last


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _range(nodes: Nodes, start: int, end: int) -> bytes:
    size = end - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return nodes.node(level, start >> level)
    middle = start + _split(size)
    return node_hash(_range(nodes, start, middle), _range(nodes, middle, end))
