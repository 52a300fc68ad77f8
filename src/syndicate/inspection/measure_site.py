"""Measurements of the website: reachability, freshness of columns, what the patrol found on the pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

from syndicate.inspection.reading import Instrument, Reading, absent, counted, flag, share, shown
from syndicate.inspection.wording import days_between, limits, moment, say
from syndicate.model.facts import ColumnFact, DayFacts, LinkFact, PageFact, ProbeFact, SiteFacts
from syndicate.model.inspection import Evidence

_FILE = re.compile(r"\.(docx?|wps|xlsx?|et|pptx?|pdf|ofd|csv|zip|rar|7z)(?=[?#]|$)", re.IGNORECASE)


def failed(probe: ProbeFact) -> bool:
    """True where the page did not stand within the limit (15 s and more counts as not opened)."""
    return not probe.ok or probe.seconds is None or probe.seconds >= limits()["probe_failure_seconds"]


def probes_within(facts: DayFacts, window: timedelta) -> tuple[ProbeFact, ...]:
    """The probes of the window that ends before `as_of`, oldest first, so that seven days are seven calendar days."""
    taken = (probe for probe in facts.probes or () if facts.as_of - window <= probe.at < facts.as_of)
    return tuple(sorted(taken, key=lambda probe: probe.at))


def unreachable_share(facts: DayFacts, window: timedelta) -> Sequence[Reading]:
    """Percent of probes that failed; fewer than a day's minimum of probes is no sample to judge by."""
    if facts.probes is None:
        return [absent(facts, "probes")]
    probes = probes_within(facts, window)
    minimum = int(limits()["probes_per_day"])
    if len(probes) < minimum:
        return [Reading(None, why=say("too_few_probes", count=len(probes), minimum=minimum))]
    bad = [probe for probe in probes if failed(probe)]
    total = Evidence(say("probe_evidence", total=len(probes), failed=len(bad)))
    times = [_failure(probe, facts) for probe in bad]
    return [Reading(share(len(bad), len(probes)), (total, *shown(times)))]


def _failure(probe: ProbeFact, facts: DayFacts) -> Evidence:
    text = say("probe_failed", at=moment(probe.at, facts.as_of), why=probe.note or say("no_cause"))
    return Evidence(text, probe.url, probe.at)


def website_running_share(facts: DayFacts, window: timedelta) -> Sequence[Reading]:
    """100 % minus the share of failed probes."""
    return [
        reading if reading.value is None else Reading(100 - reading.value, reading.evidence)
        for reading in unreachable_share(facts, window)
    ]


def home_age_days(facts: DayFacts, _window: timedelta) -> Sequence[Reading]:
    """Days since the newest entry of any column that the home page shows."""
    if facts.columns is None:
        return [absent(facts, "columns")]
    dated = [(c.last_published, c.title) for c in facts.columns if c.on_home and c.last_published is not None]
    if not dated:
        return [Reading(None, why=say("home_without_date"))]
    newest, title = max(dated)
    text = say("column_last", title=title, at=moment(newest, facts.as_of))
    return [Reading(days_between(newest, facts.as_of), (Evidence(text, facts.site_url, newest),))]


def overdue(column: ColumnFact, facts: DayFacts) -> bool:
    """True where nothing dated came within the column's duty; blank and undated columns count as not updated."""
    return column.last_published is None or facts.as_of - column.last_published >= column.limit


def _columns(facts: DayFacts, wanted: Callable[[ColumnFact], bool]) -> Sequence[Reading]:
    if facts.columns is None:
        return [absent(facts, "columns")]
    hits = [c for c in facts.columns if wanted(c)]
    return [counted([_last(column, facts) for column in hits])]


def _last(column: ColumnFact, facts: DayFacts) -> Evidence:
    text = say("column_last", title=column.title, at=moment(column.last_published, facts.as_of))
    return Evidence(text, column.url, column.last_published)


def overdue_columns(facts: DayFacts, window: timedelta) -> Sequence[Reading]:
    """Columns past a duty that is not longer than the window (动态要闻 14 d, 通知公告 and 政策文件 183 d)."""
    return _columns(facts, lambda column: column.limit <= window and overdue(column, facts))


def long_overdue_columns(facts: DayFacts, _window: timedelta) -> Sequence[Reading]:
    """All columns past their duty, whatever it is."""
    return _columns(facts, lambda column: overdue(column, facts))


def blank_columns(facts: DayFacts, _window: timedelta) -> Sequence[Reading]:
    """Columns without any entry."""
    return _columns(facts, lambda column: column.count == 0)


def links(facts: DayFacts, wanted: Callable[[LinkFact], bool]) -> Sequence[Reading]:
    """Bad links of the kind wanted, each with the page it stands on."""
    if facts.site is None or facts.site.broken_links is None:
        return [absent(facts, "site.broken_links")]
    hits = [link for link in facts.site.broken_links if wanted(link)]
    return [counted([_link(link) for link in hits])]


def _link(link: LinkFact) -> Evidence:
    return Evidence(say("link_evidence", page=link.page, url=link.url, why=link.why), link.page, link.seen_at)


def links_leading_off(facts: DayFacts, _window: timedelta) -> Sequence[Reading]:
    """Links that open, but onto an expired or parked domain or an advertisement."""
    return links(facts, lambda link: link.leads_off)


def broken_links_home(facts: DayFacts, _window: timedelta) -> Sequence[Reading]:
    """Links of the home page that do not open."""
    return links(facts, lambda link: link.on_home and not link.leads_off)


def broken_links_inner(facts: DayFacts, _window: timedelta) -> Sequence[Reading]:
    """Links of other pages that do not open."""
    return links(facts, lambda link: not link.on_home and not link.leads_off)


def broken_attachments(facts: DayFacts, _window: timedelta) -> Sequence[Reading]:
    """Attachments of our pages that cannot be had: bad links whose address ends as a file's name does."""
    return links(facts, lambda link: not link.leads_off and _FILE.search(link.url) is not None)


def _pages(field: str) -> Instrument:
    def instrument(facts: DayFacts, _window: timedelta) -> Sequence[Reading]:
        pages = None if facts.site is None else getattr(facts.site, field)
        if pages is None:
            return [absent(facts, f"site.{field}")]
        return [counted([_page(page) for page in pages])]

    return instrument


def _page(page: PageFact) -> Evidence:
    text = say("page_evidence", url=page.url, what="、".join(page.missing))
    return Evidence(text, page.url, page.seen_at, page.sha256)


def _flag(field: str) -> Instrument:
    def instrument(facts: DayFacts, _window: timedelta) -> Sequence[Reading]:
        return [flag(facts, f"site.{field}", None if facts.site is None else getattr(facts.site, field))]

    return instrument


def _figure(field: str) -> Instrument:
    def instrument(facts: DayFacts, _window: timedelta) -> Sequence[Reading]:
        value = None if facts.site is None else getattr(facts.site, field)
        return [absent(facts, f"site.{field}") if value is None else Reading(float(value))]

    return instrument


def footer_elements_missing(facts: DayFacts, _window: timedelta) -> Sequence[Reading]:
    """Elements of the footer set that are missing."""
    site = facts.site or SiteFacts()
    if site.footer_missing is None:
        return [absent(facts, "site.footer_missing")]
    return [counted([Evidence(name, facts.site_url) for name in site.footer_missing])]


SITE: Mapping[str, Instrument] = MappingProxyType(
    {
        "unreachable_share": unreachable_share,
        "website_running_share": website_running_share,
        "home_age_days": home_age_days,
        "overdue_columns": overdue_columns,
        "long_overdue_columns": long_overdue_columns,
        "blank_columns": blank_columns,
        "links_leading_off": links_leading_off,
        "broken_links_home": broken_links_home,
        "broken_links_inner": broken_links_inner,
        "broken_attachments": broken_attachments,
        "tampered_pages": _pages("tampered"),
        "backdated_pages": _pages("backdated"),
        "pages_without_tags": _pages("tag_gaps"),
        "footer_elements_missing": footer_elements_missing,
        "consultation_missing": _flag("consultation"),
        "services_missing": _flag("services"),
        "search_broken": _flag("search_works"),
        "ipv6_missing": _flag("ipv6_works"),
        "domain_irregular": _flag("government_domain"),
        "incomplete_guides": _figure("guides_incomplete"),
        "load_seconds": _figure("load_seconds"),
    }
)
