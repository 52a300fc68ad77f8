"""Report sections 11 to 13: trends with their charts, what departments and people did, and the lines of the yearly statement."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from syndicate.inspection.reading import share
from syndicate.inspection.sections_site import missing
from syndicate.inspection.wording import number, row, say, table
from syndicate.model.facts import DayFacts
from syndicate.model.inspection import Chart, ChartBar, Row, Section
from syndicate.model.period import Period, Span
from syndicate.model.trend import TrendPoint, WorkFact

_WORD = {Span.DAY: "trend_days", Span.WEEK: "trend_weeks", Span.MONTH: "trend_months"}


def trend_sections(facts: DayFacts) -> tuple[Section, ...]:
    """Sections 11 and 12, and 13 for a year."""
    yearly = () if facts.yearly is None else (_yearly(facts),)
    return (_trends(facts), _work(facts), *yearly)


def _down(point: TrendPoint) -> float | None:
    return share(point.probes_failed, point.probes) if point.probes else None


def _on_time(point: TrendPoint) -> float | None:
    return share(point.reprints_on_time, point.reprints_due) if point.reprints_due else None


_CHARTS: tuple[tuple[str, Callable[[TrendPoint], float | None]], ...] = (
    ("chart_published", lambda point: point.published),
    ("chart_submitted", lambda point: point.submitted),
    ("chart_returned", lambda point: point.returned),
    ("chart_down", _down),
    ("chart_findings", lambda point: point.findings_open),
    ("chart_reprints", _on_time),
    ("chart_waiting", lambda point: point.oldest_waiting_hours),
)


def _trends(facts: DayFacts) -> Section:
    """Section 11: a chart for each figure, and one table with all of them."""
    if not facts.trends:
        return Section(11, say("section_trends"), not_measured=(missing(facts, "trends", "name_trends"),))
    first, last = facts.trends[0].period, facts.trends[-1].period
    word = _WORD[first.span]
    sentence = say(word, first=first.first.isoformat(), last=last.last.isoformat())
    rows = [_trend_row(point) for point in facts.trends]
    return Section(
        11,
        say("section_trends"),
        (sentence,),
        (table("table_trends", "head_trends", rows),),
        charts=tuple(_chart(name, facts.trends, value) for name, value in _CHARTS),
    )


def _chart(name: str, points: Sequence[TrendPoint], value: Callable[[TrendPoint], float | None]) -> Chart:
    bars = tuple(ChartBar(_label(point.period), value(point), _shown(value(point))) for point in points)
    known = [bar for bar in bars if bar.value is not None]
    if not known:
        return Chart(say(name), say("chart_sentence_empty"), bars)
    highest = max(known, key=lambda bar: bar.value or 0)
    told = {"highest": highest.text, "at": highest.label, "last": known[-1].text, "end": known[-1].label}
    sentence = say("chart_sentence", **told)
    gaps = len(bars) - len(known)
    return Chart(say(name), sentence + (say("chart_gaps", count=gaps) if gaps else ""), bars)


def _label(period: Period) -> str:
    """As it stands below a bar."""
    return f"{period.first:%Y-%m}" if period.span is Span.MONTH else f"{period.first:%m-%d}"


def _shown(value: float | None) -> str:
    return "—" if value is None else number(value)


def _trend_row(point: TrendPoint) -> Row:
    period = point.period
    when = period.name if period.span is not Span.WEEK else f"{period.first:%m-%d}—{period.last:%m-%d}"
    counts = (point.published, point.submitted, point.returned, point.probes, point.probes_failed)
    return row(
        when,
        *(str(count) for count in counts),
        _shown(_down(point)),
        _shown(point.findings_open),
        str(point.reprints_due),
        str(point.reprints_on_time),
        _shown(_on_time(point)),
        _shown(point.oldest_waiting_hours),
    )


def _work(facts: DayFacts) -> Section:
    """Section 12: submitted, approved, returned, findings and time taken, by department and by person."""
    if facts.departments is None or facts.people is None or not facts.trends:
        return Section(12, say("section_work"), not_measured=(missing(facts, "departments", "name_departments"),))
    if not facts.departments and not facts.people:
        return Section(12, say("section_work"), (say("work_none"),))
    span = {"first": facts.trends[0].period.first.isoformat(), "last": facts.trends[-1].period.last.isoformat()}
    named = (
        ("table_departments", "head_departments", facts.departments),
        ("table_people", "head_people", facts.people),
    )
    tables = tuple(table(title, head, [_work_row(one) for one in rows], **span) for title, head, rows in named)
    return Section(12, say("section_work"), (say("work_method"),), tables)


def _work_row(one: WorkFact) -> Row:
    rate = one.findings / one.submitted if one.submitted else None
    counts = (one.submitted, one.approved, one.returned, one.findings)
    return row(one.name, *(str(count) for count in counts), _shown(rate), str(one.published), _shown(one.median_hours))


def _yearly(facts: DayFacts) -> Section:
    """Section 13: the lines of the 政府网站工作年度报表, those without a record to be filled in by hand."""
    rows = [row(one.heading, one.name, one.value or say("yearly_by_hand"), one.note) for one in facts.yearly or ()]
    return Section(
        13,
        say("section_yearly"),
        (say("yearly_method"),),
        (table("table_yearly", "head_yearly", rows, year=facts.day.year),),
    )
