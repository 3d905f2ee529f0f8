"""Letters for a window envelope: checked, addressed anew, and put into the batch's print folder."""

import json
import re
import subprocess
from collections.abc import Sequence
from typing import Final

from hub.messages.channels.channel import (
    Assurance,
    Handed,
    Parcel,
    PermanentError,
    PostalAddress,
    Receipt,
    TemporaryError,
    Traits,
)
from hub.messages.channels.configuration import Letter
from hub.messages.channels.drop import put_file
from hub.messages.channels.letters.block import Block, compose, draw
from hub.messages.channels.letters.window import Window, load_window
from hub.messages.channels.rendering import Rendering
from hub.messages.sandbox.confinement import command, confinement, environment
from intake.characters.glyphs import GlyphFontError

CHILD: Final = ("-I", "-m", "hub.messages.channels.letters.child")
SECONDS: Final = 30.0
SINGLE: Final = "single"
NOT_IN_NAMES: Final = re.compile(r"[^0-9A-Za-z_-]")


class LetterChannel:
    """Prints nothing itself: it leaves one PDF a letter, under a name that never changes."""

    name = "letter"
    traits = Traits(Assurance.ASSURED, keeps_keys=True, rings=False, paper=True)

    def __init__(self, settings: Letter, rendering: Rendering) -> None:
        """ChannelSettingsError when the envelope is not known."""
        self._settings, self._rendering = settings, rendering
        self._window = load_window(settings.window)

    def send(self, parcel: Parcel) -> Handed:
        """Make the letter. PermanentError for a person, with the codes of what is wrong with it."""
        if parcel.postal is None:
            raise PermanentError("no_address")
        given = self._rendering.pages(parcel.content)
        data = self._rendering.printed(parcel) if given is None else given
        block = self._block(parcel, parcel.postal)
        stamp = self._stamp(block)
        letter, pages = self._made(data, stamp, block, cover=given is None)
        return Handed(self._put(parcel, block.mark, letter), pages)

    def receipts(self, cursor: str) -> tuple[Sequence[Receipt], str]:
        """None: letters that come back are noted by a person."""
        return (), cursor

    def check(self) -> str:
        """Whether the print folder can be written to."""
        return self._put_named("check", "check.txt", b"check\n")

    def _block(self, parcel: Parcel, postal: PostalAddress) -> Block:
        found = compose(postal, parcel.number, self._window, large=parcel.large_print)
        if isinstance(found, Block):
            return found
        raise PermanentError(" ".join(str(one) for one in found), person=True)

    def _stamp(self, block: Block) -> bytes:
        try:
            return draw(block, self._window, self._rendering.own())
        except GlyphFontError as error:
            raise TemporaryError("font_not_installed") from error

    def _made(self, data: bytes, stamp: bytes, block: Block, *, cover: bool) -> tuple[bytes, int]:
        order = _order(data, stamp, block, self._window, self._settings.most_pages, cover=cover)
        try:
            done = subprocess.run(
                command(confinement(), CHILD),
                input=order,
                capture_output=True,
                env=environment(),
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise PermanentError("letter_takes_too_long", person=True) from error
        except OSError as error:
            raise TemporaryError(f"child_not_started_{error.errno}") from error
        head, _, letter = done.stdout.partition(b"\n")
        if done.returncode != 0 or not head:
            raise PermanentError("letter_cannot_be_made", person=True)
        answer = json.loads(head)
        if "findings" in answer:
            raise PermanentError(" ".join(answer["findings"]), person=True)
        return letter, int(answer["pages"])

    def _put(self, parcel: Parcel, mark: str, letter: bytes) -> str:
        batch = NOT_IN_NAMES.sub("_", parcel.batch) or SINGLE
        return self._put_named(batch, f"{mark}_{parcel.key}.pdf", letter)

    def _put_named(self, batch: str, name: str, content: bytes) -> str:
        folder = self._settings.folder
        assert folder is not None
        if not folder.is_dir():
            raise TemporaryError("print_folder_missing")
        try:
            (folder / batch).mkdir(mode=0o750, exist_ok=True)
            put_file(folder / batch / name, content)
        except OSError as error:
            raise TemporaryError(f"print_folder_unwritable_{error.errno}") from error
        return f"{batch}/{name}"


def _order(
    data: bytes, stamp: bytes, block: Block, window: Window, most_pages: int, *, cover: bool
) -> bytes:
    seen = window.seen
    head = {
        "data": len(data),
        "stamp": len(stamp),
        "seen": [seen.left, seen.top, seen.right, seen.bottom],
        "name": block.name.plain(),
        "most_pages": most_pages,
        "cover": cover,
    }
    return json.dumps(head).encode() + b"\n" + data + stamp
