"""Writers for the evaluation that training never saw: other distortions, made on the pen's points.

Training bends segment ends with random grids; here strokes are bent by a perspective, by waves and
by a tremor, their corners are cut and their ends overshoot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    Strokes = list[np.ndarray]


def rewrite(strokes: Strokes, rng: np.random.Generator) -> Strokes:
    """Another person's drawing of the same character."""
    every = np.concatenate(strokes)
    size = max(float(np.ptp(every, axis=0).max()), 1e-6)
    centre = (every.max(axis=0) + every.min(axis=0)) / 2
    perspective = rng.normal(0, 0.12, 2)
    lean = rng.normal(0, 0.06)
    wave = rng.normal(0, 0.02, (2, 2))
    pace, phase = rng.uniform(2, 6, (2, 2)), rng.uniform(0, 6.3, (2, 2))
    drawn = []
    for stroke in strokes:
        place = _cut_corners(_fill((stroke - centre) / size), rng)
        place = place + rng.normal(0, 0.018, 2)
        place = _overshoot(place, rng)
        place = place / (1 + place @ perspective)[:, None]
        place = place + np.stack([lean * place[:, 1], -lean * place[:, 0]], axis=1)
        bent = wave * np.sin(place[:, None, ::-1] * pace + phase)
        drawn.append(place + bent.sum(axis=1) + _tremor(len(place), rng))
    return drawn


def _fill(stroke: np.ndarray) -> np.ndarray:
    """Points about every fiftieth of the character's size."""
    if len(stroke) < 2:
        return stroke
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(stroke, axis=0).T))])
    at = np.linspace(0, along[-1], max(2, int(along[-1] * 50)))
    return np.stack([np.interp(at, along, stroke[:, axis]) for axis in (0, 1)], axis=1)


def _cut_corners(stroke: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    width = int(rng.integers(0, 4))
    if len(stroke) <= 2 * width or not width:
        return stroke
    padded = np.pad(stroke, ((width, width), (0, 0)), mode="edge")
    kernel = np.ones(2 * width + 1) / (2 * width + 1)
    return np.stack([np.convolve(padded[:, axis], kernel, "valid") for axis in (0, 1)], axis=1)


def _overshoot(stroke: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Start and end a little early or late."""
    if len(stroke) < 4:
        return stroke
    first, last = rng.normal(0, 0.12, 2)
    stretched = stroke.copy()
    count = len(stroke) // 2
    fade = np.linspace(1, 0, count)[:, None]
    stretched[:count] += fade * first * (stroke[0] - stroke[count])
    stretched[-count:] += fade[::-1] * last * (stroke[-1] - stroke[-count])
    return stretched


def _tremor(count: int, rng: np.random.Generator) -> np.ndarray:
    steps = rng.normal(0, 0.002, (count, 2))
    return np.cumsum(steps, axis=0) * 0.6 + steps


def join(strokes: Strokes, rng: np.random.Generator, chance: float = 0.25) -> Strokes:
    """Each stroke joined to the one before by a straight pen-down line, with a chance."""
    joined = [strokes[0]]
    for stroke in strokes[1:]:
        if rng.random() < chance:
            joined[-1] = np.concatenate([joined[-1], stroke])
        else:
            joined.append(stroke)
    return joined


def shuffle(strokes: Strokes, rng: np.random.Generator) -> Strokes:
    """Every stroke reversed with a chance of 30 %, then the order shuffled."""
    turned = [stroke[::-1] if rng.random() < 0.3 else stroke for stroke in strokes]
    return [turned[at] for at in rng.permutation(len(turned))]


def lose(strokes: Strokes, rng: np.random.Generator) -> Strokes:
    """One stroke missing."""
    gone = int(rng.integers(len(strokes)))
    return [stroke for at, stroke in enumerate(strokes) if at != gone]


def add(strokes: Strokes, rng: np.random.Generator) -> Strokes:
    """One straight stroke too many."""
    every = np.concatenate(strokes)
    low, high = every.min(axis=0), every.max(axis=0)
    start = rng.uniform(low, high)
    turn, length = rng.uniform(0, 6.3), rng.uniform(0.1, 0.4) * (high - low).max()
    return [*strokes, np.stack([start, start + length * np.array([np.cos(turn), np.sin(turn)])])]


def slant(strokes: Strokes, rng: np.random.Generator) -> Strokes:
    """Leaning 15 degrees to either side."""
    lean = np.tan(np.radians(15)) * rng.choice([-1, 1])
    return [np.stack([s[:, 0] + lean * s[:, 1], s[:, 1]], axis=1) for s in strokes]


def squeeze(strokes: Strokes, rng: np.random.Generator) -> Strokes:
    """One axis halved."""
    factor = np.array([0.5, 1.0])[rng.permutation(2)]
    return [stroke * factor for stroke in strokes]


def hurry(strokes: Strokes, rng: np.random.Generator) -> Strokes:
    """A pen that lags behind a hand in a hurry: corners cut, hooks lost, ends dragged on.

    The whole way of the hand, in the air too, is smoothed; what lies on paper of it is left. Some
    strokes run into the next (p = .15), lines rise to the right, halves drift apart.
    """
    every = np.concatenate(strokes)
    size = max(float(np.ptp(every, axis=0).max()), 1e-6)
    drift = rng.normal(0, 0.03, 2)
    half = int(rng.integers(1, len(strokes))) if len(strokes) > 1 else 1
    placed = [stroke / size + drift * (at >= half) for at, stroke in enumerate(strokes)]
    way, down = _way(placed, rng)
    late = _lagging(way, rng.uniform(1.0, 3.5))
    late[:, 1] -= rng.uniform(0, 0.15) * late[:, 0]
    return [late[down == stroke] for stroke in np.unique(down[down >= 0])]


def _way(strokes: Strokes, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Points of the hand's way and the stroke each is part of, -1 in the air."""
    points, down, current = [], [], 0
    for at, stroke in enumerate(strokes):
        if at:
            air = _fill(np.stack([strokes[at - 1][-1], stroke[0]]))[1:-1:2]
            lifted = rng.random() >= 0.15
            points.append(air)
            down.append(np.full(len(air), -1 if lifted else current))
            current += lifted
        points.append(_fill(stroke))
        down.append(np.full(len(points[-1]), current))
    return np.concatenate(points), np.concatenate(down)


def _lagging(way: np.ndarray, lag: float) -> np.ndarray:
    """Where a pen is that follows the hand twice damped, half of the lag made up for."""
    reach = max(1, int(6 * lag))
    weight = np.arange(1, reach + 1) * np.exp(-np.arange(reach) / lag)
    weight /= weight.sum()
    ahead = int(lag)
    padded = np.pad(way, ((reach - 1, ahead), (0, 0)), mode="edge")
    late = [np.convolve(padded[:, axis], weight, "valid") for axis in (0, 1)]
    return np.stack(late, axis=1)[ahead:]


CASES: dict[str, Callable[[Strokes, np.random.Generator], Strokes]] = {
    "plain": lambda strokes, rng: strokes,  # noqa: ARG005 one signature for all
    "joined": join,
    "shuffled": shuffle,
    "missing": lose,
    "extra": add,
    "slanted": slant,
    "squeezed": squeeze,
    "hurried": hurry,
}
FEWEST = {"missing": 6, "extra": 6}
"""Strokes a character must have to be part of a case."""
