"""Every process of the unit, in one list. The supervisor starts exactly these and nothing else."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Process:
    """One child of the supervisor.

    Every child gets a lifeline (see `edge.lifeline`): the draft key comes in over it, "alive" goes
    out over it, and its end means that the supervisor is gone and the child must go too.
    """

    name: str
    arguments: tuple[str, ...]  # of madoguchi-edge, before --config
    silent_seconds: float = 20.0  # without a sign of life for so long it is killed and restarted


PROCESSES = (Process("counter", ("serve",)),)
