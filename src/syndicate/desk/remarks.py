"""批注: a reviewer's remarks on passages, marked in the text like findings and listed beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from syndicate.desk.marks import Place
from syndicate.model.finding import Finding, Severity
from syndicate.model.review import PassageComment, Verdict
from syndicate.records.values import DecisionRecord


@dataclass(frozen=True)
class Noted:
    """One remark with the number it is marked with, who made it and when."""

    place: Place
    comment: PassageComment
    actor: str
    at: datetime


def noted(decisions: Iterable[DecisionRecord], first: int) -> tuple[Noted, ...]:
    """The remarks of the newest return among the decisions on one revision, numbered from `first`."""
    returns = [one for one in decisions if one.verdict is Verdict.RETURN]
    if not returns:
        return ()
    last = returns[-1]
    return tuple(
        Noted(_place(number, comment), comment, last.actor, last.at)
        for number, comment in enumerate(last.comments, start=first)
    )


def places_with(places: Sequence[Place], decisions: Iterable[DecisionRecord]) -> tuple[Place, ...]:
    """The findings' places and behind them those of the remarks."""
    return (*places, *(one.place for one in noted(decisions, len(places) + 1)))


def _place(number: int, comment: PassageComment) -> Place:
    finding = Finding(
        rule="review.remark",
        severity=Severity.CONFIRM,
        start=comment.start,
        end=comment.end,
        text=comment.quote,
        message=comment.text,
        suggestion=None,
        basis="",
        part=comment.part,
    )
    return Place(number, finding, gettext("批注"))
