from __future__ import annotations

import math
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.errors import UsageError
from syndicate.inspection.judge import OPERATORS, judge, verdict
from syndicate.model.inspection import Indicator, Judgement, Level, Measurement, Standing

WEEK = timedelta(days=7)
GRAVITY = {Standing.FULFILLED: 0, Standing.WARNING: 1, Standing.BREACHED: 2}
FIGURES = st.floats(allow_nan=False)


def indicator(**changes: object) -> Indicator:
    values: dict[str, object] = {
        "id": "X1", "title": "示例", "scope": "website", "level": Level.VETO, "measure": "m", "operator": ">=",
        "threshold": 5.0, "window": WEEK, "basis": "示例", "confidence": "C", "enforced": True, "fix": "示例", "warn": 3.0,
    }  # fmt: skip
    return Indicator(**(values | changes))  # type: ignore[arg-type]


def standing(value: float | None, **changes: object) -> Standing:
    (judgement,) = judge([Measurement("m", value, "%", window=WEEK)], [indicator(**changes)])
    return judgement.standing


@given(st.lists(st.one_of(st.none(), st.floats())), st.sampled_from(sorted(OPERATORS)), FIGURES, st.none() | FIGURES)
def test_judging_is_total(values: list[float | None], operator: str, threshold: float, warn: float | None) -> None:
    measurements = [Measurement("m", value, "%") for value in values]
    judgements = judge(measurements, [indicator(operator=operator, threshold=threshold, warn=warn)])
    assert len(judgements) == max(1, len(values))


@given(FIGURES, FIGURES, st.sampled_from(sorted(OPERATORS)), FIGURES, st.none() | FIGURES)
def test_judging_is_monotone(one: float, other: float, operator: str, threshold: float, warn: float | None) -> None:
    low, high = sorted((one, other))
    better, worse = (low, high) if operator.startswith(">") else (high, low)
    settings = {"operator": operator, "threshold": threshold, "warn": warn}
    assert GRAVITY[standing(better, **settings)] <= GRAVITY[standing(worse, **settings)]


@given(st.lists(st.sampled_from(list(Standing))), st.sampled_from(list(Standing)), st.sampled_from(list(Level)))
def test_a_further_breach_never_improves_the_verdict(known: list[Standing], more: Standing, level: Level) -> None:
    order = [Standing.NOT_MEASURED, Standing.FULFILLED, Standing.WARNING, Standing.BREACHED]
    before = [Judgement(indicator(), Measurement("m", 1, ""), found) for found in known]
    after = [*before, Judgement(indicator(level=level), Measurement("m", 1, ""), more)]
    assert order.index(verdict(before)) <= order.index(verdict(after))


@pytest.mark.parametrize(
    ("operator", "on_the_line"), [(">=", "breached"), (">", "warning"), ("<=", "breached"), ("<", "warning")]
)
def test_the_line_itself_belongs_to_the_breach_only_where_the_operator_says_so(operator: str, on_the_line: str) -> None:
    assert standing(5, operator=operator, warn=3.0 if operator.startswith(">") else 7.0) == on_the_line


def test_without_a_warning_value_there_is_no_warning() -> None:
    assert standing(4.9, warn=None) is Standing.FULFILLED


def test_an_indicator_without_measurement_is_not_measured_and_says_why() -> None:
    (judgement,) = judge([], [indicator()])
    assert (judgement.standing, judgement.measurement.why) == (Standing.NOT_MEASURED, "软件没有这项测量")


def test_a_measurement_of_another_window_does_not_fit() -> None:
    (judgement,) = judge([Measurement("m", 9, "%", window=timedelta(days=1))], [indicator()])
    assert judgement.standing is Standing.NOT_MEASURED


def test_a_measurement_without_window_fits_every_one() -> None:
    (judgement,) = judge([Measurement("m", 9, "%")], [indicator()])
    assert judgement.standing is Standing.BREACHED


def test_every_account_is_judged_by_itself() -> None:
    judgements = judge(
        [Measurement("m", value, "天", subject=name) for name, value in (("甲", 9), ("乙", 1))], [indicator()]
    )
    assert [(j.measurement.subject, j.standing.value) for j in judgements] == [("甲", "breached"), ("乙", "fulfilled")]


def test_a_value_that_is_no_number_is_not_measured() -> None:
    (judgement,) = judge([Measurement("m", math.nan, "%", window=WEEK)], [indicator()])
    assert (judgement.standing, judgement.measurement.value) == (Standing.NOT_MEASURED, None)


@pytest.mark.parametrize("changes", [{"enforced": False}, {"confidence": "U"}])
def test_what_is_switched_off_or_unconfirmed_is_never_judged(changes: dict[str, object]) -> None:
    assert standing(99, **changes) is Standing.NOT_ENFORCED


def test_an_unknown_comparison_is_refused_with_advice() -> None:
    with pytest.raises(UsageError, match="改为"):
        standing(1, operator="==")


def judged(level: Level, found: Standing) -> Judgement:
    return Judgement(indicator(level=level), Measurement("m", 1, ""), found)


@pytest.mark.parametrize(
    ("level", "found", "expected"),
    [
        (Level.VETO, Standing.BREACHED, Standing.BREACHED),
        (Level.TARGET, Standing.BREACHED, Standing.WARNING),
        (Level.VETO, Standing.WARNING, Standing.WARNING),
        (Level.VETO, Standing.FULFILLED, Standing.FULFILLED),
        (Level.TARGET, Standing.FULFILLED, Standing.NOT_MEASURED),
        (Level.VETO, Standing.NOT_MEASURED, Standing.NOT_MEASURED),
        (Level.VETO, Standing.NOT_ENFORCED, Standing.NOT_MEASURED),
    ],
)
def test_the_verdict_of_a_single_judgement(level: Level, found: Standing, expected: Standing) -> None:
    assert verdict([judged(level, found)]) is expected
