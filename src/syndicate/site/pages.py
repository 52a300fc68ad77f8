"""The pages themselves: the office's templates in `content/templates/website/` with what stands on each page.

Everything a page shows follows from its own article or list and the configuration, so that a page can be made at any
time and is the same byte for byte.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from urllib.parse import urlsplit

from jinja2 import DictLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from syndicate.errors import ConfigurationError
from syndicate.model.channel import FileReader, FileReference, Rendition
from syndicate.model.office import Office
from syndicate.model.site import Column, Listing, Published, SiteEntry
from syndicate.render.media import extension
from syndicate.render.templates import TEMPLATE_ERRORS, template_problem
from syndicate.site import disclosure, paths
from syndicate.site.facts import SiteFacts, Switches
from syndicate.site.feedback_page import FeedbackPage, ShownFeedback
from syndicate.site.images import picture_size
from syndicate.site.kept import Kept
from syndicate.site.numbering import archive_pages, linked_pages
from syndicate.site.search_page import SearchPage, Shown

_FILE_LINK = re.compile(r'(<(img|a)\b[^<>]*?\s(?:src|href)=")file:([0-9a-f]{64})"')
_SIZED = re.compile(r"\s(?:width|height)=")
_OFFICIAL = "field:"
_SHOWN = frozenset({SiteEntry, Column, Listing, Office, Switches, SearchPage, Shown, FeedbackPage, ShownFeedback})
_HOME_LATEST = 9
_HOME_PER_COLUMN = 6


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox, with a short way for our own values: they hold nothing but what pages may show."""

    def getattr(self, obj: object, attribute: str) -> object:
        """What a template reads with a dot."""
        if type(obj) in _SHOWN and not attribute.startswith("_"):
            try:
                return getattr(obj, attribute)
            except AttributeError:
                return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)


class _Fields(dict[str, str]):
    """The fields of a rendition; one that it does not have is empty."""

    def __missing__(self, name: str) -> str:
        return ""


class Pages:
    """Makes the pages of one website. Holds compiled templates; may be used from several threads.

    `files` tells the sizes of pictures; without it they have none.
    """

    def __init__(self, facts: SiteFacts, files: FileReader | None = None) -> None:
        self.facts = facts
        self._files = files
        self._sizes: dict[str, tuple[int, int] | None] = {}
        self._environment = _Environment(
            loader=DictLoader(dict(facts.templates)),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
            extensions=[Kept],
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["day"] = self._day
        self._environment.filters["minute"] = self._minute
        self.style = self._text("website/style.css")
        self.style_path = f"assets/style.{hashlib.sha256(self.style).hexdigest()[:12]}.css"

    def article(self, entry: SiteEntry, rendition: Rendition, related: Sequence[SiteEntry] = ()) -> bytes:
        """An article with its meta tags, source, official fields and attachments.

        `related` are the interpretations of a document, or the documents that an interpretation explains.
        """
        fields = _Fields(rendition.fields)
        root = paths.to_root(entry.address)
        linked = {found[3] for found in _FILE_LINK.finditer(rendition.body)}
        source_time = fields["source_published_at"]
        values = {
            "entry": entry,
            "fields": fields,
            "official": [
                (name.removeprefix(_OFFICIAL), value) for name, value in fields.items() if name.startswith(_OFFICIAL)
            ],
            "source_time": datetime.fromisoformat(source_time) if source_time else None,
            "image": self._first_image(entry, rendition),
            "documents": [one for one in related if entry.explains and entry.explains in one.numbers],
            "interpretations": [one for one in related if one.explains and one.explains in entry.numbers],
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
        return self._list(paths.below(column, paths.HOME), column, entries, turning(None, count))

    def archive(self, column: str, number: int, entries: Sequence[SiteEntry], count: int) -> bytes:
        """A page of the archive, counted from the oldest; `entries` oldest first."""
        return self._list(paths.archive(column, number), column, entries, turning(number, count))

    def home(self, published: Published) -> bytes:
        """The home page: the newest of all, then the newest of each column that belongs there and has any."""
        sections = [
            (column, published.newest(name, _HOME_PER_COLUMN))
            for name, column in self.facts.columns.items()
            if column.home or column.superior
        ]
        filled = [(column, entries) for column, entries in sections if entries]
        values = {
            "latest": published.newest("", _HOME_LATEST),
            "superior": [(column, entries) for column, entries in filled if column.superior],
            "sections": [(column, entries) for column, entries in filled if not column.superior],
        }
        return self._page("home", paths.HOME, values)

    def directory(self, listings: Sequence[Listing]) -> bytes:
        """信息公开目录: every year (newest first), organ and theme."""
        groups = [
            (title, [one for one in listings if disclosure.group_of(one) == name]) for name, title in disclosure.GROUPS
        ]
        ordered = [
            (title, sorted(found, key=lambda one: one.title, reverse=title == "年份")) for title, found in groups
        ]
        values = {"groups": [(title, found) for title, found in ordered if found]}
        return self._page("directory", paths.DIRECTORY, values)

    def listing(self, listing: Listing, number: int | None, entries: Sequence[SiteEntry], count: int) -> bytes:
        """A page of one year, organ or theme: the newest without a `number`; `entries` oldest first."""
        shown = [entry for entry in reversed(entries) if entry.belongs_to(listing.name)]
        values = {"listing": listing, "entries": shown, **turning(number, count)}
        path = paths.below(listing.name, paths.HOME) if number is None else paths.archive(listing.name, number)
        return self._page("listing", path, values)

    def moved(self, path: str, column: Column) -> bytes:
        """What stands at the former address of a column on hosts that cannot redirect."""
        return self._page(
            "moved", path, {"target": f"{paths.to_root(path)}{column.name}/{paths.HOME}", "title": column.title}
        )

    @cached_property
    def not_found(self) -> bytes:
        """The 404 page; served at any depth, so it links from the site's root."""
        return self._page("not_found", paths.NOT_FOUND, {}, root=self._top)

    @property
    def _top(self) -> str:
        """The path of the site's root on its host."""
        return urlsplit(self.facts.office.site_url).path.rstrip("/") + "/"

    def search(self, page: SearchPage) -> bytes:
        """A page of search results; served by the `public` application below the site's own host."""
        return self._page("search", "search", {"page": page}, root=self._top)

    def feedback(self, page: FeedbackPage) -> bytes:
        """A page on which the public reports, looks up or has rated; served by the `public` application too."""
        return self._page("feedback", "feedback", {"page": page}, root=self._top)

    @cached_property
    def map(self) -> bytes:
        """网站地图: every column with its feeds."""
        return self._page("map", paths.MAP, {})

    def file(self, name: str) -> bytes:
        """A file of the office's templates as it stands, such as the favicon."""
        return self._text(f"website/{name}")

    def mood(self) -> bytes:
        """The second style sheet: black and white on days of mourning, else nothing."""
        return (
            b"html { -webkit-filter: grayscale(1); filter: grayscale(1); }\n" if self.facts.switches.memorial else b""
        )

    def _list(self, path: str, column: str, entries: Sequence[SiteEntry], turned: Mapping[str, object]) -> bytes:
        shown = [entry for entry in reversed(entries) if not entry.withdrawn]
        return self._page("column", path, {"entries": shown, **turned}, column)

    def _first_image(self, entry: SiteEntry, rendition: Rendition) -> str:
        """Absolute address of the first picture of an article, for cards on other platforms; empty for none."""
        images = (file for file in rendition.files if file.role == "image")
        first = next(images, None)
        return f"{self.facts.office.site_url}/{file_path(entry.item, first)}" if first else ""

    def _body(self, entry: SiteEntry, rendition: Rendition) -> str:
        """The rendition's body with the site's addresses in place of content hashes."""
        files = {file.sha256: file for file in rendition.files}
        root = paths.to_root(entry.address)

        def address(found: re.Match[str]) -> str:
            file = files.get(found[3])
            if file is None:
                return found[0]
            more = f' download="{escape(file.name)}"' if found[2] == "a" else self._size(file.sha256, found[0])
            return f'{found[1]}{root}{file_path(entry.item, file)}"{more}'

        return _FILE_LINK.sub(address, rendition.body)

    def _size(self, sha256: str, tag: str) -> str:
        """The attributes that keep a picture's room; none for a picture that has them or cannot be measured."""
        if self._files is None or _SIZED.search(tag):
            return ""
        if sha256 not in self._sizes:
            self._sizes[sha256] = picture_size(self._files.read(sha256))
        size = self._sizes[sha256]
        return f' width="{size[0]}" height="{size[1]}"' if size else ""

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
            "switches": self.facts.switches,
            "url": f"{self.facts.office.site_url}/{path}",
            "path": path,
            # Renditions hold sanitised markup only; it is the one value that is not escaped.
            "body": Markup(body),  # noqa: S704
        }
        try:
            return self._environment.get_template(name).render({**shared, **values}).encode("utf-8", "replace")
        except TEMPLATE_ERRORS as error:
            text = self.facts.templates.get(name, "")
            raise ConfigurationError((template_problem(text, f"content/templates/{name}", error),)) from error

    def _column(self, name: str) -> Column | None:
        return self.facts.columns.get(self.facts.renamed.get(name, name))

    def _text(self, name: str) -> bytes:
        return self.facts.templates.get(name, "").encode("utf-8", "replace")

    def _day(self, moment: datetime) -> str:
        return moment.astimezone(self.facts.office.timezone).date().isoformat()

    def _minute(self, moment: datetime) -> str:
        """The form that the page rules and the tag PubDate ask for, 24 hours."""
        return moment.astimezone(self.facts.office.timezone).replace(tzinfo=None).isoformat(" ", "minutes")


def turning(number: int | None, count: int) -> dict[str, object]:
    """Where a page of a list leads: `older` and `newer` pages, and its `number` for people, 0 on the newest page."""
    pages = archive_pages(count)
    if number is None:
        return {"older": f"p{pages - 1}.html" if pages else "", "newer": "", "number": 0}
    newer = f"p{number + 1}.html" if number + 1 < linked_pages(count) else paths.HOME
    return {"older": f"p{number - 1}.html" if number else "", "newer": newer, "number": number + 1}


def file_path(item: int, file: FileReference) -> str:
    """Where a file of an item stands; types that are never published have no extension of their own."""
    return f"{paths.item_folder(item)}/{file.sha256}.{extension(file.media_type) or 'bin'}"
