"""旧网站: what there is to import, from its lists or from a WordPress export. Nothing is stored here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from syndicate.config.old_columns import OldColumn
from syndicate.errors import FetchRefused, Message, StorageError, SyndicateError, UsageError
from syndicate.flow.listing import Listed, first_page, read_pages
from syndicate.flow.robots import permit_fetch
from syndicate.flow.workspace import Workspace
from syndicate.ingest.addresses import absolute
from syndicate.ingest.continuations import next_of_list
from syndicate.ingest.lists import read_list
from syndicate.ingest.proposing import propose
from syndicate.ingest.walls import refuse_wall
from syndicate.ingest.wordpress import PAGE, Export, Post, read_posts, scan
from syndicate.model.source import Document, Paging, Row, Source, SourceKind
from syndicate.net.fetcher import Fetcher

MOST_PAGES = 2_000
"""Pages of one list that are read; at 20 rows a page that is 40,000 articles."""
ANY = "*"
"""Stands for every category of posts that no other entry names."""
_PIECE = 1 << 16
_GONE = ("404", "410")


@dataclass(frozen=True)
class Article:
    """One article to import: how it is read, its row of a list or its post, and what is doubtful about it already."""

    source: Source
    row: Row
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Left:
    """Something of the old site that was not taken, or only with doubts, and why."""

    url: str
    title: str
    why: Message


@dataclass(frozen=True)
class Section:
    """One list or category, the column it goes to, and how many articles it has. `why`: it could not be read whole."""

    old: str
    column: str
    count: int
    first: tuple[Row, ...] = ()
    why: Message | None = None


@dataclass
class OldSite:
    """What there is to import. `articles` begins anew at each call, so that nothing need be held."""

    sections: list[Section] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    lists: dict[str, str] = field(default_factory=dict)
    """Addresses of old lists and the columns they lead to."""
    total: int = 0
    articles: Callable[[], Iterator[Article]] = lambda: iter(())


_SHOWN = 3
"""First rows of a section that are shown."""


def named_columns(pairs: Iterable[str], columns: Mapping[str, object]) -> tuple[OldColumn, ...]:
    """`old=column` pairs as they are typed; an address may hold `=` itself. Raises UsageError."""
    found = []
    for pair in pairs:
        old, _, column = pair.rpartition("=")
        if not old.strip() or column.strip() not in columns:
            raise UsageError("import.bad_pair", pair=pair, known=", ".join(columns))
        found.append(OldColumn(old.strip(), column.strip()))
    return tuple(found)


def crawl(
    workspace: Workspace, fetcher: Fetcher, base: str, wanted: Sequence[OldColumn], allow: tuple[str, ...] = ()
) -> OldSite:
    """Read every page of the lists. A list that cannot be read is a section with `why`; the others go on."""
    site = OldSite()
    articles: list[Article] = []
    for number, one in enumerate(wanted, 1):
        url = absolute(one.old, base)
        if not url:
            raise UsageError("import.bad_address", url=one.old)
        rows: tuple[Row, ...] = ()
        try:
            source = _source(workspace, fetcher, replace(one, old=url), number, allow)
            rows = _all_rows(workspace, fetcher, source)
            site.lists[url] = one.column
            own = [row for row in rows if _host(row.url) == _host(url)]
            articles += [Article(source, row) for row in own]
            elsewhere = (row for row in rows if _host(row.url) != _host(url))
            site.left += [Left(row.url, row.title, Message("import.elsewhere")) for row in elsewhere]
            why = None if rows else Message("import.empty_list", {"url": url})
        except StorageError:
            raise
        except SyndicateError as error:
            why = error.message
        first = tuple(replace(row, html="") for row in rows[:_SHOWN])
        site.sections.append(Section(url, one.column, len(rows), first, why))
    site.total = len(articles)
    site.articles = lambda: iter(articles)
    return site


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower().removeprefix("www.")


def _source(workspace: Workspace, fetcher: Fetcher, one: OldColumn, number: int, allow: tuple[str, ...]) -> Source:
    """How a list is read: as the mapping says, else as its page looks."""
    source = Source(
        name=f"import-{number}",
        title=one.column,
        kind=one.kind or SourceKind.HTML,
        url=one.old,
        column=one.column,
        organ=one.organ or workspace.snapshot.office.name,
        list_rules=one.list_rules,
        article_rules=one.article_rules,
        only=one.only,
        paging=_whole(one.paging),
        asking=one.asking,
        encoding=one.encoding,
        robots=one.robots,
        allow=allow,
        deadline=timedelta(0),
    )
    if one.kind is not None:
        return source
    permit_fetch(workspace, fetcher, source, source.url)
    document = fetcher.get(source.url, allow=allow)
    refuse_wall(document, source.url)
    proposal = propose(document, workspace.snapshot.presets)
    preset = workspace.snapshot.presets.get(proposal.preset)
    if preset is None:
        return replace(source, kind=proposal.kind, list_rules=proposal.list_rules)
    return replace(
        source,
        kind=preset.kind,
        list_rules=preset.list_rules,
        article_rules=preset.article_rules,
        paging=_whole(preset.paging),
        only=preset.only,
    )


def _whole(paging: Paging | None) -> Paging | None:
    return replace(paging, most=MOST_PAGES) if paging else None


def _all_rows(workspace: Workspace, fetcher: Fetcher, source: Source) -> tuple[Row, ...]:
    """The rows of every page of a list, each once. Raises FetchError or InputError."""
    permit_fetch(workspace, fetcher, source, source.url)
    document = first_page(fetcher, source)
    refuse_wall(document, source.url)
    if source.paging is not None or source.kind is not SourceKind.HTML:
        return read_pages(workspace, fetcher, source, document, Listed((), thorough=True))
    rows: dict[str, Row] = {}
    for page in _linked_pages(fetcher, source, document):
        fresh = [row for row in page if row.key not in rows]
        rows.update((row.key, row) for row in fresh)
        if not fresh:
            break
    return tuple(rows.values())


def _linked_pages(fetcher: Fetcher, source: Source, document: Document) -> Iterator[tuple[Row, ...]]:
    """A list of no known family: from page to page as its own links lead."""
    seen = {source.url, document.url}
    for _ in range(MOST_PAGES):
        yield read_list(source, document)
        url = next_of_list(document, source.encoding)
        if not url or url in seen:
            return
        seen.add(url)
        try:
            document = fetcher.get(url, allow=source.allow)
        except FetchRefused as error:
            if str(error.message.values.get("status")) in _GONE:
                return
            raise


def open_export(workspace: Workspace, file: Path, wanted: Sequence[OldColumn], allow: tuple[str, ...] = ()) -> OldSite:
    """What a WordPress export holds. Raises InputError where it is none, UsageError where it cannot be opened."""
    export = scan(_pieces(file), file.name)
    site = OldSite()
    counts: dict[str, int] = dict.fromkeys((one.old for one in wanted), 0)
    first: dict[str, list[Row]] = {one.old: [] for one in wanted}
    for post in read_posts(_pieces(file), file.name, export, workspace.now()):
        one = _column_of(post, wanted)
        why = _not_taken(post, one)
        if why is not None:
            site.left.append(Left(post.row.url, post.row.title, why))
        elif one is not None:
            counts[one.old] += 1
            first[one.old] += [replace(post.row, html="")] if len(first[one.old]) < _SHOWN else []
    site.sections = [Section(one.old, one.column, counts[one.old], tuple(first[one.old])) for one in wanted]
    site.total = sum(counts.values())
    site.articles = lambda: _posts(workspace, file, export, wanted, allow)
    return site


def _posts(
    workspace: Workspace, file: Path, export: Export, wanted: Sequence[OldColumn], allow: tuple[str, ...]
) -> Iterator[Article]:
    office = workspace.snapshot.office.name
    sources = {
        one.old: Source(
            name="import",
            title=one.column,
            kind=SourceKind.FEED,
            url=export.site,
            column=one.column,
            organ=one.organ or office,
            article_rules=one.article_rules,
            full_text=True,
            robots=one.robots,
            allow=allow,
        )
        for one in wanted
    }
    for post in read_posts(_pieces(file), file.name, export, workspace.now()):
        one = _column_of(post, wanted)
        if one is not None and _not_taken(post, one) is None:
            yield Article(sources[one.old], post.row, post.warnings)


def _column_of(post: Post, wanted: Sequence[OldColumn]) -> OldColumn | None:
    """The first entry that names one of the post's categories, else the one for all others."""
    named = next((one for one in wanted if one.old in post.categories), None)
    others = next((one for one in wanted if one.old == ANY), None)
    return named or (None if PAGE in post.categories else others)


def _not_taken(post: Post, one: OldColumn | None) -> Message | None:
    if not post.public:
        return Message("import.not_public")
    if not post.row.url:
        return Message("import.no_address")
    if one is None:
        return Message("import.no_column", {"categories": "、".join(post.categories) or "—"})
    return None


def _pieces(file: Path) -> Iterator[bytes]:
    try:
        with file.open("rb") as stream:
            while piece := stream.read(_PIECE):
                yield piece
    except OSError as error:
        raise UsageError("import.no_file", name=file.name, reason=error.strerror or str(error)) from error
