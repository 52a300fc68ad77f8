"""Source 信源: what is followed, how its list and its articles are read, and what one look at it brought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

LOWEST_AUTHORITY = 5


class SourceKind(StrEnum):
    """How the list of a source is written."""

    FEED = "feed"
    """RSS, Atom, RDF or JSON Feed."""
    JSON = "json"
    HTML = "html"
    SITEMAP = "sitemap"


@dataclass(frozen=True)
class ListRules:
    """Where the rows of a list are and where each row keeps its fields.

    HTML: CSS selectors; a field may end in `@attribute` (`a@href`, `@href` = of the row itself). `a@title || a`: the
    first that says something.
    JSON: dotted paths (`searchVO.listVO`, `TITLE`; the empty path is the document itself; `*` goes through every
    member of a mapping or list, as in `searchVO.catMap.*.listVO`).
    An empty `published` means the list carries no date.
    """

    rows: str
    url: str
    title: str
    published: str = ""


class PageNumbers(StrEnum):
    """How the further pages of a list are numbered."""

    FROM_ONE = "from_one"
    """Page 2 is number 1 (`index_1.html`)."""
    FROM_TWO = "from_two"
    PROBE = "probe"
    """The site is asked once which of the two it is, and the answer is remembered."""
    DESCENDING = "descending"
    """Page 2 is number (pages - 1), the oldest page is number 1 (`list/1.htm`)."""
    LINKED = "linked"
    """Pages have no numbers: each names the address of the next one (jcms: `<nextgroup>`)."""


@dataclass(frozen=True)
class Paging:
    """Where the further pages of a list are.

    `address` is relative to page 1 and holds `{page}`; `{stem}` and `{suffix}` stand for page 1's own file name
    (`index`, `.html`). `&page={page}` sets a parameter of page 1's own query. Empty: the address stays and the number
    goes into the body of the question, or the pages are linked.
    """

    address: str = ""
    numbers: PageNumbers = PageNumbers.FROM_TWO
    most: int = 5
    """Pages that one look reads at most; it stops at the first page that holds a row it knows."""


@dataclass(frozen=True)
class Asking:
    """A search interface that is asked by POST: its body, in which `{page}` is the number of the page, and its type."""

    body: str
    content_type: str = "application/json"


@dataclass(frozen=True)
class ArticleRules:
    """CSS selectors for an article page; an empty one means: government meta tags, then readability."""

    body: str = ""
    title: str = ""
    published: str = ""
    source_name: str = ""
    remove: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """One followed feed, list page or JSON list; one YAML file in `content/sources/`."""

    name: str
    title: str
    kind: SourceKind
    url: str
    column: str
    organ: str
    """The unit whose texts these are (稿源单位); the default ContentSource."""
    white_list: tuple[str, ...] = ()
    """Further ContentSource values that are expected here; another one is a finding."""
    list_rules: ListRules | None = None
    article_rules: ArticleRules = ArticleRules()
    interval: timedelta = timedelta(minutes=30)
    silence: timedelta = timedelta(days=7)
    """Nothing new for longer than this is an alarm."""
    deadline: timedelta = timedelta(hours=24)
    """Reprint within this time (domain rules: 8, 12 or 24 hours)."""
    must_reprint: bool = True
    """Whether everything that it brings is a duty; False: the office picks what it wants."""
    first_run: int = 10
    """At the first sync only the newest N become items; the rest of the archive counts as seen."""
    encoding: str = ""
    full_text: bool = False
    """True where the feed itself carries the whole article, so that no article page is fetched."""
    paging: Paging | None = None
    asking: Asking | None = None
    """None: a plain GET."""
    only: str = ""
    """Only rows in whose address this regular expression is found; empty: all. A sitemap lists the whole site."""
    authority: int = LOWEST_AUTHORITY
    """1 国务院及其部门 · 2 省级 · 3 市级 · 4 县级 · 5 其他: of one document from several sources the smallest number's text wins."""
    robots: bool = True
    """Whether the site's robots.txt is obeyed."""
    allow: tuple[str, ...] = ()
    """Exact `host:port` exceptions to the ban on private and loopback addresses."""


@dataclass(frozen=True)
class Document:
    """What was fetched 原文: the bytes as they came, from where and when. `url` is the address after redirects."""

    url: str
    body: bytes
    fetched_at: datetime
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One entry of a list: enough to know whether it is new. `key` identifies it within its source.

    `html` is the body where the list carries the whole text (feeds), else empty.
    """

    key: str
    url: str
    title: str
    published_at: datetime | None = None
    html: str = ""
    summary: str = ""


class SyncResult(StrEnum):
    """What one look at a source brought. All but the first two are alarms: a source is never 'just quiet'."""

    NEW = "new"
    NOTHING_NEW = "nothing_new"
    EMPTY_LIST = "empty_list"
    PARSER_BROKEN = "parser_broken"
    WALL = "wall"
    SILENT = "silent"
    FAILED = "failed"


@dataclass(frozen=True)
class Sign:
    """What a page of a family of publishing systems holds: a regular expression, and how sure it is."""

    text: str
    basis: str
    confirmed: bool


@dataclass(frozen=True)
class Preset:
    """A family of publishing systems: its signs, and what a source file that names it need not say itself."""

    name: str
    title: str
    signs: tuple[Sign, ...]
    kind: SourceKind
    list_rules: ListRules | None = None
    article_rules: ArticleRules = ArticleRules()
    paging: Paging | None = None
    only: str = ""
