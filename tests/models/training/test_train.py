"""The stages of a training are what the recipe, the conversion and the model card count on."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from models.training import augmentation, batches, train

RUN = Path(train.__file__).with_name("run")


@pytest.mark.parametrize("mode", train.MODES)
def test_the_recipe_converts_the_last_stage(mode: str) -> None:
    names = [stage.name for stage in train.MODES[mode]]
    assert len(set(names)) == len(names)
    assert re.findall(r"--run \S+/\$name/(\w+)", RUN.read_text("utf-8")) == [names[-1]]


@pytest.mark.parametrize("mode", train.MODES)
def test_a_stage_never_loses_what_the_one_before_had(mode: str) -> None:
    for before, after in pairwise(train.MODES[mode]):
        assert before.refined <= after.refined
        assert before.composed <= after.composed
        assert before.hurried <= after.hurried
        assert after.embed_at == (1,)


def test_a_stage_embeds_everything_before_it_ends() -> None:
    for stages in train.MODES.values():
        assert all(min(stage.embed_at) <= stage.steps for stage in stages)
        assert all(stage.warm_up < stage.steps for stage in stages)


def test_a_patient_hand_strays_less_than_a_hurried_one() -> None:
    patient, hurried = augmentation.PATIENT, augmentation.PEN
    for name in ("shift", "turn", "stretch", "warp", "cut_share", "run_share", "join_bow", "bow"):
        assert getattr(patient, name) < getattr(hurried, name)


def test_neighbours_share_a_batch() -> None:
    """Without a table of embeddings glyphs mix at random, with one most have company."""
    rng = np.random.default_rng(1)
    group = np.repeat(np.arange(3000), 9)
    table = rng.normal(size=(3000, 16))[group] + rng.normal(0, 0.01, (len(group), 16))
    miner = batches.Miner.__new__(batches.Miner)
    miner.batch, miner.drawn, miner.everything = 128, np.arange(900), np.arange(len(group))
    miner.table = None
    alone = len(np.unique(group[miner.choose((1, 1))]))
    miner.table = (table / np.linalg.norm(table, axis=1, keepdims=True)).astype(np.float32)
    assert len(np.unique(group[miner.choose((1, 1))])) < alone / 2
