"""全站检查: the public website is walked as visitors get it, a share of it in every round, and is never started anew.

What is due stands in the records: a round that is killed loses the looks of its last batch, and the next goes on there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from syndicate.errors import Message
from syndicate.flow.crawl_limits import crawl_limits
from syndicate.flow.page_looks import Look, look_at, look_at_all
from syndicate.flow.page_verdicts import Judge, Verdict
from syndicate.flow.public_site import PublicSite
from syndicate.flow.workspace import Workspace
from syndicate.inspection.link_state import LinkState
from syndicate.inspection.page_checks import PageKind, ProblemKind
from syndicate.inspection.page_reading import HOME
from syndicate.net.fetcher import Fetcher
from syndicate.records import crawling, site_problems
from syndicate.records.connection import one_transaction
from syndicate.records.crawling import PageRecord
from syndicate.records.site_problems import ProblemRecord

Progress = Callable[[int, int], None]
"""Told after every page: how many were looked at, and how many of the known ones are still to come."""
_DAILY = (PageKind.HOME, PageKind.COLUMN)
TRAP = "trap"
"""The page under which it is told that the site leads to more pages than anybody wrote."""


@dataclass(frozen=True)
class Walked:
    """What one walk did: pages looked at, whether anything about them is new, and the items whose pages were as written."""

    looked_at: int = 0
    moved: bool = False
    covered: tuple[int, ...] = ()


@dataclass
class Walk:
    """One walk over the site: the share that is due, or the whole."""

    workspace: Workspace
    fetcher: Fetcher
    site: PublicSite
    progress: Progress = lambda _done, _left: None
    _known: set[str] = field(default_factory=set)
    _unlisted: int = 0

    def share(self) -> Walked:
        """What is due now, up to this round's share of the site."""
        limits = crawl_limits()
        self._seed()
        share = max(limits["pages"], -(-len(self._known) // limits["rounds"]))
        fresh = self.workspace.now() - timedelta(hours=2 * limits["next_day"])

        def due(left: int) -> Sequence[PageRecord]:
            return crawling.due_pages(self.workspace.now(), min(left, limits["batch"]), _DAILY, fresh)

        return self._walk(due, share)

    def whole(self) -> Walked:
        """Everything that nobody has looked at for some time, and all that turns up on the way."""
        limits = crawl_limits()
        self._seed()
        since = self.workspace.now() - timedelta(minutes=limits["fresh"])
        return self._walk(lambda _left: crawling.unseen_pages(since, limits["batch"]), None)

    def _walk(self, choose: Callable[[int], Sequence[PageRecord]], share: int | None) -> Walked:
        judge = Judge(self.workspace, self.site)
        done, moved, covered, met = 0, False, [], set[str]()
        while share is None or done < share:
            pages = [page for page in choose(10**9 if share is None else share - done) if page.address not in met]
            if not pages:
                break
            met.update(page.address for page in pages)
            verdicts, away = self._looked(pages, judge, done)
            if 2 * len(away) >= len(pages) and self._is_away():
                self._postpone(away)  # that is the probes' affair, not that of these pages
                break
            self._keep(verdicts)
            moved = moved or any(_is_news(page, verdict) for page, verdict in zip(pages, verdicts, strict=True))
            covered += [verdict.covered for verdict in verdicts if verdict.covered is not None]
            done += len(pages)
        return Walked(done, moved, tuple(covered))

    def _looked(self, pages: Sequence[PageRecord], judge: Judge, done: int) -> tuple[list[Verdict], list[Look]]:
        articles = crawling.articles(self.site.channel.id, [page.address for page in pages])
        verdicts, away = [], []
        for look in look_at_all(self.fetcher, self.site, pages, crawl_limits()["at_once"]):
            verdicts.append(judge.judge(look, articles.get(look.page.address)))
            if look.nobody_home:
                away.append(look)
            self.progress(done + len(verdicts), max(len(self._known) - done - len(verdicts), 0))
        return verdicts, away

    def _is_away(self) -> bool:
        """Whether the home page does not come either, fetched as a file is: onto our own disk, which may be full, too."""
        now = self.workspace.now()
        return look_at(self.fetcher, self.site, PageRecord(HOME, PageKind.FILE, now, now)).nobody_home

    def _seed(self) -> None:
        """Every file that was written is known, and looked at when it is no longer what was seen there."""
        now = self.workspace.now()
        seen, written = crawling.known_pages(), self.site.written
        self._known = {*seen}
        self._unlisted = len(self._known - written.keys())
        new = [path for path in dict.fromkeys((HOME, *sorted(written))) if path not in self._known]
        for start in range(0, len(new), crawl_limits()["batch"]):  # a whole site at once would fill the memory
            self._learn(new[start : start + crawl_limits()["batch"]], now)
        # A page that never came is due when it is due: after its first ten minutes, or for the next try.
        crawling.make_due([path for path, one in written.items() if seen.get(path) not in (None, "", one.sha256)], now)

    def _learn(self, paths: Sequence[str], now: datetime) -> None:
        """Pages that are new here; articles wait for their first look until visitors' caches are warm."""
        articles = crawling.articles(self.site.channel.id, paths)
        soon = timedelta(minutes=crawl_limits()["soon"])
        pages = []
        for path in paths:
            article = articles.get(path)
            page = PageRecord(path, self.site.kind_of(path), now, now)
            if article is not None:
                first = article.published_at
                kind = PageKind.PAGE if article.withdrawn else PageKind.ARTICLE
                page = replace(page, kind=kind, published_at=first, due_at=max(now, first + soon))
            pages.append(page)
        crawling.add_pages(pages)
        self._known.update(paths)

    def _keep(self, verdicts: Sequence[Verdict]) -> None:
        """Commit one batch: the looks, what they found, and what the pages lead to."""
        now = self.workspace.now()
        of_kinds: dict[tuple[ProblemKind, ...], list[Verdict]] = defaultdict(list)
        for verdict in verdicts:
            of_kinds[verdict.kinds].append(verdict)
        with one_transaction():
            crawling.store_pages([verdict.page for verdict in verdicts])
            for kinds, some in of_kinds.items():
                pages = [verdict.page.address for verdict in some]
                site_problems.set_problems(kinds, pages, (one for each in some for one in each.problems), now)
            self._learn(list(self._news(verdicts)), now)
            beyond = {link for verdict in verdicts for link in verdict.page.links if "://" in link}
            crawling.add_links(sorted(beyond), LinkState.NEW, now)
            full = self._unlisted >= crawl_limits()["unlisted"]
            trap = (ProblemRecord(ProblemKind.FOREIGN, TRAP, detail=Message("patrol.page_trap").zh),) * full
            site_problems.set_problems((ProblemKind.FOREIGN,), (TRAP,), trap, now)

    def _news(self, verdicts: Sequence[Verdict]) -> Iterator[str]:
        """Pages and files of ours that are named for the first time, as many as may be followed."""
        named = (path for one in verdicts for path in (*one.page.links, *one.page.files) if "://" not in path)
        for path in dict.fromkeys(named):
            if path in self._known:
                continue
            if path not in self.site.written:
                if self._unlisted >= crawl_limits()["unlisted"]:
                    continue
                self._unlisted += 1
            yield path

    def _postpone(self, away: Sequence[Look]) -> None:
        later = self.workspace.now() + timedelta(minutes=crawl_limits()["again"])
        crawling.store_pages([replace(look.page, due_at=later) for look in away])


def _is_news(before: PageRecord, verdict: Verdict) -> bool:
    """Whether a look changed what is known of a page, or one that does not come as it should may be a problem by now."""
    after = verdict.page
    known = (before.sha256, before.status, before.differs_since)
    now = (after.sha256, after.status, None)
    return before.looked_at is None or known != now
