"""The report of a day: verdict first, then what to do today, then its sections. Every figure comes from the facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta

from syndicate.inspection.judge import verdict
from syndicate.inspection.measure_site import unreachable_share
from syndicate.inspection.measure_work import reprints_missing, reprints_on_time_share
from syndicate.inspection.sections_evidence import evidence_rows
from syndicate.inspection.sections_reprints import reprints
from syndicate.inspection.sections_site import links, reachability, tags, updates
from syndicate.inspection.sections_trends import trend_sections
from syndicate.inspection.sections_work import channels, content, interaction, repairs
from syndicate.inspection.wording import (
    measures,
    moment,
    number,
    period_text,
    plain,
    quantity,
    row,
    safe_link,
    say,
    span_word,
    table,
)
from syndicate.model.facts import DayFacts
from syndicate.model.inspection import (
    Figure,
    Indicator,
    Judgement,
    Level,
    Report,
    Row,
    Section,
    Standing,
    Todo,
)
from syndicate.model.period import Span

WEEK = timedelta(days=7)
FULFILS = {">=": "＜", ">": "≤", "<=": "＞", "<": "≥"}
"""The opposite of each comparison that is a breach."""
SIGNS = {">=": "≥", ">": "＞", "<=": "≤", "<": "＜"}
SCOPES = ("website", "new_media", "office")
"""The order in which the report lists indicators."""
ALARMS = (Standing.BREACHED, Standing.WARNING)


def compose(facts: DayFacts, judgements: Sequence[Judgement]) -> Report:
    """The whole report as a document. `judgements` are those of `judge(measure(facts, indicators), indicators)`."""
    judgements = sorted(judgements, key=lambda judgement: SCOPES.index(judgement.indicator.scope))
    todos = _todos(facts, judgements)
    trends = trend_sections(facts)
    return Report(
        title=say("title", report=say(f"report_{facts.span}")),
        day=facts.day.isoformat(),
        made_at=facts.made_at.isoformat(timespec="minutes"),
        office=plain(facts.office),
        standing=verdict(judgements),
        headline=_headline(judgements),
        sections=(
            _conclusion(facts, judgements, bool(todos)),
            reachability(facts),
            updates(facts),
            content(facts),
            links(facts),
            tags(facts),
            reprints(facts),
            channels(facts),
            interaction(facts),
            repairs(facts),
            *trends,
            _sources_of_figures(facts, judgements, 11 + len(trends)),
        ),
        as_of=facts.as_of.isoformat(timespec="minutes"),
        figures=_figures(facts, judgements, todos),
        todos=todos,
        sample=facts.sample,
        day_text=period_text(facts.period),
        span=facts.span,
        site_name=plain(facts.site_name),
        site_url=safe_link(facts.site_url),
    )


def standing_word(judgement: Judgement) -> str:
    """How an indicator stands, in Chinese; only a breached veto is 已触发, any other breach is 未达标."""
    missed = judgement.standing is Standing.BREACHED and judgement.indicator.level is not Level.VETO
    return say("standing_missed" if missed else f"standing_{judgement.standing}")


def value_text(judgement: Judgement) -> str:
    """The figure with its unit, or 未测量."""
    found = judgement.measurement
    return say("not_measured") if found.value is None else quantity(found.value, found.unit)


def goal_text(indicator: Indicator) -> str:
    """What fulfils the indicator: ≥98%."""
    unit = measures()[indicator.measure].unit if indicator.measure in measures() else ""
    return FULFILS[indicator.operator] + quantity(indicator.threshold, unit)


def condition_text(indicator: Indicator) -> str:
    """When the indicator is breached, and when it warns."""
    unit = measures()[indicator.measure].unit if indicator.measure in measures() else ""
    sign = SIGNS[indicator.operator]
    effect = say("effect_veto" if indicator.level is Level.VETO else "effect_missed")
    line = say("condition", limit=sign + quantity(indicator.threshold, unit), effect=effect)
    if indicator.warn is None:
        return line
    return line + say("condition_warn", limit=sign + quantity(indicator.warn, unit))


def _counts(judgements: Sequence[Judgement]) -> Counter[str]:
    """Judgements by standing, with breached vetoes (`veto`) apart from other breaches (`missed`)."""
    counts: Counter[str] = Counter()
    for judgement in judgements:
        veto = judgement.indicator.level is Level.VETO
        breach = "veto" if veto else "missed"
        counts[breach if judgement.standing is Standing.BREACHED else judgement.standing.value] += 1
    return counts


def _headline(judgements: Sequence[Judgement]) -> str:
    counts = _counts(judgements)
    line = say(
        f"headline_{verdict(judgements)}",
        veto=counts["veto"],
        warned=counts["warning"] + counts["missed"],
        measured=counts["fulfilled"],
    )
    unmeasured = counts["not_measured"]
    return line + (say("headline_missing", count=unmeasured) if unmeasured else "")


def _conclusion(facts: DayFacts, judgements: Sequence[Judgement], busy: bool) -> Section:
    counts = _counts(judgements)
    enforced = [j for j in judgements if j.standing is not Standing.NOT_ENFORCED]
    summary = say(
        "count_summary",
        total=len(enforced),
        fulfilled=counts["fulfilled"],
        warned=counts["warning"],
        missed=counts["missed"],
        veto=counts["veto"],
        unmeasured=counts["not_measured"],
        off=counts["not_enforced"],
    )
    alarms = sorted((j for j in judgements if j.standing in ALARMS), key=_gravity)
    rows = [_attention_row(judgement) for judgement in alarms]
    sentences = (_headline(judgements), summary, *(() if busy else (say("todo_none"),)))
    span = say("span_targets") if facts.span is Span.DAY else span_word(facts.span)
    targets = [_target_row(judgement) for judgement in facts.targets or ()]
    tables = (
        *((table("table_attention", "head_attention", rows),) if rows else ()),
        *((table("table_targets", "head_targets", targets, span=span),) if targets else ()),
    )
    return Section(1, say("section_1"), sentences, tables)


def _target_row(judgement: Judgement) -> Row:
    goal, found = goal_text(judgement.indicator), judgement.measurement
    why = found.why or "；".join(one.text for one in found.evidence) or "—"
    cells = (_name(judgement), value_text(judgement), goal, standing_word(judgement), why)
    return row(judgement.indicator.id, *cells, standing=judgement.standing)


def _gravity(judgement: Judgement) -> int:
    """0 for a breached veto, 1 for another breach, 2 for a warning, so that the gravest come first."""
    if judgement.standing is not Standing.BREACHED:
        return 2
    return 0 if judgement.indicator.level is Level.VETO else 1


def _name(judgement: Judgement) -> str:
    subject = judgement.measurement.subject
    return f"{subject}：{judgement.indicator.title}" if subject else judgement.indicator.title


def _attention_row(judgement: Judgement) -> Row:
    return row(
        judgement.indicator.id,
        _name(judgement),
        value_text(judgement),
        condition_text(judgement.indicator),
        "；".join(one.text for one in judgement.measurement.evidence) or "—",
        standing_word(judgement),
        standing=judgement.standing,
    )


def _indicator_row(judgement: Judgement) -> Row:
    return row(
        judgement.indicator.id,
        say(f"level_{judgement.indicator.level}"),
        judgement.indicator.title,
        judgement.measurement.subject or "—",
        value_text(judgement),
        condition_text(judgement.indicator),
        standing_word(judgement),
        standing=judgement.standing,
    )


def _todos(facts: DayFacts, judgements: Sequence[Judgement]) -> tuple[Todo, ...]:
    """What to do today, gravest first; of several alarms about one figure only the gravest."""
    gravest: dict[tuple[str, str], Judgement] = {}
    for judgement in sorted((j for j in judgements if j.standing in ALARMS), key=_gravity):
        gravest.setdefault((judgement.measurement.measure, judgement.measurement.subject), judgement)
    todos = [_judgement_todo(judgement) for judgement in gravest.values()]
    for task in facts.tasks or ():
        urgent = task.deadline is not None and task.deadline < facts.as_of
        standing = Standing.BREACHED if urgent else Standing.WARNING
        todos.append(Todo(plain(task.text), plain(task.action), standing, safe_link(task.link)))
    return tuple(sorted(todos, key=lambda todo: todo.standing is not Standing.BREACHED))


def _judgement_todo(judgement: Judgement) -> Todo:
    condition = condition_text(judgement.indicator)
    text = say("todo_judgement", name=_name(judgement), value=value_text(judgement), condition=condition)
    urgent = _gravity(judgement) == 0
    return Todo(text, plain(judgement.indicator.fix), Standing.BREACHED if urgent else Standing.WARNING)


def _figures(facts: DayFacts, judgements: Sequence[Judgement], todos: Sequence[Todo]) -> tuple[Figure, ...]:
    down, on_time = unreachable_share(facts, WEEK)[0].value, reprints_on_time_share(facts, WEEK)[0].value
    gone = reprints_missing(facts, WEEK)[0].value
    new = None if facts.columns is None else sum(column.new_today for column in facts.columns)
    sent, failed, stuck = (
        None if facts.channels is None else _sum(getattr(channel, field) for channel in facts.channels)
        for field in ("sent", "failed", "needs_person")
    )
    counts = _counts(judgements)
    judged = sum(counts[key] for key in ("fulfilled", "warning", "missed", "veto"))
    urgent = sum(todo.standing is Standing.BREACHED for todo in todos)
    return (
        _figure("new", "unit_items", new, span=span_word(facts.span)),
        _figure(
            "sent", "unit_items", sent, span=span_word(facts.span), failed=_dash(failed), needs_person=_dash(stuck)
        ),
        _figure("down", "unit_share", down, condition=_veto_line(judgements, "unreachable_share")),
        _figure("reprint", "unit_share", on_time, missing=_dash(gone)),
        Figure(
            say("figure_fine"),
            f"{counts['fulfilled']}/{judged}",
            say("figure_fine_note", unmeasured=counts["not_measured"]),
        ),
        _figure("todo", "unit_items", len(todos), urgent=urgent),
    )


def _sum(counts: Iterable[int | None]) -> int | None:
    """Together; None where one of them is not known."""
    every = list(counts)
    return None if None in every else sum(filter(None, every))


def _veto_line(judgements: Sequence[Judgement], name: str) -> str:
    vetoes = (j.indicator for j in judgements if j.indicator.measure == name and j.indicator.level is Level.VETO)
    return next((condition_text(indicator) for indicator in vetoes), "")


def _figure(name: str, unit: str, value: float | None, **slots: object) -> Figure:
    shown = "—" if value is None else say(unit, value=number(value))
    note = say("not_measured") if value is None else say(f"figure_{name}_note", **slots)
    return Figure(say(f"figure_{name}", **slots), shown, note)


def _dash(value: float | None) -> str:
    return "—" if value is None else number(value)


def _sources_of_figures(facts: DayFacts, judgements: Sequence[Judgement], number: int) -> Section:
    sentences = (
        say("as_of", as_of=moment(facts.as_of, facts.as_of), made_at=moment(facts.made_at, facts.as_of)),
        say("snapshot", snapshot=facts.snapshot[:12]),
        say("sources_of_figures"),
        say("human_only"),
        say("masked"),
    )
    enforced = [j for j in judgements if j.standing is not Standing.NOT_ENFORCED]
    off = [j for j in judgements if j.standing is Standing.NOT_ENFORCED]
    lost = [j for j in judgements if j.standing is Standing.NOT_MEASURED]
    methods = {j.indicator.id: j.indicator for j in enforced}
    named = (
        ("table_unmeasured", "head_unmeasured", [_unmeasured_row(j) for j in lost]),
        ("table_evidence", "head_evidence", list(evidence_rows(enforced, facts.as_of))),
        ("table_indicators", "head_indicators", [_indicator_row(j) for j in enforced]),
        ("table_off", "head_off", [_off_row(j) for j in off]),
        ("table_methods", "head_methods", [_method_row(indicator) for indicator in methods.values()]),
    )
    return Section(
        number, say("section_sources"), sentences, tuple(table(t, head, rows) for t, head, rows in named if rows)
    )


def _unmeasured_row(judgement: Judgement) -> Row:
    found = judgement.measurement
    cells = (judgement.indicator.id, judgement.indicator.title, found.subject or "—", found.why or say("no_reason"))
    return row(*cells, standing=Standing.NOT_MEASURED)


def _off_row(judgement: Judgement) -> Row:
    indicator = judgement.indicator
    confidence = say(f"confidence_{indicator.confidence}")
    subject = judgement.measurement.subject or "—"
    return row(indicator.id, indicator.title, subject, value_text(judgement), confidence, indicator.basis)


def _method_row(indicator: Indicator) -> Row:
    method = measures()[indicator.measure].method if indicator.measure in measures() else say("no_measurement")
    return row(indicator.id, method, indicator.basis)
