"""The pages themselves: the office's templates in `content/templates/website/` with what stands on each page.

Everything a page shows follows from its own article or list and the configuration, so that a page can be made at any
time and is the same byte for byte.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from jinja2 import DictLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from syndicate.errors import ConfigurationError
from syndicate.model.channel import FileReference, Rendition
from syndicate.model.site import Column, Published, SiteEntry
from syndicate.render.media import extension
from syndicate.render.templates import TEMPLATE_ERRORS, template_problem
from syndicate.site import paths
from syndicate.site.facts import SiteFacts
from syndicate.site.numbering import archive_pages

_FILE_LINK = re.compile(r'(<(img|a)\b[^<>]*?\s(?:src|href)=")file:([0-9a-f]{64})"')
_OFFICIAL = "field:"
_HOME_LATEST = 9
_HOME_PER_COLUMN = 6


class Pages:
    """Makes the pages of one website. Holds compiled templates; may be used from several threads."""

    def __init__(self, facts: SiteFacts) -> None:
        self.facts = facts
        self._environment = ImmutableSandboxedEnvironment(
            loader=DictLoader(dict(facts.templates)),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["day"] = self._day
        self._environment.filters["minute"] = self._minute
        self.style = self._text("website/style.css")
        self.style_path = f"assets/style.{hashlib.sha256(self.style).hexdigest()[:12]}.css"

    def article(self, entry: SiteEntry, rendition: Rendition) -> bytes:
        """An article with its meta tags, source, official fields and attachments."""
        fields = rendition.fields
        root = paths.to_root(entry.address)
        linked = {found[3] for found in _FILE_LINK.finditer(rendition.body)}
        source_time = fields.get("source_published_at", "")
        values = {
            "entry": entry,
            "fields": fields,
            "official": [
                (name.removeprefix(_OFFICIAL), value) for name, value in fields.items() if name.startswith(_OFFICIAL)
            ],
            "source_time": datetime.fromisoformat(source_time) if source_time else None,
            "attachments": [
                (file.name, root + file_path(entry.item, file))
                for file in rendition.files
                if file.role == "attachment" and file.sha256 not in linked
            ],
        }
        return self._page("article", entry.address, values, entry.column, body=self._body(entry, rendition))

    def notice(self, entry: SiteEntry, rendition: Rendition) -> bytes:
        """What stands at the address of a withdrawn article."""
        return self._page("notice", entry.address, {"fields": rendition.fields}, entry.column, body=rendition.body)

    def newest(self, column: str, entries: Sequence[SiteEntry], count: int) -> bytes:
        """The newest page of a column; `entries` oldest first, `count` the numbers given in the column."""
        pages = archive_pages(count)
        older = f"p{pages - 1}.html" if pages else ""
        return self._list(paths.below(column, paths.HOME), column, entries, older=older, newer="", number=0)

    def archive(self, column: str, number: int, entries: Sequence[SiteEntry], count: int) -> bytes:
        """A page of the archive, counted from the oldest; `entries` oldest first."""
        newer = f"p{number + 1}.html" if number + 1 < archive_pages(count) else paths.HOME
        older = f"p{number - 1}.html" if number else ""
        path = paths.archive(column, number)
        return self._list(path, column, entries, older=older, newer=newer, number=number + 1)

    def home(self, published: Published) -> bytes:
        """The home page: the newest of all, then the newest of each column that belongs there and has any."""
        sections = [
            (column, published.newest(name, _HOME_PER_COLUMN))
            for name, column in self.facts.columns.items()
            if column.home
        ]
        latest = published.newest("", _HOME_LATEST)
        values = {"latest": latest, "sections": [(column, entries) for column, entries in sections if entries]}
        return self._page("home", paths.HOME, values)

    def not_found(self) -> bytes:
        """The 404 page; served at any depth, so it links from the site's root."""
        root = urlsplit(self.facts.office.site_url).path.rstrip("/") + "/"
        return self._page("not_found", paths.NOT_FOUND, {}, root=root)

    def map(self) -> bytes:
        """网站地图: every column with its feeds."""
        return self._page("map", paths.MAP, {})

    def favicon(self) -> bytes:
        """The site's small sign."""
        return self._text("website/favicon.svg")

    def _list(
        self, path: str, column: str, entries: Sequence[SiteEntry], *, older: str, newer: str, number: int
    ) -> bytes:
        shown = [entry for entry in reversed(entries) if not entry.withdrawn]
        values = {"entries": shown, "older": older, "newer": newer, "number": number}
        return self._page("column", path, values, column)

    def _body(self, entry: SiteEntry, rendition: Rendition) -> str:
        """The rendition's body with the site's addresses in place of content hashes."""
        files = {file.sha256: file for file in rendition.files}
        root = paths.to_root(entry.address)

        def address(found: re.Match[str]) -> str:
            file = files.get(found[3])
            if file is None:
                return found[0]
            download = f' download="{escape(file.name)}"' if found[2] == "a" else ""
            return f'{found[1]}{root}{file_path(entry.item, file)}"{download}'

        return _FILE_LINK.sub(address, rendition.body)

    def _page(
        self,
        template: str,
        path: str,
        values: Mapping[str, object],
        column: str = "",
        *,
        body: str = "",
        root: str | None = None,
    ) -> bytes:
        name = f"website/{template}.html"
        shared = {
            "office": self.facts.office,
            "columns": self.facts.columns.values(),
            "column": self._column(column),
            "root": paths.to_root(path) if root is None else root,
            "style": self.style_path,
            "url": f"{self.facts.office.site_url}/{path}",
            # Renditions hold sanitised markup only; it is the one value that is not escaped.
            "body": Markup(body),  # noqa: S704
        }
        try:
            return self._environment.get_template(name).render({**shared, **values}).encode("utf-8", "replace")
        except TEMPLATE_ERRORS as error:
            text = self.facts.templates.get(name, "")
            raise ConfigurationError((template_problem(text, f"content/templates/{name}", error),)) from error

    def _column(self, name: str) -> Column | None:
        return self.facts.columns.get(name)

    def _text(self, name: str) -> bytes:
        return self.facts.templates.get(name, "").encode("utf-8", "replace")

    def _day(self, moment: datetime) -> str:
        return moment.astimezone(self.facts.office.timezone).strftime("%Y-%m-%d")

    def _minute(self, moment: datetime) -> str:
        """The form that the page rules and the tag PubDate ask for, 24 hours."""
        return moment.astimezone(self.facts.office.timezone).strftime("%Y-%m-%d %H:%M")


def file_path(item: int, file: FileReference) -> str:
    """Where a file of an item stands; types that are never published have no extension of their own."""
    return f"{paths.item_folder(item)}/{file.sha256}.{extension(file.media_type) or 'bin'}"
