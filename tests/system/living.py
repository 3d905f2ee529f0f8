"""Whether a process still runs; one that ended and that nobody has reaped does not."""

from pathlib import Path


def alive(pid: int) -> bool:
    """False also for a zombie: where process 1 reaps nobody, orphans stay in the table."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] not in {"Z", "X"}
