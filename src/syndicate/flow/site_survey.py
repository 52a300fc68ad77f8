"""总览: what follows from all looks together: who names an address that does not open, what a page weighs, what nobody names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from syndicate.errors import Message
from syndicate.flow.crawl_limits import crawl_limits
from syndicate.flow.page_verdicts import why_gone
from syndicate.flow.public_site import PublicSite
from syndicate.flow.workspace import Workspace
from syndicate.inspection.link_state import LinkState
from syndicate.inspection.page_checks import PAGE_PROBLEMS, PageKind, ProblemKind, heavy
from syndicate.inspection.page_reading import HOME
from syndicate.records import crawling, site_problems
from syndicate.records.connection import one_transaction
from syndicate.records.crawling import LinkRecord
from syndicate.records.site_problems import ProblemRecord

_KINDS = (ProblemKind.LINK, ProblemKind.OFF, ProblemKind.UNSURE, ProblemKind.HEAVY)
_PROBLEM_OF = {
    LinkState.BROKEN: ProblemKind.LINK,
    LinkState.OFF: ProblemKind.OFF,
    LinkState.UNSURE: ProblemKind.UNSURE,
}
_OPENS = 400
"""Statuses from here on mean that a page does not open."""


@dataclass
class _Seen:
    """What one pass over all pages gathers."""

    naming: dict[str, tuple[str, bool]] = field(default_factory=dict)
    """Address that is wrong → the first page that names it, and whether the home page does."""
    beyond: set[str] = field(default_factory=set)
    own: set[str] = field(default_factory=set)
    weights: list[ProblemRecord] = field(default_factory=list)
    pages_naming: dict[str, set[str]] = field(default_factory=dict)


def survey(workspace: Workspace, site: PublicSite, changed: Collection[str]) -> tuple[str, ...]:
    """Bring the problems of links and weights up to date, and forget what nobody names any more.

    `changed` are addresses of other sites whose standing changed in this round; the pages that name them are told.
    """
    now = workspace.now()
    wrong = {**_own_pages_gone(workspace, site), **_links_wrong()}
    seen = _pass(wrong, changed)
    found = [_problem(wrong[address], page, on_home, address, site) for address, (page, on_home) in seen.naming.items()]
    gone = _forgotten(site, seen.own)
    with one_transaction():
        site_problems.set_problems(_KINDS, None, [*found, *seen.weights], now)
        site_problems.set_problems(PAGE_PROBLEMS, gone, (), now)
        crawling.forget_pages(gone)
        crawling.forget_links(seen.beyond)
    return tuple(sorted({page for address in changed for page in seen.pages_naming.get(address, ())}))


def _own_pages_gone(workspace: Workspace, site: PublicSite) -> Mapping[str, LinkRecord | str]:
    """Pages of ours that do not open, and have not for longer than a moment, with the reason."""
    before = workspace.now() - timedelta(minutes=crawl_limits()["differs"])
    return {path: why_gone(status) for path, status in crawling.pages_not_opening(before, _OPENS)}


def _links_wrong() -> Mapping[str, LinkRecord | str]:
    return {one.url: one for one in crawling.links_in(list(_PROBLEM_OF))}


def _pass(wrong: Mapping[str, LinkRecord | str], changed: Collection[str]) -> _Seen:
    seen, sizes = _Seen(), {path: size for path, (_, size) in crawling.standing().items()}
    interesting = {*wrong, *changed}
    for page, kind, links, files in crawling.named():
        is_home = kind == PageKind.HOME
        for address in interesting.intersection(links):
            seen.pages_naming.setdefault(address, set()).add(page)
            if address in wrong and (is_home or address not in seen.naming):
                seen.naming[address] = (page, is_home)
        _sort_in(seen, (*links, *files))
        weight = (sizes.get(page, 0) + sum(sizes.get(file, 0) for file in files)) // 1000
        seen.weights += (ProblemRecord(gap.kind, page, detail=gap.detail) for gap in heavy(weight))
    return seen


def _sort_in(seen: _Seen, addresses: Iterable[str]) -> None:
    for address in addresses:
        (seen.beyond if "://" in address else seen.own).add(address)


def _problem(what: LinkRecord | str, page: str, on_home: bool, address: str, site: PublicSite) -> ProblemRecord:
    if isinstance(what, str):
        return ProblemRecord(ProblemKind.LINK, page, site.url(address), what, on_home)
    kind = _PROBLEM_OF[LinkState(what.state)]
    detail = Message("patrol.link_off", {"title": what.title, "url": what.final_url}).zh
    return ProblemRecord(kind, page, address, detail if kind is ProblemKind.OFF else what.why, on_home)


def _forgotten(site: PublicSite, named: Collection[str]) -> tuple[str, ...]:
    """Pages that are neither written nor named by any page: a withdrawn file, the former end of a list."""
    kept = {HOME, *site.written, *named}
    return tuple(page for page in crawling.addresses() if page not in kept)
