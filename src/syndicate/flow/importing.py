"""导入: the articles of the office's former website become published items, each once, with its old date and address.

They were published long ago: nobody approves them again, no other channel ever gets them, and they never count as
today's work. Their receipt says that they were imported, by whom, from where, and the hash of the original. Each is one
transaction of its own, so that an import that was stopped goes on where it was; the site is written at the end.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from syndicate.errors import FetchLater, InputError, Message, NotFound, StorageError, SyndicateError
from syndicate.flow.articles import whole_article, with_kept_files
from syndicate.flow.checking import check_revision, keep_warnings, render_all
from syndicate.flow.old_site import Article, Left, OldSite, Section
from syndicate.flow.room import check_room
from syndicate.flow.targets import TargetState, mirror_site
from syndicate.flow.website import build_site, our_addresses
from syndicate.flow.workspace import Workspace
from syndicate.ingest.addresses import address_key
from syndicate.model.channel import Channel
from syndicate.model.delivery import Receipt
from syndicate.model.finding import Severity
from syndicate.model.item import Content, ItemKind
from syndicate.model.review import Actor, Role
from syndicate.net.fetcher import Fetcher
from syndicate.records import audit, imports, items, reviews
from syndicate.records.connection import one_transaction
from syndicate.records.imports import Held, OldPage
from syndicate.records.values import ItemRecord, RevisionRecord
from syndicate.review.rules import wrong_role
from syndicate.site.old_addresses import OldPlace, Ours, old_place

log = logging.getLogger("syndicate.import")

MOST_FAILURES = 20
"""Fetches that may fail one after another; then the site is down and the import stops."""


@dataclass
class Imported:
    """What an import did, or with `dry_run` would do."""

    dry_run: bool
    found: int
    imported: int = 0
    already: int = 0
    sections: list[Section] = field(default_factory=list)
    skipped: list[Left] = field(default_factory=list)
    failed: list[Left] = field(default_factory=list)
    doubtful: list[Left] = field(default_factory=list)
    stay: int = 0
    """Old addresses that stay."""
    led_on: int = 0
    """Old addresses from which nginx leads on."""
    lost: list[Left] = field(default_factory=list)
    """Old addresses that can do neither."""
    blocking: list[int] = field(default_factory=list)
    """Items with findings that would have stopped a publication."""
    stopped: Message | None = None
    targets: tuple[TargetState, ...] = ()
    """The website's other targets afterwards."""

    @property
    def needs_attention(self) -> bool:
        """Whether a person has something to look at."""
        unread = any(section.why for section in self.sections) or not all(one.whole for one in self.targets)
        lists = (self.failed, self.doubtful, self.lost, self.blocking, self.skipped)
        return unread or self.stopped is not None or any(lists)


@dataclass(frozen=True)
class _Work:
    """An import at work: who imports into which website by which fetcher, and what came of it."""

    workspace: Workspace
    actor: Actor
    fetcher: Fetcher
    website: Channel
    ours: Ours
    result: Imported

    def place(self, url: str) -> OldPlace:
        """What becomes of an old address."""
        place = old_place(url, self.ours)
        return OldPlace("", "") if place.address and imports.is_taken(place.address) else place


def import_site(
    workspace: Workspace, actor: Actor, fetcher: Fetcher, site: OldSite, progress: Callable[[str], None]
) -> Imported:
    """Import everything that is not there yet, then write the website and its targets. `progress` hears the title of each article.

    Raises NotAllowed for anybody but a publisher, NotFound for an office without a website, StorageError where the disk
    or the database is full; what was imported until then stays and the next call goes on.
    """
    if actor.role is not Role.PUBLISHER:
        raise wrong_role("import", actor.role, frozenset({Role.PUBLISHER}))
    result = Imported(dry_run=False, found=site.total, sections=list(site.sections), skipped=list(site.left))
    work = _Work(workspace, actor, fetcher, _website(workspace), our_addresses(workspace), result)
    with one_transaction():
        for url, column in site.lists.items():
            imports.remember_list(url, column)
    failures = 0
    for article in site.articles():
        check_room(workspace.home)
        failures = 0 if _one(work, article) else failures + 1
        progress(article.row.title)
        if failures >= MOST_FAILURES:
            result.stopped = Message("import.stopped", {"count": failures})
            break
    build_site(workspace)
    result.targets = mirror_site(workspace)
    return result


def preview(workspace: Workspace, actor: Actor, fetcher: Fetcher, site: OldSite) -> Imported:
    """What an import would do, with one article of each column read as a sample. Nothing is stored."""
    result = Imported(dry_run=True, found=site.total, sections=list(site.sections), skipped=list(site.left))
    work = _Work(workspace, actor, fetcher, _website(workspace), our_addresses(workspace), result)
    seen: set[str] = set()
    sampled: set[str] = set()
    for article in site.articles():
        key = address_key(article.row.url)
        if key in seen or imports.known(key):
            result.already += 1
            continue
        seen.add(key)
        _count_place(result, article, work.place(article.row.url))
        if article.source.column not in sampled:
            sampled.add(article.source.column)
            _sample(work, article)
    result.imported = len(seen)
    return result


def _sample(work: _Work, article: Article) -> None:
    try:
        extracted = whole_article(work.workspace, work.fetcher, article.source, article.row)
        _published_at(extracted.content, article, work.workspace.now())
        _doubt(work.result, article, (*article.warnings, *extracted.warnings))
    except SyndicateError as error:
        work.result.failed.append(Left(article.row.url, article.row.title, error.message))


def _website(workspace: Workspace) -> Channel:
    website = workspace.website()
    if website is None:
        raise NotFound("ledger.no_channel", channel="website")
    return website


def _one(work: _Work, article: Article) -> bool:
    """One article. False where its site did not answer; one bad article never stops the others."""
    row, result = article.row, work.result
    page = OldPage(address_key(row.url), row.url, article.source.column, row.title)
    before = imports.known(page.key)
    if before is not None:
        result.already += 1
        if before[1] != page.column:
            why = Message("import.other_column", {"item": before[0], "column": before[1]})
            result.skipped.append(Left(row.url, row.title, why))
        return True
    try:
        result.imported += _taken(work, article, page)
    except StorageError:
        raise
    except SyndicateError as error:
        why, away = error.message, isinstance(error, FetchLater)
    except Exception as error:  # noqa: BLE001 no mistake with one article may stop the others
        where = "".join([*traceback.format_tb(error.__traceback__), type(error).__name__])
        log.error("%s cannot be imported\n%s", row.url, where)
        why, away = Message("sync.mistake", {"error": type(error).__name__, "url": row.url}), False
    else:
        return True
    with one_transaction():
        imports.failed(page, why, work.workspace.now())
    result.failed.append(Left(row.url, row.title, why))
    return not away


def _taken(work: _Work, article: Article, page: OldPage) -> bool:
    """Read one article and store it; False where another import was faster. Raises FetchError or InputError."""
    workspace = work.workspace
    extracted = whole_article(workspace, work.fetcher, article.source, article.row)
    published_at = _published_at(extracted.content, article, workspace.now())
    kept, warnings = with_kept_files(workspace, work.fetcher, article.source, extracted)
    content = _as_ours(workspace, kept, published_at)
    place = work.place(article.row.url)
    warnings = tuple(dict.fromkeys((*article.warnings, *warnings)))
    with one_transaction():
        if not imports.begin(page.key):
            return False
        item = _stored(work, page, content, place.address)
        revision = items.latest_revision(item.id)
        keep_warnings(workspace, revision.id, warnings)
        _published(work, item, revision, (page, extracted.sha256))
        imports.imported(page, item.id, extracted.sha256, workspace.now())
    found = check_revision(workspace, item, revision)
    if any(one.severity is Severity.BLOCK for one in found):
        work.result.blocking.append(item.id)
    _count_place(work.result, article, place)
    _doubt(work.result, article, warnings)
    return True


def _published_at(content: Content, article: Article, now: datetime) -> datetime:
    """The old date. Raises InputError for an article without one: nothing is invented."""
    found = content.published_at or article.row.published_at
    if found is None:
        raise InputError("import.no_date", url=article.row.url)
    if found > now:
        raise InputError("import.future", url=article.row.url)
    return found


def _as_ours(workspace: Workspace, content: Content, published_at: datetime) -> Content:
    """The office's own texts are originals; all others stay reprints. The old site is no original to link to."""
    office = workspace.snapshot.office
    kind = ItemKind.ORIGINAL if content.source_name in (office.name, office.site_name) else ItemKind.REPRINT
    return replace(content, kind=kind, source_url="", published_at=published_at)


def _stored(work: _Work, page: OldPage, content: Content, address: str) -> ItemRecord:
    column = work.workspace.snapshot.columns[page.column]
    new = items.NewItem(
        column.name,
        content.kind,
        column.levels,
        work.actor.name,
        channels=(work.website.id,),
        old_address=address,
        first_published_at=content.published_at,
    )
    return items.get(items.create(new, content, work.workspace.now())[0])


def _published(work: _Work, item: ItemRecord, revision: RevisionRecord, original: tuple[OldPage, str]) -> None:
    """The website's receipt and the audit; within the caller's transaction."""
    (page, sha256), workspace, now = original, work.workspace, work.workspace.now()
    rendered = render_all(workspace, item, revision.content)
    reviews.store_renditions(revision.id, (one.rendition for one in rendered), now)
    (rendition,) = reviews.renditions(revision.id)
    address, at = rendition.rendition.fields["address"], item.first_published_at or now
    details = {
        "imported_by": work.actor.name,
        "imported_at": now.isoformat(),
        "imported_from": page.url,
        "sha256_of_original": sha256,
    }
    receipt = Receipt(address, f"{workspace.snapshot.office.site_url}/{address}", at, details)
    held = Held(item.id, revision.id, rendition.id, rendition.rendition.hash, work.website.id, receipt)
    imports.hold(held, now)
    data = {"title": revision.content.title, "hash": revision.content.hash, "from": page.url, "original": sha256}
    audit.append(work.actor, "item.imported", f"item:{item.id}", {**data, "published_at": at.isoformat()}, now)


def _count_place(result: Imported, article: Article, place: OldPlace) -> None:
    if place.address:
        result.stay += 1
    elif place.key:
        result.led_on += 1
    else:
        result.lost.append(Left(article.row.url, article.row.title, Message("import.address_lost")))


def _doubt(result: Imported, article: Article, warnings: tuple[str, ...]) -> None:
    result.doubtful += [Left(article.row.url, article.row.title, Message(rule)) for rule in warnings]
