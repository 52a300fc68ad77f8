"""The office's own website as the public gets it: its folder, with pages that a test puts in the place of files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

from syndicate.flow.patrol import Round, patrol
from syndicate.net.fetcher import Fetcher
from syndicate.net.limits import Limits
from syndicate.records import site_problems
from tests.flow.office import Desk
from tests.flow.web import QUICK, Page, Web

TYPES = {".html": "text/html; charset=utf-8", ".xml": "application/xml", ".css": "text/css", ".svg": "image/svg+xml"}


class Pages(dict[str, Page]):
    """Pages by path; what is not among them comes from the folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def get(self, path: str, default: Any = None) -> Any:
        if path in self:
            return self[path]
        file = self.folder / path.partition("?")[0].lstrip("/")
        file = file / "index.html" if file.is_dir() else file
        if not file.is_file():
            return default
        return Page(file.read_bytes(), type=TYPES.get(file.suffix, "application/octet-stream"))


class PublicSite:
    """A desk's website behind a loopback server; `base` takes part in the office's configuration."""

    def __init__(self, desk: Desk, web: Web) -> None:
        self.desk = desk
        self.web = web
        self.folder = desk.home / "var" / "site"
        self.web.pages = Pages(self.folder)
        self.settings(probe_base_url=web.base)

    def settings(self, **settings: object) -> None:
        """Change settings of the website channel."""
        path = self.desk.home / "channels" / "website.yaml"
        document = yaml.safe_load(path.read_text("utf-8"))
        document["settings"].update(settings)
        path.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
        self.desk.reload()

    def round(self, *, whole: bool = True, limits: Limits = QUICK) -> Round:
        """One round of the patrol, over the whole site unless it is said otherwise."""
        fetcher = Fetcher(clock=self.desk.workspace.now, gap=timedelta(0), limits=limits)
        fetcher.own_host(self.web.base, 4, timedelta(0))
        return patrol(self.desk.workspace, fetcher, whole=whole)

    def change(self, path: str, edit: Callable[[str], str]) -> None:
        """What the public gets at a path from now on, made of what was written."""
        asked = self.asked(path)
        page = self.web.pages.get(asked)
        assert page is not None
        self.web.pages[asked] = Page(edit(page.body.decode()).encode(), type=page.type)

    def restore(self, path: str) -> None:
        """The public gets what was written again."""
        del self.web.pages[self.asked(path)]

    def asked(self, path: str) -> str:
        """What a visitor asks for to get the page."""
        return "/" if path == "index.html" else f"/{path}"

    def later(self, **time: float) -> None:
        self.desk.time[0] += timedelta(**time)

    def problems(self, kind: str = "") -> list[tuple[str, str]]:
        """What is wrong now: page and detail, of one kind or kind and page of all."""
        found = site_problems.open_problems()
        if kind:
            return [(one.page, one.detail) for one in found if one.kind == kind]
        return [(str(one.kind), one.page) for one in found]


@contextmanager
def public(desk: Desk) -> Iterator[PublicSite]:
    """A website before a desk, closed afterwards."""
    web = Web()
    try:
        yield PublicSite(desk, web)
    finally:
        web.close()
