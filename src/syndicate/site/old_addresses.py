"""Old addresses: where an article of the former website stays, and what leads from an address that cannot stay.

An old path stays where it is a plain path to a page below our site and nothing of ours may ever stand there. What cannot
stay (`article.jsp?id=7`, a path of Chinese characters) is led on by a map for nginx, as no file can have that name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from syndicate.model.site import Column
from syndicate.site import paths
from syndicate.site.pages import Pages
from syndicate.site.plan import PageWrite, Plan

OLD = "old.map"
"""The map's name beside the site's folder."""
LONGEST = 255
"""Of an address that stays; the records keep no longer one."""
_PAGES = ("html", "htm", "shtml")
"""Endings that every web server serves as a page."""
_AT_ROOT = frozenset({paths.HOME, paths.NOT_FOUND, paths.MAP, paths.FAVICON, paths.ROBOTS, paths.SITEMAP})
_IN_COLUMN = re.compile(r"index\.html|p\d+\.html|rss\.xml|atom\.xml|feed\.json")
"""Lists and feeds of a column of ours."""
_ARTICLE = re.compile(r"(\d{6})/\d+\.html")
"""An article of a column of ours, by the month in which its item was created."""
_PLAIN = "/%?&=+,:@!()*~.-_;"
_LONGEST_KEY = 900
"""nginx: a key and its target must fit into `map_hash_bucket_size`."""


@dataclass(frozen=True)
class Ours:
    """What decides which addresses may be ours: the site's own, every name a column has or had, our first month (YYYYMM)."""

    site_url: str
    columns: frozenset[str]
    since: str


@dataclass(frozen=True)
class OldPlace:
    """What becomes of an old address. `address`: it stays there. Else `key` is what nginx leads on; empty: it is lost."""

    address: str
    key: str


def old_place(url: str, ours: Ours) -> OldPlace:
    """What becomes of the old address `url`.

    The host does not matter: the former site is often read by another name than the one it is known by.
    """
    parts = urlsplit(url)
    root = urlsplit(ours.site_url).path.rstrip("/")
    path = parts.path or "/"
    key = quote(path + (f"?{parts.query}" if parts.query else ""), safe=_PLAIN, errors="replace")
    if not path.startswith(f"{root}/"):
        return OldPlace("", key if len(key) <= _LONGEST_KEY else "")
    below = _as_page(path.removeprefix(f"{root}/"))
    if not parts.query and (not below or is_ours(below, ours)):
        return OldPlace("", "")
    stays = not parts.query and len(below) <= LONGEST and paths.is_safe(below) and _is_page(below)
    return OldPlace(below if stays else "", key if len(key) <= _LONGEST_KEY else "")


def is_ours(path: str, ours: Ours) -> bool:
    """Whether something that we write stands at a path below the site, or may stand there one day."""
    first, _, rest = path.partition("/")
    if not rest:
        return path in _AT_ROOT
    article = _ARTICLE.fullmatch(rest)
    mine = _IN_COLUMN.fullmatch(rest) is not None or (article is not None and article[1] >= ours.since)
    return first in paths.RESERVED or (first in ours.columns and mine)


def _as_page(path: str) -> str:
    """The file that a web server gives for a path: `2020/news/` and `node/12` are folders with an index."""
    last = path.rpartition("/")[2]
    if not path or "." in last:
        return path
    return f"{path.rstrip('/')}/{paths.HOME}"


def _is_page(path: str) -> bool:
    """Whether a path is a page in folders that are no pages themselves."""
    *folders, name = path.split("/")
    return _ends_as_page(name) and not any(_ends_as_page(folder) for folder in folders)


def _ends_as_page(name: str) -> bool:
    return name.rpartition(".")[2].lower() in _PAGES and "." in name


def plan_old(pages: Pages, ours: Ours, lists: Mapping[str, str], moved: Iterable[tuple[str, str]]) -> Iterator[Plan]:
    """The map of everything that has moved, and pages that lead on from old lists.

    `lists`: old list address → column. `moved`: an old address → where its article or file stands below our site.
    """
    facts = pages.facts
    root = urlsplit(ours.site_url).path.rstrip("/")
    keys = ((old_place(url, ours).key, address) for url, address in moved)
    lines = [_line(key, f"{root}/{address}") for key, address in keys if key]
    written = []
    for url, name in lists.items():
        column = facts.columns.get(facts.renamed.get(name, name))
        place = old_place(url, ours)
        if column is None:
            continue
        if place.address:
            written.append(PageWrite(place.address, pages.moved(place.address, column)))
        if place.key:
            lines.append(_line(place.key, f"{root}/{column.name}/"))
    if lines:
        yield Plan(tuple(written), maps=(PageWrite(OLD, "".join(sorted(set(lines))).encode()),))


def _line(key: str, target: str) -> str:
    return f'"{key}" {target};\n'


def names_of(columns: Mapping[str, Column]) -> frozenset[str]:
    """Every name that columns have or had."""
    return frozenset(name for column in columns.values() for name in (column.name, *column.former))
