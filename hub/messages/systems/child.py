"""The child that reads the messages of one request: an order, the messages, one line of JSON.

They share a child because they come from one system in one request; starting one takes longer than
reading a hundred messages. What it says is checked again by `reading`.
"""

from typing import BinaryIO, Final

from hub.messages.message.child import answer, serve
from hub.messages.message.wire import Json

LINE: Final = 1 << 16
ORDER: Final[Json] = {"import": True, "trusted": []}


def said(order: Json, given: BinaryIO) -> list[Json]:
    """What each message of the request says, in their order."""
    return [answer(ORDER, given.read(int(size))) for size in order["sizes"]]


if __name__ == "__main__":
    serve(said, LINE)
