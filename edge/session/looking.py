"""Looks at the drawing when a stroke has ended, so that candidates come while somebody writes.

The unit knows first when the pen is lifted; a page that asked would always come later.
"""

import asyncio
import logging

from edge.errors import EdgeError
from edge.session.counter_session import CounterSession
from edge.session.picking_steps import look

log = logging.getLogger(__name__)


class Looking:
    """Looks once at a time; strokes that end meanwhile make it look once more."""

    def __init__(self, session: CounterSession) -> None:
        self._session = session
        self._task: asyncio.Task[None] | None = None
        self._again = False

    def soon(self) -> None:
        """The drawing is another one now."""
        if self._task is not None and not self._task.done():
            self._again = True
            return
        self._task = asyncio.get_running_loop().create_task(self._look())

    async def _look(self) -> None:
        while True:
            self._again = False
            try:
                await look(self._session)
            except EdgeError as error:
                log.info("the drawing was not looked at", extra={"reason": error.code})
            if not self._again:
                return
