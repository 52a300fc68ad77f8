"""公众看到的网站: where the office's website stands for visitors, what it consists of, and who may be asked for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from syndicate.flow.crawl_limits import crawl_limits
from syndicate.flow.workspace import Workspace
from syndicate.inspection.page_checks import Identity, PageKind
from syndicate.inspection.page_reading import HOME, own_path
from syndicate.model.channel import Channel
from syndicate.net.addresses import host_port
from syndicate.net.fetcher import Fetcher
from syndicate.site.manifest import Recorded, folder_of, read_shard, recorded, shard_of
from syndicate.site.paths import RESERVED

_OURS = frozenset({"assets", "files", "sitemap", "disclosure"})
_LISTINGS = "disclosure/"
_PAGES = (".html", ".htm", ".shtml")
_LISTED = re.compile(r"index\.html|p\d+\.html")
"""The newest page of a list, and those of its archive."""
_ANSWERED = RESERVED - _OURS
"""First folders that the public application answers: nothing that was written, so nothing to compare."""


@dataclass(frozen=True)
class PublicSite:
    """One website: `root` is its public address, `behind` the address past nginx where the patrol fetches it, if given."""

    channel: Channel
    folder: Path
    root: str
    behind: str
    identity: Identity
    columns: frozenset[str]

    @property
    def base(self) -> str:
        """Where the patrol fetches the site, without a slash at its end."""
        return self.behind or self.root

    @property
    def allow(self) -> tuple[str, ...]:
        """The exact host:port of the own site behind nginx, which may be a loopback address."""
        return (host_port(self.behind),) if self.behind else ()

    @cached_property
    def written(self) -> dict[str, Recorded]:
        """What the manifest says stands there, as of the first question."""
        return dict(recorded(self.folder))

    def written_now(self, path: str) -> Recorded | None:
        """What the manifest says of one file at this moment: a publication may have come in between."""
        return read_shard(folder_of(self.folder) / f"{shard_of(path)}.json").get(path)

    def url(self, path: str) -> str:
        """Where a visitor opens a page; the home page without a file name."""
        return f"{self.root}/{'' if path == HOME else quote(path)}"

    def fetched_from(self, path: str) -> str:
        """Where the patrol fetches a page."""
        return f"{self.base}/{'' if path == HOME else quote(path)}"

    def path_below(self, url: str) -> str | None:
        """The path of a public address; None for another site."""
        return own_path(url, self.root)

    def path_of(self, url: str) -> str | None:
        """The path of an address that a fetch led to; None for another site."""
        return own_path(url, self.base)

    def kind_of(self, path: str) -> PageKind:
        """What stands at a path, by its form alone; articles are told apart by the records."""
        if path == HOME:
            return PageKind.HOME
        folder, _, name = path.rpartition("/")
        if "." in name and not name.lower().endswith(_PAGES):
            return PageKind.FILE
        is_list = folder in self.columns or folder.startswith(_LISTINGS)
        return PageKind.COLUMN if is_list and _LISTED.fullmatch(name) else PageKind.PAGE

    def is_answered(self, path: str) -> bool:
        """Whether the public application answers there."""
        return path.partition("/")[0] in _ANSWERED


def public_site(workspace: Workspace) -> PublicSite | None:
    """The office's website as visitors get it; None for an office without one."""
    website = workspace.website()
    if website is None:
        return None
    office = workspace.snapshot.office
    carried = website.columns or tuple(workspace.snapshot.columns)
    return PublicSite(
        channel=website,
        folder=workspace.home / str(website.settings["folder"]),
        root=office.site_url.rstrip("/"),
        behind=str(website.settings.get("probe_base_url") or "").rstrip("/"),
        identity=Identity(office.site_name, office.domain, office.site_code),
        columns=frozenset(carried),
    )


def patrol_fetcher(workspace: Workspace) -> Fetcher:
    """A fetcher that asks our own server as often as it bears, and others politely."""
    fetcher = Fetcher(workspace.now)
    site = public_site(workspace)
    if site is not None:
        limits = crawl_limits()
        fetcher.own_host(site.base, limits["at_once"], timedelta(milliseconds=limits["gap"]))
    return fetcher
