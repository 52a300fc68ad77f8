"""巡检: what is really online. Is the website reachable, are its pages what was written, do its links open, does each
channel still hold what it confirmed and nothing of what was withdrawn, and does its account work?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from syndicate.flow.channel_accounts import probe_due
from syndicate.flow.crawl import Walk, Walked
from syndicate.flow.crawl_limits import crawl_limits
from syndicate.flow.day_standing import keep_standing
from syndicate.flow.drift import drift
from syndicate.flow.gone import still_there
from syndicate.flow.links import askable_links, look_at_links
from syndicate.flow.probes import REACHED, look_at_entries, probe_site
from syndicate.flow.public_site import PublicSite, public_site
from syndicate.flow.recheck import check_again
from syndicate.flow.site_survey import survey
from syndicate.flow.website import verify_site
from syndicate.flow.workspace import Workspace
from syndicate.inspection.page_checks import ProblemKind
from syndicate.model.account import AccountState
from syndicate.model.review import Actor, Role
from syndicate.net.fetcher import Fetcher
from syndicate.records import crawling, items, site_problems
from syndicate.records import office as office_records
from syndicate.records.crawling import RoundRecord
from syndicate.records.office import ProbeRecord
from syndicate.records.site_problems import ProblemRecord

_PATROL = Actor("patrol", Role.SYSTEM, "patrol")
_EVERY_LINK = 10**9
_FOR_THE_REPORT = (ProblemKind.UNSURE, ProblemKind.BLANK, ProblemKind.SLOW, ProblemKind.HEAVY)
"""What a person looks at with the report, and what a new office has before its columns fill."""
Progress = Callable[[str, int, int], None]
"""Told as the round goes on: `pages` or `links`, how many are done, how many are known to be left."""


@dataclass(frozen=True)
class Round:
    """What one round of the patrol looked at, and what was not as it should be."""

    probes: tuple[ProbeRecord, ...]
    crawl: RoundRecord | None = None
    """The walk over the public website; None where it could not be reached, or there is none."""
    site_problems: tuple[ProblemRecord, ...] = ()
    """Everything that is wrong with the public website now, whenever it was found."""

    @property
    def problems(self) -> tuple[ProbeRecord, ...]:
        """The looks that found something wrong."""
        return tuple(probe for probe in self.probes if not probe.ok)

    @property
    def needs_attention(self) -> bool:
        """Whether anything is wrong that cannot wait for the day's report."""
        return bool(self.problems) or any(one.kind not in _FOR_THE_REPORT for one in self.site_problems)


def patrol(
    workspace: Workspace,
    fetcher: Fetcher,
    *,
    whole: bool = False,
    progress: Progress = lambda _what, _done, _left: None,
) -> Round:
    """One round: the public website with this round's share of its pages and links (with `whole` all of them), the files
    on the disk, drift and account of every channel. Every look is recorded as it is made; in the end it is kept how the
    office stands, as reports of past moments ask for that."""
    found = _round(workspace, fetcher, whole, progress)
    keep_standing(workspace)
    return found


def _round(workspace: Workspace, fetcher: Fetcher, whole: bool, progress: Progress) -> Round:
    site = public_site(workspace)
    probes = []
    for probe in _looks(workspace, fetcher, site):
        office_records.add_probe(probe)
        probes.append(probe)
    reached = any(probe.kind == REACHED and probe.ok for probe in probes)
    if site is None or not reached:
        return Round(tuple(probes), None, site_problems.open_problems())
    for probe in look_at_entries(workspace, fetcher, site):
        office_records.add_probe(probe)
        probes.append(probe)
    return Round(tuple(probes), _crawl(workspace, fetcher, site, whole, progress), site_problems.open_problems())


def _crawl(workspace: Workspace, fetcher: Fetcher, site: PublicSite, whole: bool, progress: Progress) -> RoundRecord:
    walk = Walk(workspace, fetcher, site, lambda done, left: progress("pages", done, left))
    walked = walk.whole() if whole else walk.share()
    due = askable_links(workspace, site, _EVERY_LINK if whole else crawl_limits()["links"])
    links = look_at_links(workspace, fetcher, site, due, lambda done: progress("links", done, len(due) - done))
    changed = [after.url for before, after in zip(due, links, strict=True) if before.state != after.state]
    naming = survey(workspace, site, changed) if walked.moved or links else ()
    _check_items(workspace, site, walked, naming)
    return _told(workspace, walked)


def _check_items(workspace: Workspace, site: PublicSite, walked: Walked, naming: Collection[str]) -> None:
    """The texts of items once more: those whose links stand otherwise now, and those not read with the rules of today."""
    named = crawling.articles(site.channel.id, naming)
    urgent = {one.item for one in named.values() if not one.withdrawn}
    standing = crawling.standing_revisions(site.channel.id, {*urgent, *walked.covered})
    today = workspace.snapshot.hash
    others = {rules for _, rules in standing.values()} - {today}
    same = {today, *(office_records.snapshots_with_rules(workspace.rules_hash()) if others else ())}
    for item, (revision, rules) in standing.items():
        if item in urgent or rules not in same:
            check_again(workspace, _PATROL, items.revision(revision))
        elif rules != today:
            items.mark_checked(revision, today)


def _told(workspace: Workspace, walked: Walked) -> RoundRecord:
    told = RoundRecord(
        workspace.now(), walked.looked_at, crawling.count_pages(), crawling.count_links(), crawling.count_unseen()
    )
    crawling.add_round(told)
    return told


def _looks(workspace: Workspace, fetcher: Fetcher, site: PublicSite | None) -> Iterator[ProbeRecord]:
    if site is not None:
        yield from probe_site(workspace, fetcher, site)
        yield from _files(workspace)
    for channel in workspace.snapshot.channels.values():
        yield from drift(workspace, channel)
        yield from still_there(workspace, channel)
    yield from _accounts(workspace)


def _accounts(workspace: Workspace) -> list[ProbeRecord]:
    """Every account that was not looked at today, with one call each."""
    rows = []
    for found in probe_due(workspace):
        what = found.message.zh if found.message else ""
        rows.append(ProbeRecord(workspace.now(), "account", found.channel, found.state is AccountState.OK, 0, 0, what))
    return rows


def _files(workspace: Workspace) -> list[ProbeRecord]:
    """Defacement and loss: the disk against the manifest. Of very many files the first are named and the rest counted."""
    now = workspace.now()
    found = verify_site(workspace)
    wrong = [(path, "缺失") for path in found.missing]
    wrong += [(path, "被改动") for path in found.changed]
    wrong += [(path, "不是本系统所写") for path in found.foreign]
    most = crawl_limits()["files_named"]
    if len(wrong) > most:
        wrong = [*wrong[:most], (f"另有 {len(wrong) - most} 个文件", "完整清单见 syndicate site verify")]
    rows = [ProbeRecord(now, "verify", path, False, 0, 0, what) for path, what in wrong]
    return rows or [ProbeRecord(now, "verify", "", True, 0, 0, "")]
