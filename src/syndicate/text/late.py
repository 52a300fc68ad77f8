"""Regular expressions that are compiled when they are first used.

There are some hundred of them; compiling all of them takes longer than checking a page, and a page needs a few.
"""

from __future__ import annotations

import re
from typing import AnyStr, Generic, cast


class _Late(Generic[AnyStr]):
    """Stands for the pattern until somebody asks for one of its methods, which it then keeps."""

    def __init__(self, source: AnyStr, flags: int) -> None:
        self._source: AnyStr = source
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        method = getattr(re.compile(self._source, self._flags), name)
        setattr(self, name, method)
        return method


def late(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As `re.compile`, but a mistake in the expression shows only at its first use: for expressions in our own code."""
    return cast("re.Pattern[AnyStr]", _Late(source, flags))
