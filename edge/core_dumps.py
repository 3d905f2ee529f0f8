"""No core dumps: one would put the draft key beside the drafts, and residents in the clear."""

import resource


def forbid_core_dumps() -> None:
    """For this process and all that it starts from now on."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
