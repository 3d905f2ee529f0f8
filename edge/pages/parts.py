"""Parts and radicals to press where there is no keyboard."""

import unicodedata
from typing import Final

_WRITTEN: Final = {"竹": "𥫗", "食": "飠", "金": "釒"}  # how they stand within a character
_SHOWN: Final = "亻氵扌木糸言金土火日月目田石禾竹米艹宀广辶阝女子口山心忄犭礻衤車貝食魚鳥馬門雨頁"
PARTS: Final = tuple((shown, _WRITTEN.get(shown, shown)) for shown in _SHOWN)
"""Components that names have most: what stands on the button, and what is asked for."""

_FIRST: Final = 0x2F00  # Kangxi Radicals, in order of their numbers
RADICALS: Final = tuple(unicodedata.normalize("NFKC", chr(_FIRST + n)) for n in range(214))
"""The 214 radicals (部首), number 1 first, as ordinary characters."""
