"""Report sections about the office's work: 4 findings and review, 8 channels, 9 interaction, 10 repairs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from syndicate.inspection.measure_channels import NEW_MEDIA
from syndicate.inspection.measure_work import in_time
from syndicate.inspection.reading import reason
from syndicate.inspection.sections_site import missing
from syndicate.inspection.wording import days_between, hours_between, moment, number, row, say, span_word, table
from syndicate.model.channel import ChannelKind
from syndicate.model.facts import (
    ChannelFact,
    DayFacts,
    DecisionFacts,
    DemotedRuleFact,
    FindingFact,
    OpenReportFact,
    ProblemFact,
)
from syndicate.model.finding import Severity
from syndicate.model.inspection import Row, Section, Standing, Table

SEVERITY_STANDING: Mapping[Severity, Standing] = MappingProxyType(
    {Severity.BLOCK: Standing.BREACHED, Severity.CONFIRM: Standing.WARNING, Severity.HINT: Standing.FULFILLED}
)


def content(facts: DayFacts) -> Section:
    """Section 4: open findings, the day's decisions and overrides, second checks, corrections and withdrawals."""
    sentences: list[str] = []
    tables: list[Table] = []
    lacking: list[str] = []
    span = span_word(facts.span)
    if facts.findings is None:
        lacking.append(missing(facts, "findings", "name_findings"))
    else:
        ordered = sorted(facts.findings, key=lambda f: (-f.severity.weight, not f.published_on))
        published = sum(bool(f.published_on) for f in ordered)
        blocks = sum(f.severity is Severity.BLOCK for f in ordered)
        sentences.append(say("finding_summary", total=len(ordered), blocks=blocks, published=published))
        if ordered:
            tables.append(table("table_findings", "head_findings", [_finding_row(f, facts) for f in ordered]))
    if facts.demoted_rules:
        rows = [_demoted_row(one) for one in facts.demoted_rules]
        tables.append(table("table_demoted", "head_demoted", rows))
    if facts.decisions is None:
        lacking.append(missing(facts, "decisions", "name_decisions"))
    else:
        sentences.append(_decision_sentence(facts.decisions, span))
        if facts.decisions.overridden:
            rows = [row(*override, standing=Standing.WARNING) for override in facts.decisions.overridden]
            tables.append(table("table_overrides", "head_overrides", rows, span=span))
    for name in ("second_checks", "takedowns"):
        if getattr(facts, name) is None:
            lacking.append(missing(facts, name, f"name_{name}"))
    return Section(4, say("section_4"), tuple(sentences), (*tables, *_act_tables(facts)), tuple(lacking))


def _demoted_row(one: DemotedRuleFact) -> Row:
    share = f"{100 * one.right / one.decisions:.0f}%"
    return row(one.rule, str(one.decisions), str(one.right), share, say("demoted_advice"), standing=Standing.WARNING)


def _decision_sentence(decisions: DecisionFacts, span: str) -> str:
    return say(
        "decision_summary",
        span=span,
        submitted=decisions.submitted,
        approved=decisions.approved,
        returned=decisions.returned,
        overridden=len(decisions.overridden),
    )


def _finding_row(finding: FindingFact, facts: DayFacts) -> Row:
    titles = {channel.id: channel.title for channel in facts.channels or ()}
    held = "、".join(titles.get(channel, channel) for channel in finding.published_on)
    advice = say("reprint_upstream") if finding.reprint else finding.suggestion or "—"
    return row(
        say(f"severity_{finding.severity}"),
        finding.title,
        finding.excerpt,
        f"{finding.message}（{finding.rule}）",
        advice,
        held or say("unpublished"),
        standing=SEVERITY_STANDING[finding.severity],
        link=finding.url,
    )


def _act_tables(facts: DayFacts) -> list[Table]:
    checks = [
        row(
            check.what,
            check.title,
            check.actor,
            moment(check.at, facts.as_of),
            check.checked_by or say("unchecked"),
            standing=Standing.FULFILLED if check.checked_by else Standing.BREACHED,
            link=check.link,
        )
        for check in facts.second_checks or ()
    ]
    acts = [
        row(
            act.what,
            act.title,
            act.reason,
            moment(act.at, facts.as_of),
            say("done_of", done=act.done, total=act.total),
            standing=Standing.FULFILLED if act.done >= act.total else Standing.WARNING,
        )
        for act in facts.takedowns or ()
    ]
    named = (("table_checks", "head_checks", checks), ("table_takedowns", "head_takedowns", acts))
    return [table(title, head, rows, span=span_word(facts.span)) for title, head, rows in named if rows]


def channels(facts: DayFacts) -> Section:
    """Section 8: what each channel did and how it stands, and what only a person can do."""
    sentences: list[str] = []
    tables: list[Table] = []
    lacking: list[str] = []
    if facts.channels is None:
        lacking.append(missing(facts, "channels", "name_channels"))
    else:
        totals = {field: total(facts, field) for field in _CHANNEL_COUNTS}
        sentences.append(say("channel_summary", span=span_word(facts.span), channels=len(facts.channels), **totals))
        tables.append(table("table_channels", "head_channels", [_channel_row(c, facts) for c in facts.channels]))
        lacking.extend(gap for channel in facts.channels for gap in _channel_gaps(channel, facts))
    if facts.tasks is None:
        lacking.append(missing(facts, "tasks", "name_tasks"))
    elif facts.tasks:
        tables.append(table("table_tasks", "head_tasks", _task_rows(facts)))
    else:
        sentences.append(say("task_none"))
    return Section(8, say("section_8"), tuple(sentences), tuple(tables), tuple(lacking))


def total(facts: DayFacts, field: str) -> str:
    """One count of all channels together; a dash where it is not known of each."""
    counts = [getattr(channel, field) for channel in facts.channels or ()]
    return "—" if None in counts else str(sum(counts))


_CHANNEL_COUNTS = ("sent", "failed", "retrying", "waiting", "needs_person")


_RUNNING = (ChannelKind.LED, ChannelKind.APP)


def _channel_gaps(channel: ChannelFact, facts: DayFacts) -> list[str]:
    """What should be known about a channel of its kind and is not, each with the reason."""
    asked = {
        "running_share": channel.kind in _RUNNING,
        "usable": channel.kind == ChannelKind.APP,
        "interactive": channel.kind in NEW_MEDIA,
        "drift": True,
    }
    lacking = [field for field, applies in asked.items() if applies and getattr(channel, field) is None]
    return [
        say(
            "channel_gap",
            title=channel.title,
            what=say(f"gap_{field}"),
            why=reason(facts, f"channel.{channel.id}.{field}"),
        )
        for field in lacking
    ]


def _verified(channel: ChannelFact) -> str:
    """How many posts are not what was approved, and how many of them nobody but a person can verify."""
    known = say("not_measured") if channel.drift is None else str(channel.drift)
    return known + (say("unverified", count=channel.unverified) if channel.unverified else "")


def _channel_row(channel: ChannelFact, facts: DayFacts) -> Row:
    standing, state = Standing.FULFILLED, "fine"
    if channel.failed or channel.needs_person or channel.drift:
        standing, state = Standing.BREACHED, "channel_stuck"
    elif channel.retrying or channel.oldest_overdue:
        standing, state = Standing.WARNING, "channel_behind"
    elif channel.last_success is None:
        standing, state = Standing.WARNING, "never_published"
    age = "—" if channel.last_success is None else number(round(days_between(channel.last_success, facts.as_of), 1))
    return row(
        channel.title,
        *("—" if (count := getattr(channel, field)) is None else str(count) for field in _CHANNEL_COUNTS),
        moment(channel.last_success, facts.as_of),
        age,
        _running(channel),
        _verified(channel),
        say(state),
        standing=standing,
        link=channel.url,
    )


def _running(channel: ChannelFact) -> str:
    if channel.running_share is not None:
        return f"{number(channel.running_share)}%"
    return say("not_measured") if channel.kind in _RUNNING else "—"


def _task_rows(facts: DayFacts) -> list[Row]:
    return [
        row(
            task.text,
            task.action,
            moment(task.since, facts.as_of),
            moment(task.deadline, facts.as_of),
            standing=Standing.BREACHED if task.deadline and task.deadline < facts.as_of else Standing.WARNING,
            link=task.link,
        )
        for task in facts.tasks or ()
    ]


def interaction(facts: DayFacts) -> Section:
    """Section 9: messages, error reports and ratings from the public, as far as they are kept here."""
    if facts.interaction is None:
        return Section(9, say("section_9"), not_measured=(missing(facts, "interaction", "name_interaction"),))
    kept = facts.interaction
    values = {
        "received": kept.received,
        "answered": kept.answered,
        "open_since": None if kept.open_since is None else len(kept.open_since),
        "error_reports_open": kept.error_reports_open,
        "error_reports_late": kept.error_reports_late,
        "satisfaction": kept.satisfaction,
        "surveys_in_year": kept.surveys_in_year,
    }
    span = span_word(facts.span)
    sentences = [say(f"interaction_{name}", value=number(v), span=span) for name, v in values.items() if v is not None]
    if kept.answered_late:
        sentences.append(say("interaction_answered_late", value=number(kept.answered_late)))
    if kept.holidays_unknown is not None:
        sentences.append(say("holidays_unknown", year=kept.holidays_unknown))
    lacking = [missing(facts, f"interaction.{name}", f"name_{name}") for name, v in values.items() if v is None]
    rows = [_open_report_row(one, facts) for one in kept.open_reports]
    tables = (table("table_reports", "head_reports", rows),) if rows else ()
    return Section(9, say("section_9"), tuple(sentences), tables, not_measured=tuple(lacking))


def _open_report_row(report: OpenReportFact, facts: DayFacts) -> Row:
    """One report of the public with the hours that are left; the last minute of its day is what people are told."""
    hours = hours_between(facts.as_of, report.due_at)
    left = say("hours_left", hours=number(hours)) if hours > 0 else say("hours_late", hours=number(-hours))
    times = (moment(report.received_at, facts.as_of), moment(report.due_at - timedelta(minutes=1), facts.as_of))
    standing = Standing.WARNING if hours > 0 else Standing.BREACHED
    return row(str(report.number), report.kind, *times, left, report.assignee or "—", standing=standing)


def repairs(facts: DayFacts) -> Section:
    """Section 10: what became of the problems that earlier reports named."""
    if facts.problems is None:
        return Section(10, say("section_10"), not_measured=(missing(facts, "problems", "name_problems"),))
    fixed = sum(p.fixed_at is not None and p.fixed_at <= facts.as_of for p in facts.problems)
    sentence = say("problem_summary", total=len(facts.problems), fixed=fixed, open=len(facts.problems) - fixed)
    rows = [_problem_row(problem, facts) for problem in facts.problems]
    return Section(
        10, say("section_10"), (sentence,), (table("table_problems", "head_problems", rows),) if rows else ()
    )


def _problem_row(problem: ProblemFact, facts: DayFacts) -> Row:
    fixed = problem.fixed_at if problem.fixed_at is not None and problem.fixed_at <= facts.as_of else None
    fine = in_time(problem, facts)
    if fixed is None:
        standing, state = (Standing.WARNING, "problem_open") if fine is None else (Standing.BREACHED, "problem_late")
    else:
        standing, state = (Standing.FULFILLED, "problem_fixed") if fine else (Standing.WARNING, "problem_fixed_late")
    times = (moment(problem.opened_at, facts.as_of), moment(problem.deadline, facts.as_of), moment(fixed, facts.as_of))
    return row(problem.title, *times, say(state), problem.note or "—", standing=standing)
