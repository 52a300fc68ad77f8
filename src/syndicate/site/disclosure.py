"""信息公开目录: which listings (by year, organ and theme) a disclosed document belongs to.

Only entries with an 索引号 are part of it. Basis: 《政府信息公开条例》 on directories, and the 主题分类 of gov.cn's policy pages.
"""

from __future__ import annotations

import hashlib
import re

from syndicate.model.site import INDEX_NUMBER, Listing, SiteEntry

FOLDER = "disclosure"
GROUPS = (("year", "年份"), ("organ", "发文机关"), ("theme", "主题分类"))
"""Kinds of listings as in their folders' names, and what people call them, in the order shown."""
_DATE, _ORGANS, _THEME = "成文日期", ("发文机关", "发布机构"), "主题分类"
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_MONTH_IN_ADDRESS = re.compile(r"/((?:19|20)\d{2})\d{2}/")
_THEME_PARTS = re.compile(r"[\\/＼／]")


def listings_of(entry: SiteEntry) -> tuple[Listing, ...]:
    """The year, the organ and the first level of the theme of a document; none for anything else.

    The year is that of the 成文日期, else of the address, which never changes.
    """
    fields = entry.fields
    if entry.withdrawn or not fields.get(INDEX_NUMBER):
        return ()
    year = _YEAR.search(fields.get(_DATE, "")) or _MONTH_IN_ADDRESS.search(entry.address)
    organ = next((fields[label] for label in _ORGANS if fields.get(label)), entry.source_name)
    theme = _THEME_PARTS.split(fields.get(_THEME, ""))[0].strip()
    found = []
    if year:
        number = year[year.lastindex or 0]
        found.append(Listing(f"{FOLDER}/year-{number}", f"{number}年"))
    if organ:
        found.append(Listing(f"{FOLDER}/organ-{_short(organ)}", organ))
    if theme:
        found.append(Listing(f"{FOLDER}/theme-{_short(theme)}", theme))
    return tuple(found)


def group_of(listing: Listing) -> str:
    """The kind of a listing: `year`, `organ` or `theme`."""
    return listing.name.removeprefix(f"{FOLDER}/").partition("-")[0]


def _short(value: str) -> str:
    """A name for a folder that follows from a Chinese one."""
    return hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()[:12]
