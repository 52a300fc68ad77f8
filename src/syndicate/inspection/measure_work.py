"""Measurements of the office's work: reprints, sources, second checks, repairs, answers to the public."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from syndicate.inspection.reading import Instrument, Reading, absent, counted, share, shown
from syndicate.inspection.wording import moment, say
from syndicate.model.channel import SITES
from syndicate.model.facts import DayFacts, InteractionFacts, ProblemFact, ReprintFact, SecondCheckFact, SourceFact
from syndicate.model.inspection import Evidence
from syndicate.model.source import SyncResult


def reprinted_at(reprint: ReprintFact, facts: DayFacts) -> datetime | None:
    """When the duty was fulfilled: first on a website, or on any channel where the office has no website."""
    sites = {channel.id for channel in facts.channels or () if channel.kind in SITES}
    times = [at for channel, at in reprint.published.items() if not sites or channel in sites]
    return min((at for at in times if at <= facts.as_of), default=None)


def late(reprint: ReprintFact, facts: DayFacts) -> bool:
    """True where the deadline passed without a reprint, or the reprint came after it."""
    at = reprinted_at(reprint, facts)
    return facts.as_of > reprint.deadline if at is None else at > reprint.deadline


def required(facts: DayFacts, window: timedelta) -> list[ReprintFact]:
    """The reprints that are a duty and whose deadline lies within the window or ahead."""
    return [r for r in facts.reprints or () if r.required and r.deadline > facts.as_of - window]


def reprints_missing(facts: DayFacts, window: timedelta) -> Sequence[Reading]:
    """Required reprints whose deadline has passed and that still stand nowhere."""
    if facts.reprints is None:
        return [absent(facts, "reprints")]
    missing = [r for r in required(facts, window) if reprinted_at(r, facts) is None and late(r, facts)]
    return [counted([_reprint_evidence(r, facts) for r in missing])]


def reprints_on_time_share(facts: DayFacts, window: timedelta) -> Sequence[Reading]:
    """Percent on time of the required reprints that are either done or past their deadline."""
    if facts.reprints is None:
        return [absent(facts, "reprints")]
    settled = [r for r in required(facts, window) if reprinted_at(r, facts) is not None or late(r, facts)]
    if not settled:
        return [Reading(None, why=say("no_reprint_due"))]
    tardy = [r for r in settled if late(r, facts)]
    evidence = shown([_reprint_evidence(r, facts) for r in tardy])
    return [Reading(share(len(settled) - len(tardy), len(settled)), evidence)]


def lag(reprint: ReprintFact, facts: DayFacts) -> timedelta:
    """From its publication at the source to ours; what is not out yet lags until now."""
    return (reprinted_at(reprint, facts) or facts.as_of) - reprint.source_time


def longest_reprint_lag_hours(facts: DayFacts, window: timedelta) -> Sequence[Reading]:
    """Hours that the slowest of the required reprints took, or has taken so far."""
    if facts.reprints is None:
        return [absent(facts, "reprints")]
    duty = required(facts, window)
    if not duty:
        return [Reading(None, why=say("no_reprint_due"))]
    slowest = max(duty, key=lambda reprint: lag(reprint, facts))
    return [Reading(max(0.0, lag(slowest, facts) / timedelta(hours=1)), (_reprint_evidence(slowest, facts),))]


def reprints_compliant_share(facts: DayFacts, window: timedelta) -> Sequence[Reading]:
    """Percent of the required reprints that are out, and could be compared, in which nothing differs from the source."""
    if facts.reprints is None:
        return [absent(facts, "reprints")]
    compared = [r for r in required(facts, window) if reprinted_at(r, facts) is not None and r.mismatches is not None]
    if not compared:
        return [Reading(None, why=say("no_reprint_compared"))]
    unlike = [reprint for reprint in compared if reprint.mismatches]
    return [Reading(share(len(compared) - len(unlike), len(compared)), shown([_unlike(one) for one in unlike]))]


def _unlike(reprint: ReprintFact) -> Evidence:
    what = "、".join(reprint.mismatches or ())
    return Evidence(say("unlike_evidence", title=reprint.title, what=what), reprint.source_url)


def _reprint_evidence(reprint: ReprintFact, facts: DayFacts) -> Evidence:
    at = reprinted_at(reprint, facts)
    deadline, published = moment(reprint.deadline, facts.as_of), moment(at, facts.as_of)
    text = say("reprint_evidence", title=reprint.title, deadline=deadline, at=published)
    return Evidence(text, reprint.source_url, at or reprint.deadline)


def in_alarm(source: SourceFact) -> bool:
    """True unless the last look brought something new or reliably nothing new; never looked at is an alarm."""
    return source.result not in (SyncResult.NEW, SyncResult.NOTHING_NEW)


def sources_in_alarm(facts: DayFacts, _window: timedelta) -> Sequence[Reading]:
    """Sources whose last look was anything but new or nothing new."""
    if facts.sources is None:
        return [absent(facts, "sources")]
    hits = [source for source in facts.sources if in_alarm(source)]
    return [counted([_source(source) for source in hits])]


def _source(source: SourceFact) -> Evidence:
    return Evidence(say("source_evidence", title=source.title, what=result_word(source)), at=source.last_success)


def result_word(source: SourceFact) -> str:
    """What the last look brought, in Chinese."""
    return say(f"sync_{source.result}" if source.result else "sync_never")


def second_checks_open(facts: DayFacts, _window: timedelta) -> Sequence[Reading]:
    """Emergency publications, withdrawals and holds without a second person's check."""
    if facts.second_checks is None:
        return [absent(facts, "second_checks")]
    hits = [check for check in facts.second_checks if not check.checked_by]
    return [counted([_unchecked(check, facts) for check in hits])]


def _unchecked(check: SecondCheckFact, facts: DayFacts) -> Evidence:
    text = say("second_check_evidence", what=check.what, title=check.title, at=moment(check.at, facts.as_of))
    return Evidence(text, check.link, check.at)


def in_time(problem: ProblemFact, facts: DayFacts) -> bool | None:
    """Whether a problem was repaired by its deadline; None while that is open."""
    if problem.fixed_at is not None and problem.fixed_at <= facts.as_of:
        return problem.deadline is None or problem.fixed_at <= problem.deadline
    return False if problem.deadline is not None and facts.as_of > problem.deadline else None


def repairs_in_time_share(facts: DayFacts, window: timedelta) -> Sequence[Reading]:
    """Percent repaired in time of the window's problems that are repaired or past their deadline."""
    if facts.problems is None:
        return [absent(facts, "problems")]
    current = [p for p in facts.problems if (p.deadline or p.opened_at) > facts.as_of - window]
    settled = [(p, fine) for p in current if (fine := in_time(p, facts)) is not None]
    if not settled:
        return [Reading(None, why=say("no_problem_due"))]
    tardy = [Evidence(p.title, at=p.opened_at) for p, fine in settled if not fine]
    return [Reading(share(len(settled) - len(tardy), len(settled)), shown(tardy))]


def messages_unanswered(facts: DayFacts, window: timedelta) -> Sequence[Reading]:
    """Valid messages that were received before the window and are still unanswered."""
    interaction = facts.interaction or InteractionFacts()
    if interaction.open_since is None:
        return [absent(facts, "interaction.open_since")]
    old = sorted(since for since in interaction.open_since if since <= facts.as_of - window)
    return [counted([Evidence(say("message_evidence", at=moment(since, facts.as_of)), at=since) for since in old])]


def _figure(field: str) -> Instrument:
    def instrument(facts: DayFacts, _window: timedelta) -> Sequence[Reading]:
        value = getattr(facts.interaction or InteractionFacts(), field)
        return [absent(facts, f"interaction.{field}") if value is None else Reading(float(value))]

    return instrument


WORK: Mapping[str, Instrument] = MappingProxyType(
    {
        "reprints_missing": reprints_missing,
        "reprints_on_time_share": reprints_on_time_share,
        "longest_reprint_lag_hours": longest_reprint_lag_hours,
        "reprints_compliant_share": reprints_compliant_share,
        "sources_in_alarm": sources_in_alarm,
        "second_checks_open": second_checks_open,
        "repairs_in_time_share": repairs_in_time_share,
        "messages_unanswered": messages_unanswered,
        "error_reports_late": _figure("error_reports_late"),
        "satisfaction_share": _figure("satisfaction"),
        "surveys_in_year": _figure("surveys_in_year"),
    }
)
