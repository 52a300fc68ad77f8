"""Noise control: exceptions taken out, rules that are wrong too often made hints. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from syndicate.model.finding import Finding, Severity
from syndicate.model.noise import FindingException, Precision

DECISIONS = 30
"""So many decisions on a rule count, the newest ones; before there are as many no rule is demoted."""
LEAST_PRECISION = 0.6


def without_exceptions(
    findings: Iterable[Finding], exceptions: Iterable[FindingException], *, item: int, column: str, day: date
) -> tuple[Finding, ...]:
    """The findings that no exception covers for an item of that column at that day."""
    excepted = {(one.rule, one.text) for one in exceptions if one.holds(item, column, day)}
    return tuple(finding for finding in findings if (finding.rule, finding.text) not in excepted)


def demoted_rules(precisions: Iterable[Precision]) -> frozenset[str]:
    """The rules that editors found wrong too often."""
    return frozenset(one.rule for one in precisions if one.decisions >= DECISIONS and one.share < LEAST_PRECISION)


def demoted(findings: Iterable[Finding], rules: frozenset[str]) -> tuple[Finding, ...]:
    """The findings, those of demoted rules as hints."""
    return tuple(one._replace(severity=Severity.HINT) if one.rule in rules else one for one in findings)
