"""A process that holds the draft key leaves no image of its memory behind."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = """
import resource, subprocess
from edge.core_dumps import forbid_core_dumps
resource.setrlimit(resource.RLIMIT_CORE, (1 << 20, resource.getrlimit(resource.RLIMIT_CORE)[1]))
print(resource.getrlimit(resource.RLIMIT_CORE)[0], flush=True)
forbid_core_dumps()
subprocess.run(["sh", "-c", "ulimit -c; ulimit -H -c"], check=True)
"""


def test_neither_this_process_nor_its_children_dump_their_memory():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert done.stdout.split() == [str(1 << 20), "0", "0"]
