"""判页: from one look at a page of the public site to what is wrong with it and when to look again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from syndicate.errors import InputError, Message
from syndicate.flow.crawl_limits import crawl_limits
from syndicate.flow.page_looks import Look
from syndicate.flow.public_site import PublicSite
from syndicate.flow.workspace import Workspace
from syndicate.inspection.page_checks import (
    PAGE_PROBLEMS,
    Gap,
    PageKind,
    ProblemKind,
    date_gaps,
    footer_gaps,
    said_date,
    slow,
    tag_gaps,
)
from syndicate.inspection.page_reading import HOME, PageContent
from syndicate.model.finding import Finding, Severity
from syndicate.monitor.files import check_file
from syndicate.records import crawling
from syndicate.records import office as office_records
from syndicate.records.crawling import Article, PageRecord
from syndicate.records.site_problems import ProblemRecord
from syndicate.text.decode import decode
from syndicate.text.files import read_file

_GONE = (404, 410)
_PRESENCE = (ProblemKind.CHANGED, ProblemKind.MISSING)
"""All that a look which brought no page can tell."""


@dataclass(frozen=True)
class Verdict:
    """What follows from one look: the page as it is known now, and exactly these problems of exactly these kinds."""

    page: PageRecord
    kinds: tuple[ProblemKind, ...]
    problems: tuple[ProblemRecord, ...]
    covered: int | None = None
    """The item whose text this is, byte for byte: its own check by the rules of today is what counts."""


class Judge:
    """Judges the looks of one round. For one thread."""

    def __init__(self, workspace: Workspace, site: PublicSite) -> None:
        self._workspace = workspace
        self._site = site
        self._limits = crawl_limits()

    def judge(self, look: Look, article: Article | None) -> Verdict:
        """The verdict on one look; `article` is what the records say of an article at that address."""
        now = self._workspace.now()
        page = replace(look.page, looked_at=now, first_looked_at=look.page.first_looked_at or now, status=look.status)
        if article is not None and page.kind != PageKind.FILE:
            kind = PageKind.PAGE if article.withdrawn else PageKind.ARTICLE
            page = replace(page, kind=kind, published_at=article.published_at)
        gaps = [] if _is_notice_gone(look, article) else self._presence(look)
        differs_since = (page.differs_since or now) if gaps else None
        lasting = differs_since is not None and now - differs_since >= timedelta(minutes=self._limits["differs"])
        # What nobody wrote and does not open is the fault of the page that leads there.
        found = [*gaps] if lasting and page.address in self._site.written else []
        page = replace(page, differs_since=differs_since)
        if look.failure is not None:
            return self._verdict(page, _PRESENCE, found, now)
        page = replace(page, sha256=look.sha256, size=look.size, milliseconds=look.milliseconds)
        kinds = [*PAGE_PROBLEMS]
        found += self._foreign(page)
        covered = article.item if article is not None and not gaps else None
        found += self._of_content(page, look.content, article)
        if covered is None and not self._is_made_of_items(look):
            if self._is_read(look):
                kinds.remove(ProblemKind.TEXT)
            else:
                found += self._text(look, page)
        page = replace(page, checked_with=self._workspace.snapshot.hash)
        if look.content is not None:
            page = replace(page, links=look.content.links, files=look.content.files)
        return replace(self._verdict(page, tuple(kinds), found, now), covered=covered)

    def _verdict(
        self, page: PageRecord, kinds: tuple[ProblemKind, ...], found: Iterable[Gap], now: datetime
    ) -> Verdict:
        problems = (ProblemRecord(gap.kind, page.address, detail=gap.detail) for gap in found)
        return Verdict(replace(page, due_at=self._due(page, now)), kinds, tuple(problems))

    def _presence(self, look: Look) -> list[Gap]:
        """Whether the public gets what was written there."""
        path = look.page.address
        if look.failure is not None:
            return [Gap(ProblemKind.MISSING, Message("patrol.page_missing", {"why": look.failure.zh}).zh)]
        written = self._site.written.get(path)
        if written is None or written.sha256 == look.sha256:
            return []
        led = look.final_path or path
        if led != path and (there := self._site.written_now(led)) is not None and there.sha256 == look.sha256:
            return []  # what stands there leads on, and so does the server
        written = self._site.written_now(path)  # it may have been published anew since this round began
        if written is None or written.sha256 == look.sha256:
            return []
        what = "patrol.page_elsewhere" if look.final_path is None else "patrol.page_changed"
        return [Gap(ProblemKind.CHANGED, Message(what).zh)]

    def _foreign(self, page: PageRecord) -> list[Gap]:
        known = not self._site.written or page.address in self._site.written or self._site.is_answered(page.address)
        return [] if known else [Gap(ProblemKind.FOREIGN, Message("patrol.page_foreign").zh)]

    def _of_content(self, page: PageRecord, content: PageContent | None, article: Article | None) -> Iterator[Gap]:
        """Tags, footer, dates, blank columns, time."""
        if content is None or self._site.is_answered(page.address):
            return
        yield from tag_gaps(content, PageKind(page.kind), self._site.identity)
        if page.kind == PageKind.HOME:
            yield from footer_gaps(content)
        if page.kind == PageKind.ARTICLE:
            first = article.published_at.astimezone(self._zone) if article else None
            yield from date_gaps(content, first)
        if page.kind == PageKind.COLUMN and page.address.endswith(HOME) and not self._lists_any(content):
            yield Gap(ProblemKind.BLANK, Message("patrol.page_blank").zh)
        yield from slow(page.milliseconds)

    def _lists_any(self, content: PageContent) -> bool:
        own = [link for link in content.links if "://" not in link]
        return any(not one.withdrawn for one in crawling.articles(self._site.channel.id, own).values())

    def _is_made_of_items(self, look: Look) -> bool:
        """Whether it is an attachment, a picture or an older page of a list just as it was written.

        The items' own checks have read what stands there.
        """
        path = look.page.address
        written = self._site.written.get(path)
        older = look.page.kind == PageKind.COLUMN and not path.endswith(HOME)
        return (older or look.page.kind == PageKind.FILE) and written is not None and written.sha256 == look.sha256

    def _is_read(self, look: Look) -> bool:
        """Whether the very same bytes were read with the same rules before."""
        before = look.page
        if look.content is None and not look.body:
            return True  # nothing that could be read
        same_bytes = before.sha256 == look.sha256
        return same_bytes and (
            before.checked_with == self._workspace.snapshot.hash or before.checked_with in self._same_rules
        )

    def _text(self, look: Look, page: PageRecord) -> Iterator[Gap]:
        """What must not stand in a text, where no item's own check covers it."""
        blocking = [one for one in self._findings(look, page) if one.severity is Severity.BLOCK]
        told = self._told(look) if blocking else frozenset()
        for one in blocking:
            if (one.rule, one.text) not in told:
                parts = (one.rule, one.text, one.message, one.suggestion or "")
                yield Gap(ProblemKind.TEXT, "\n".join(" ".join(part.split()) for part in parts))

    def _findings(self, look: Look, page: PageRecord) -> tuple[Finding, ...]:
        monitor, today = self._workspace.monitor, self._workspace.now().astimezone(self._zone).date()
        if look.content is not None:
            said = said_date(look.content) if page.kind == PageKind.ARTICLE else None
            return monitor.check(look.content.markup, markup=True, day=said.date() if said else today, part="page")
        try:
            if page.kind == PageKind.FILE:
                return check_file(
                    monitor, read_file(look.body, page.address.rpartition("/")[2]), day=today, part="page"
                )
            return monitor.check(decode(look.body, "").text, markup=False, day=today, part="page")
        except InputError:
            return ()  # a picture, a style sheet: nothing to read

    def _due(self, page: PageRecord, now: datetime) -> datetime:
        """When to look again."""
        limits = self._limits
        if page.differs_since is not None:
            return now + timedelta(minutes=limits["again"])
        regular = now + timedelta(hours=limits["daily" if page.kind in (PageKind.HOME, PageKind.COLUMN) else "cycle"])
        if page.published_at is not None:
            next_day = page.published_at + timedelta(hours=limits["next_day"])
            return min(regular, next_day) if next_day > now else regular
        return regular

    @property
    def _zone(self) -> ZoneInfo:
        return self._workspace.snapshot.office.timezone

    @cached_property
    def _same_rules(self) -> frozenset[str]:
        return office_records.snapshots_with_rules(self._workspace.rules_hash())

    def _told(self, look: Look) -> frozenset[tuple[str, str]]:
        """What reviewers know already: the check of what stands online said it, of this article or of one listed here."""
        own = [link for link in look.content.links if "://" not in link] if look.content is not None else []
        articles = crawling.articles(self._site.channel.id, [look.page.address, *own]).values()
        items = {one.item for one in articles if not one.withdrawn}
        standing = crawling.standing_revisions(self._site.channel.id, items)
        return crawling.told_texts([revision for revision, _ in standing.values()])


def _is_notice_gone(look: Look, article: Article | None) -> bool:
    """Whether a withdrawn article is answered as gone: nginx shows its notice with status 410."""
    return article is not None and article.withdrawn and look.failure is not None and look.status in _GONE


def telling(problem: ProblemRecord) -> tuple[str, str, str, str]:
    """Rule, text found, message and suggestion of a mistake in a text."""
    rule, text, message, suggestion = (*problem.detail.split("\n"), "", "", "", "")[:4]
    return rule, text, message, suggestion


def why_gone(status: int) -> str:
    """Why a page of ours does not open, for people."""
    return Message("patrol.page_status", {"status": status}).zh if status else Message("patrol.page_silent").zh
