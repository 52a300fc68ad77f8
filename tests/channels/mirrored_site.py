"""A small website on the disk, written by the writer itself, and where its targets' copies stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from syndicate.channels.mirror import mirror
from syndicate.channels.target_calls import TargetHand
from syndicate.model.target import S3Target
from syndicate.site.lock import site_lock
from syndicate.site.plan import FolderKeep, PageWrite, Plan
from syndicate.site.writer import write
from tests.channels.office import MemoryFiles

PATIENCE = timedelta(seconds=5)
PAGES = {
    "news/202611/7.html": "<article>样稿七</article>",
    "news/index.html": "<ul>样稿七</ul>",
    "news/p0.html": "<ul>样稿七</ul>",
    "rss.xml": "<rss/>",
    "index.html": "<h1>样例县</h1>",
    "assets/style.css": "body{}",
}


@dataclass
class Site:
    """`publish` writes pages; `mirror` brings one target up to date."""

    root: Path
    files: MemoryFiles = field(default_factory=MemoryFiles)
    endpoint: str = "https://s3.example"

    def publish(self, pages: Mapping[str, str], keep: FolderKeep | None = None) -> None:
        writes = tuple(PageWrite(path, text.encode()) for path, text in pages.items())
        with site_lock(self.root, PATIENCE):
            write(self.root, [Plan(pages=writes, keep=keep)], self.files)

    def mirror(
        self, target: TargetHand, name: str = "main", seconds: float = 60, patience: timedelta = PATIENCE
    ) -> bool:
        place = S3Target(name, self.endpoint, "bucket", "", "")
        return mirror(self.root, place, target, patience, seconds)


def tree(folder: Path) -> dict[str, str]:
    """Every file below a folder with its text."""
    return {
        file.relative_to(folder).as_posix(): file.read_text("utf-8", "replace")
        for file in folder.rglob("*")
        if file.is_file()
    }
