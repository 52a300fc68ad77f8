"""Report sections about the website: 2 reachability, 3 updates, 5 links, 6 tags and footer."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby

from syndicate.inspection.measure_site import failed, overdue, probes_within
from syndicate.inspection.reading import reason, share
from syndicate.inspection.wording import days_between, limits, moment, number, row, say, span_word, table
from syndicate.model.facts import ColumnFact, DayFacts, LinkFact, PageFact, SiteFacts
from syndicate.model.inspection import Row, Section, Standing, Table
from syndicate.model.period import Span

PROBE_WINDOW = timedelta(days=7)
"""The table shows the week that the index judges (国办秘函〔2019〕19号 站点无法访问)."""


def missing(facts: DayFacts, field: str, name: str) -> str:
    """`name：未测量。原因：…`."""
    return say("missing", name=say(name), why=reason(facts, field))


def reachability(facts: DayFacts) -> Section:
    """Section 2: probes of the day and of seven days, and when the certificate ends."""
    sentences: list[str] = []
    lacking: list[str] = []
    tables: tuple[Table, ...] = ()
    if facts.probes is None:
        lacking.append(missing(facts, "probes", "name_probes"))
    else:
        rows = _probe_rows(facts)
        total, bad = len(probes_within(facts, PROBE_WINDOW)), sum(map(failed, probes_within(facts, PROBE_WINDOW)))
        sentences.append(
            say("probe_summary", total=total, failed=bad, share=number(share(bad, total)) if total else "—")
        )
        tables = (table("table_probes", "head_probes", rows),)
    sentences += _whole_period(facts)
    site = facts.site or SiteFacts()
    if site.certificate_ends is None:
        lacking.append(missing(facts, "site.certificate_ends", "name_certificate"))
    else:
        left = days_between(facts.as_of, site.certificate_ends)
        key = "certificate_soon" if left < limits()["certificate_notice_days"] else "certificate_fine"
        sentences.append(say(key, at=moment(site.certificate_ends, facts.as_of), days=number(int(left))))
    if site.certificate_problem:
        sentences.append(say("certificate_problem", why=site.certificate_problem))
    if site.addresses is None:
        lacking.append(missing(facts, "site.addresses", "name_addresses"))
    else:
        six = sum(":" in one for one in site.addresses)
        counts = {"four": len(site.addresses) - six, "six": six}
        sentences.append(say("addresses", **counts) if site.addresses else say("addresses_none"))
    return Section(2, say("section_2"), tuple(sentences), tables, tuple(lacking))


def _whole_period(facts: DayFacts) -> list[str]:
    """The probes of the whole period where that is another time than the seven days."""
    points = [point for point in facts.trends or () if point.period.first >= facts.day]
    total, bad = sum(point.probes for point in points), sum(point.probes_failed for point in points)
    if facts.span is Span.DAY or not total:
        return []
    return [say("probe_period", span=span_word(facts.span), total=total, failed=bad, share=number(share(bad, total)))]


def _probe_rows(facts: DayFacts) -> list[Row]:
    zone = facts.as_of.tzinfo
    probes = probes_within(facts, PROBE_WINDOW)
    rows = []
    for day, group in groupby(probes, key=lambda probe: probe.at.astimezone(zone).date()):
        taken = list(group)
        bad = sum(map(failed, taken))
        slowest = max((probe.seconds for probe in taken if probe.seconds is not None), default=None)
        few = len(taken) < limits()["probes_per_day"]
        standing = Standing.WARNING if bad else Standing.NOT_MEASURED if few else Standing.FULFILLED
        state = say("probe_day_failed" if bad else "probe_day_few" if few else "fine")
        longest = "—" if slowest is None else number(slowest)
        cells = (day.isoformat(), str(len(taken)), str(bad), number(share(bad, len(taken))), longest, state)
        rows.append(row(*cells, standing=standing))
    return rows


def updates(facts: DayFacts) -> Section:
    """Section 3: every column with its last publication, its duty and the days left; the blank ones by name."""
    if facts.columns is None:
        return Section(3, say("section_3"), not_measured=(missing(facts, "columns", "name_columns"),))
    blank = [column.title for column in facts.columns if column.count == 0]
    late = [column for column in facts.columns if overdue(column, facts)]
    total = sum(column.new_today for column in facts.columns)
    span = span_word(facts.span)
    sentences = [say("update_summary", span=span, new=total, columns=len(facts.columns), late=len(late))]
    sentences.append(say("blank_some", count=len(blank), names="、".join(blank)) if blank else say("blank_none"))
    ordered = sorted(facts.columns, key=lambda column: _days_left(column, facts))
    rows = [_column_row(column, facts) for column in ordered]
    return Section(3, say("section_3"), tuple(sentences), (table("table_columns", "head_columns", rows, span=span),))


def _days_left(column: ColumnFact, facts: DayFacts) -> float:
    if column.last_published is None:
        return float("-inf")
    return days_between(facts.as_of, column.last_published + column.limit)


def _countdown(column: ColumnFact, left: float) -> str:
    """How near the end of a duty is: the word for it, or nothing. 7, 10 and 13 days of 14; half of a shorter duty at first."""
    notice = min(limits()["column_notice_days"], column.limit / timedelta(days=2))
    steps = ((limits()["column_last_days"], "column_final"), (limits()["column_alarm_days"], "column_near"))
    return next((word for days, word in (*steps, (notice, "column_soon")) if left <= min(days, notice)), "")


def _column_row(column: ColumnFact, facts: DayFacts) -> Row:
    left = _days_left(column, facts)
    standing, state = Standing.FULFILLED, say("fine")
    if overdue(column, facts):
        standing, state = Standing.BREACHED, say("column_blank" if column.count == 0 else "column_late")
    elif word := _countdown(column, left):
        standing, state = Standing.WARNING, say(word)
    age = "—" if column.last_published is None else number(int(days_between(column.last_published, facts.as_of)))
    return row(
        column.title,
        column.owner,
        str(column.new_today),
        moment(column.last_published, facts.as_of),
        age,
        number(column.limit / timedelta(days=1)),
        "—" if column.last_published is None else number(max(0, int(left))),
        state,
        standing=standing,
        link=column.url,
    )


def links(facts: DayFacts) -> Section:
    """Section 5: links that do not open or lead off, those of the home page first."""
    site = facts.site or SiteFacts()
    if site.broken_links is None:
        return Section(5, say("section_5"), not_measured=(missing(facts, "site.broken_links", "name_links"),))
    checked = "—" if site.links_checked is None else str(site.links_checked)
    home, off = (sum(getattr(link, field) for link in site.broken_links) for field in ("on_home", "leads_off"))
    sentence = say("link_summary", checked=checked, bad=len(site.broken_links), home=home, off=off)
    ordered = sorted(site.broken_links, key=lambda link: (not link.leads_off, not link.on_home))
    rows = [_link_row(link) for link in ordered]
    unsure = [_link_row(link, unsure=True) for link in site.unsure_links or ()]
    named = (("table_links", rows), ("table_unsure_links", unsure))
    tables = tuple(table(title, "head_links", some) for title, some in named if some)
    return Section(5, say("section_5"), (sentence,), tables)


def _link_row(link: LinkFact, *, unsure: bool = False) -> Row:
    kind = say("link_off" if link.leads_off else "link_home" if link.on_home else "link_inner")
    standing = Standing.NOT_MEASURED if unsure else Standing.BREACHED if link.leads_off else Standing.WARNING
    return row(say("link_unsure") if unsure else kind, link.page, link.url, link.why, standing=standing)


def tags(facts: DayFacts) -> Section:
    """Section 6: the footer set, meta tags, pages that are not as written, search, IPv6, domain, load time."""
    site = facts.site or SiteFacts()
    sentences: list[str] = []
    lacking: list[str] = []
    for field, value in (("footer_missing", site.footer_missing), ("tag_gaps", site.tag_gaps)):
        if value is None:
            lacking.append(missing(facts, f"site.{field}", f"name_{field}"))
    if site.footer_missing is not None:
        names = "、".join(site.footer_missing)
        sentences.append(say("footer_some", names=names) if names else say("footer_complete"))
    if site.tag_gaps is not None:
        pages = "—" if site.pages_checked is None else str(site.pages_checked)
        sentences.append(say("tag_summary", checked=pages, bad=len(site.tag_gaps)))
    return Section(
        6, say("section_6"), tuple(sentences), _page_tables(site) + _state_table(facts, site), tuple(lacking)
    )


def _page_tables(site: SiteFacts) -> tuple[Table, ...]:
    groups: list[tuple[str, tuple[PageFact, ...] | None, Standing]] = [
        ("table_tags", site.tag_gaps, Standing.BREACHED),
        ("table_tampered", site.tampered, Standing.BREACHED),
        ("table_backdated", site.backdated, Standing.BREACHED),
        ("table_page_problems", site.page_problems, Standing.WARNING),
    ]
    return tuple(
        table(
            title,
            "head_pages",
            [row(p.url, "、".join(p.missing), standing=standing, link=p.url) for p in pages],
        )
        for title, pages, standing in groups
        if pages
    )


def _state_table(facts: DayFacts, site: SiteFacts) -> tuple[Table, ...]:
    rows = [
        _state_row(facts, field, getattr(site, field))
        for field in ("government_domain", "search_works", "ipv6_works", "consultation", "services")
    ]
    of_pages = (("tampered", site.tampered), ("backdated", site.backdated), ("page_problems", site.page_problems))
    for field, pages in of_pages:
        rows.append(_state_row(facts, field, None if pages is None else not pages))
    value = None if site.load_seconds is None else say("seconds", value=number(site.load_seconds))
    rows.append(
        row(say("name_load_seconds"), value or say("not_measured"), "" if value else reason(facts, "site.load_seconds"))
    )
    return (table("table_states", "head_states", rows),)


def _state_row(facts: DayFacts, field: str, fine: bool | None) -> Row:
    if fine is None:
        why = reason(facts, f"site.{field}")
        return row(say(f"name_{field}"), say("not_measured"), why, standing=Standing.NOT_MEASURED)
    standing = Standing.FULFILLED if fine else Standing.BREACHED
    return row(say(f"name_{field}"), say("fine" if fine else "not_fine"), "", standing=standing)
