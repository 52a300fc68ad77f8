"""Report section 7: required reprints with their deadlines, and the sources they come from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from statistics import median

from syndicate.inspection.measure_channels import NEW_MEDIA
from syndicate.inspection.measure_work import in_alarm, lag, late, reprinted_at, required, result_word
from syndicate.inspection.sections_site import missing
from syndicate.inspection.wording import hours_between, limits, moment, number, row, say, span_word, table
from syndicate.model.channel import SITES
from syndicate.model.facts import DayFacts, ReprintFact, SourceFact
from syndicate.model.inspection import Row, Section, Standing, Table

WEEK, HOUR = timedelta(days=7), timedelta(hours=1)
COMPARED = ("题名", "来源", "链接", "正文", "附件")
"""What a reprint has in common with its source, as `ReprintFact.mismatches` names it."""


def reprints(facts: DayFacts) -> Section:
    """Section 7: required reprints with their deadlines, and the sources they come from."""
    sentences: list[str] = []
    tables: list[Table] = []
    lacking: list[str] = []
    if facts.reprints is None:
        lacking.append(missing(facts, "reprints", "name_reprints"))
    else:
        duty = required(facts, WEEK)
        done = [r for r in duty if reprinted_at(r, facts) is not None]
        tardy = [r for r in done if late(r, facts)]
        gone = [r for r in duty if reprinted_at(r, facts) is None and late(r, facts)]
        counts = {"required": len(duty), "done": len(done), "on_time": len(done) - len(tardy), "missing": len(gone)}
        sentences.append(say("reprint_summary", **counts, optional=sum(not r.required for r in facts.reprints)))
        sentences.extend(_quality(done, facts))
        ordered = sorted(duty, key=lambda r: (reprinted_at(r, facts) is not None, not late(r, facts), r.deadline))
        if ordered:
            tables.append(table("table_reprints", "head_reprints", [_reprint_row(r, facts) for r in ordered]))
            tables.append(table("table_reprint_channels", "head_reprint_channels", _channel_rows(duty, facts)))
            tables.append(table("table_sample", "head_sample", [_sample_row(r, facts) for r in sample(duty, facts)]))
    if facts.sources is None:
        lacking.append(missing(facts, "sources", "name_sources"))
    else:
        alarms = sum(map(in_alarm, facts.sources))
        sentences.append(say("source_summary", total=len(facts.sources), alarms=alarms))
        rows = [_source_row(s, facts) for s in sorted(facts.sources, key=lambda s: not in_alarm(s))]
        tables.append(table("table_sources", "head_sources", rows, span=span_word(facts.span)))
    return Section(7, say("section_7"), tuple(sentences), tuple(tables), tuple(lacking))


def sample(duty: Sequence[ReprintFact], facts: DayFacts) -> tuple[ReprintFact, ...]:
    """Three of them as an inspector would pick them: by lot, but the day's own lot, so that it falls the same again."""

    def lot(reprint: ReprintFact) -> str:
        return hashlib.sha256(f"{facts.day} {reprint.source_url} {reprint.title}".encode()).hexdigest()

    return tuple(sorted(duty, key=lot)[: int(limits()["reprints_sampled"])])


def _quality(done: Sequence[ReprintFact], facts: DayFacts) -> list[str]:
    """How long reprints usually take, and how many of those that could be compared are the same as their source."""
    if not done:
        return []
    usual = number(round(median(lag(r, facts) / HOUR for r in done), 1))
    compared = [r for r in done if r.mismatches is not None]
    same = sum(not r.mismatches for r in compared)
    return [say("reprint_quality", hours=usual, compared=len(compared), same=same, unknown=len(done) - len(compared))]


def _sample_row(reprint: ReprintFact, facts: DayFacts) -> Row:
    """One of the three, each of the five things that inspectors compare in a cell of its own."""
    at, unlike = reprinted_at(reprint, facts), reprint.mismatches
    cells = [
        say("not_compared") if unlike is None else say("differs" if one in unlike else "equal") for one in COMPARED
    ]
    late_by = "—" if at is None else number(round(lag(reprint, facts) / HOUR, 1))
    wrong = at is None or late(reprint, facts) or bool(unlike)
    standing = Standing.WARNING if wrong else Standing.FULFILLED
    return row(reprint.title, moment(at, facts.as_of), late_by, *cells, standing=standing, link=reprint.source_url)


def _channel_rows(duty: Sequence[ReprintFact], facts: DayFacts) -> list[Row]:
    rows = []
    for channel in facts.channels or ():
        if channel.kind in SITES or channel.kind in NEW_MEDIA:
            times = [(r.published[channel.id], r.deadline) for r in duty if channel.id in r.published]
            done = [(at, deadline) for at, deadline in times if at <= facts.as_of]
            on_time = sum(at <= deadline for at, deadline in done)
            rows.append(row(channel.title, str(len(duty)), str(len(done)), str(on_time)))
    return rows


def _reprint_row(reprint: ReprintFact, facts: DayFacts) -> Row:
    at, tardy = reprinted_at(reprint, facts), late(reprint, facts)
    left = hours_between(facts.as_of, reprint.deadline)
    if at is not None:
        standing, state = (Standing.WARNING, "reprint_late") if tardy else (Standing.FULFILLED, "reprint_done")
    elif tardy:
        standing, state = Standing.BREACHED, "reprint_missing"
    else:
        near = left < limits()["deadline_notice_hours"]
        standing, state = (Standing.WARNING if near else Standing.FULFILLED), "reprint_ahead"
    same = "not_compared" if reprint.mismatches is None else "equal"
    source_time = moment(reprint.source_time, facts.as_of) + (say("first_seen") if reprint.by_first_seen else "")
    return row(
        reprint.title,
        reprint.source_title,
        source_time,
        moment(reprint.deadline, facts.as_of),
        moment(at, facts.as_of),
        "、".join(reprint.mismatches or ()) or say(same),
        say(state, hours=number(round(left, 1))),
        standing=standing,
        link=reprint.source_url,
    )


def _source_row(source: SourceFact, facts: DayFacts) -> Row:
    return row(
        source.title,
        result_word(source),
        str(source.new_today),
        moment(source.last_success, facts.as_of),
        moment(source.last_new, facts.as_of),
        moment(source.next_due, facts.as_of),
        source.note or "—",
        standing=Standing.WARNING if in_alarm(source) else Standing.FULFILLED,
    )
