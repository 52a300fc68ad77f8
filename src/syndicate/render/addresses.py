"""Addresses of articles on our site: known before publication, the same for ever."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from syndicate.errors import UsageError

_CHINA = timezone(timedelta(hours=8))
_COLUMN = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def post_slug(item: int, created_at: datetime) -> str:
    """The name of an item's post on a CMS, `syndicate-{item}-{YYYYMM}`: known before publication, the same for ever."""
    return f"syndicate-{item}-{created_at.astimezone(_CHINA):%Y%m}"


def page_address(column: str, item: int, created_at: datetime) -> str:
    """Path of an item's page below the site, `{column}/{YYYYMM}/{item}.html`, by its creation month in China.

    Raises `UsageError` where the column is no Latin name, the number is negative or the time is not aware: an
    address is part of file names and of links that others keep.
    """
    if not _COLUMN.fullmatch(column) or item < 0 or created_at.tzinfo is None:
        raise UsageError("render.address", column=column, item=item)
    return f"{column}/{created_at.astimezone(_CHINA):%Y%m}/{item}.html"
