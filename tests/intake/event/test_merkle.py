from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.errors import ProofError
from intake.event import merkle
from intake.event.merkle import MemoryTree
from tests.intake.event import merkle_reference as reference

LEAVES = [hashlib.sha256(bytes([n])).digest() for n in range(70)]
TREE = MemoryTree(LEAVES)
sizes = st.integers(1, len(LEAVES))


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert MemoryTree().root() == hashlib.sha256(b"").digest() == reference.mth([])


@given(st.lists(st.binary(max_size=8), max_size=40))
def test_roots_are_those_of_the_standard(leaves: list[bytes]) -> None:
    assert MemoryTree(leaves).root() == reference.mth(leaves)


def test_every_inclusion_proof_up_to_a_size_is_that_of_the_standard_and_verifies() -> None:
    for size in range(1, 34):
        root = merkle.root(TREE, size)
        assert root == reference.mth(LEAVES[:size])
        for index in range(size):
            proof = merkle.inclusion_proof(TREE, index, size)
            assert list(proof) == reference.path(index, LEAVES[:size])
            merkle.verify_inclusion(LEAVES[index], index, size, proof, root)


def test_every_consistency_proof_up_to_a_size_is_that_of_the_standard_and_verifies() -> None:
    for new in range(1, 34):
        for old in range(1, new + 1):
            proof = merkle.consistency_proof(TREE, old, new)
            assert list(proof) == reference.proof(old, LEAVES[:new])
            roots = merkle.root(TREE, old), merkle.root(TREE, new)
            merkle.verify_consistency(old, new, *roots, proof)


@given(sizes, st.data())
def test_a_changed_inclusion_is_refused(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    root = merkle.root(TREE, size)
    proof = list(merkle.inclusion_proof(TREE, index, size))
    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != index) | st.just(size))
    wrong: list[tuple[bytes, int, int, list[bytes], bytes]] = [
        (b"other", index, size, proof, root),
        (LEAVES[index], other, size, proof, root),
        (LEAVES[index], -1, size, proof, root),
        (LEAVES[index], index, size, [*proof, bytes(32)], root),
        (LEAVES[index], index, size, proof, bytes(32)),
    ]
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        flipped = proof[at][:-1] + bytes([proof[at][-1] ^ 1])
        changed = [*proof[:at], flipped, *proof[at + 1 :]]
        wrong += [(LEAVES[index], index, size, changed, root)]
        wrong += [(LEAVES[index], index, size, proof[:-1], root)]
    for arguments in wrong:
        with pytest.raises(ProofError):
            merkle.verify_inclusion(*arguments)


@given(sizes, st.data())
def test_a_rewritten_log_is_not_consistent(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    at = data.draw(st.integers(0, old - 1))
    rewritten = MemoryTree([*LEAVES[:at], b"rewritten", *LEAVES[at + 1 :]])
    proof = merkle.consistency_proof(rewritten, old, new)
    roots = merkle.root(TREE, old), merkle.root(rewritten, new)
    with pytest.raises(ProofError):
        merkle.verify_consistency(old, new, *roots, proof)
    merkle.verify_consistency(old, new, merkle.root(rewritten, old), roots[1], proof)  # control


@given(sizes, st.data())
def test_a_changed_consistency_proof_is_refused(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    roots = merkle.root(TREE, old), merkle.root(TREE, new)
    proof = list(merkle.consistency_proof(TREE, old, new))
    wrong = [[*proof, bytes(32)]]
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        wrong += [proof[:-1], proof[1:], [*proof[:at], bytes(32), *proof[at + 1 :]]]
    for changed in wrong:
        with pytest.raises(ProofError):
            merkle.verify_consistency(old, new, *roots, changed)


def test_a_proof_that_ends_before_the_root_is_refused() -> None:
    roots = merkle.root(TREE, 3), merkle.root(TREE, 7)
    with pytest.raises(ProofError, match="too short"):
        merkle.verify_consistency(3, 7, *roots, merkle.consistency_proof(TREE, 3, 7)[:2])
    with pytest.raises(ProofError, match="too short"):
        merkle.verify_consistency(3, 7, *roots, [])


@pytest.mark.parametrize(("old", "new"), [(0, 1), (2, 1), (-1, 1)])
def test_consistency_is_between_a_tree_and_a_later_one(old: int, new: int) -> None:
    with pytest.raises(ProofError):
        merkle.consistency_proof(TREE, old, new)
    with pytest.raises(ProofError):
        merkle.verify_consistency(old, new, bytes(32), bytes(32), [])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_there_is_no_proof_for_a_leaf_outside(index: int, size: int) -> None:
    with pytest.raises(ProofError):
        merkle.inclusion_proof(TREE, index, size)


def test_a_leaf_is_never_an_inner_node() -> None:
    """Without the prefixes two leaves and the leaf made of their hashes would share a root."""
    left, right = merkle.leaf_hash(b"a"), merkle.leaf_hash(b"b")
    assert MemoryTree([b"a", b"b"]).root() != MemoryTree([left + right]).root()
