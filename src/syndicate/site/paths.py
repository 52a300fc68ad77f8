"""Where everything of a website stands: addresses below the site's root, and which of them are safe to write."""

from __future__ import annotations

import re
from pathlib import Path

from syndicate.errors import StorageError

HOME = "index.html"
NOT_FOUND = "404.html"
MAP = "map.html"
FAVICON = "favicon.svg"
ROBOTS = "robots.txt"
MOOD = "assets/mood.css"
LEAVING = "assets/leaving.js"
FIND_ERROR = "assets/find-error.svg"
ORGAN_MARK = "assets/organ-mark.svg"
RSS = "rss.xml"
ATOM = "atom.xml"
JSON_FEED = "feed.json"
DIRECTORY = "disclosure/index.html"
SITEMAP = "sitemap.xml"
SITEMAP_PAGES = "sitemap/pages.xml"

RESERVED = frozenset({"assets", "files", "sitemap", "disclosure", "search", "screens", "wechat"})
"""First folders of addresses that are ours beside the columns: the site's own, and what the public application answers."""

_SAFE = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9._-]{0,199}/){0,8}[A-Za-z0-9_][A-Za-z0-9._-]{0,199}")


def archive(column: str, number: int) -> str:
    """An archive page of a column."""
    return f"{column}/p{number}.html"


def below(column: str, name: str) -> str:
    """A file of a column; of the whole site where `column` is empty."""
    return f"{column}/{name}" if column else name


def sitemap_shard(column: str, number: int) -> str:
    """One sitemap of a column."""
    return f"sitemap/{column}-{number}.xml"


def item_folder(item: int) -> str:
    """The folder of an item's pictures and attachments. Its own, so that a withdrawal can take all of them away."""
    return f"files/{item}"


def to_root(path: str) -> str:
    """What leads from a page back to the site's root, such as `../../`; pages link to each other relatively."""
    return "../" * path.count("/")


def is_safe(path: str) -> bool:
    """Whether a path stays below the root on every system: plain segments, none hidden, none empty, no `..`."""
    return _SAFE.fullmatch(path) is not None


def on_disk(root: Path, path: str) -> Path:
    """The file of a path. Raises `StorageError` (`site.path`) for a path or a linked folder that leads elsewhere."""
    target = root / path
    if not is_safe(path) or not target.parent.resolve().is_relative_to(root.resolve()):
        raise StorageError("site.path", path=path)
    return target
