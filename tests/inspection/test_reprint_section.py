"""Section 7: how long reprints take, whether they are the same, and the three that an inspector would pick; evidence; targets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from syndicate.inspection.judge import judge
from syndicate.inspection.measure import measure
from syndicate.inspection.report import compose
from syndicate.inspection.sections_reprints import COMPARED, reprints, sample
from syndicate.model import facts as f
from syndicate.model.inspection import Indicator, Level, Report, Section, Standing, Table
from syndicate.model.period import Span
from tests.inspection.sample_day import AS_OF, HOUR, ago, facts

WEBSITE = f.ChannelFact("website", "县政府网站", "website")


def fact(number: int, taken: float | None = 4, mismatches: tuple[str, ...] | None = ()) -> f.ReprintFact:
    at = {} if taken is None else {"website": ago(hours=20 - taken)}
    url = f"https://p.example/{number}"
    return f.ReprintFact(
        f"通知{number}", "示例省网", ago(hours=20), ago(hours=8), at, source_url=url, mismatches=mismatches
    )


def section(*duty: f.ReprintFact) -> Section:
    return reprints(facts(reprints=duty, channels=(WEBSITE,)))


def table_of(where: Section, title: str) -> Table:
    return next(one for one in where.tables if one.title.startswith(title))


def test_the_usual_time_is_the_median_of_what_is_out() -> None:
    told = section(fact(1, 2), fact(2, 4), fact(3, 11), fact(4, None)).sentences[1]
    assert "中位数 4 小时" in told


def test_what_is_the_same_is_counted_among_what_could_be_compared() -> None:
    told = section(fact(1), fact(2, mismatches=("附件",)), fact(3, mismatches=None)).sentences[1]
    assert "核对的 2 条中" in told
    assert "一致的 1 条" in told
    assert "1 条未能核对" in told


def test_where_nothing_is_out_nothing_is_said_of_it() -> None:
    assert not [text for text in section(fact(1, None)).sentences if "中位数" in text]


def test_three_are_picked_of_many_and_all_of_few() -> None:
    many = tuple(fact(number) for number in range(20))
    assert [len(sample(many, facts())), len(sample(many[:2], facts()))] == [3, 2]


def test_the_lot_of_a_day_falls_the_same_again_whatever_the_order() -> None:
    many = tuple(fact(number) for number in range(20))
    assert sample(many, facts()) == sample(tuple(reversed(many)), facts())


def test_another_day_has_another_lot() -> None:
    many = tuple(fact(number) for number in range(20))
    days = (facts(day=date(2026, 3, number)) for number in range(1, 11))
    lots = {tuple(one.title for one in sample(many, day)) for day in days}
    assert len(lots) > 5


def test_each_of_the_five_things_has_its_own_cell() -> None:
    (row,) = table_of(section(fact(1, mismatches=("来源", "附件"))), "抽查").rows
    assert row.cells[-5:] == ("一致", "不一致", "一致", "一致", "不一致")
    assert (row.standing, len(COMPARED)) == (Standing.WARNING, 5)


def test_what_was_not_compared_says_so_in_each_cell() -> None:
    (row,) = table_of(section(fact(1, mismatches=None)), "抽查").rows
    assert row.cells[-5:] == ("未比对",) * 5


def test_a_reprint_that_is_in_time_and_the_same_is_fine() -> None:
    (row,) = table_of(section(fact(1)), "抽查").rows
    assert row.standing is Standing.FULFILLED


def report(index: tuple[Indicator, ...], **changes: object) -> Report:
    day = facts(**changes)
    return compose(day, judge(measure(day, index), index))


def sources_of(told: Report) -> Section:
    return next(one for one in told.sections if one.title == "数据口径与来源")


def test_the_evidence_of_an_alarm_has_address_time_hash_rule_and_remedy(index: tuple[Indicator, ...]) -> None:
    page = f.PageFact("https://www.example.gov.cn/a.html", ("被改动",), ago(hours=2), "ab" * 32)
    told = report(index, site=f.SiteFacts(tampered=(page,)))
    rows = table_of(sources_of(told), "预警和触发指标的证据").rows
    (row,) = [one for one in rows if one.cells[0] == "W1-4"]
    assert row.cells[2:5] == (page.url, "2026-03-05 22:00", ("ab" * 32)[:16])
    assert row.cells[5].startswith("国办秘函")
    assert row.link == page.url


def test_what_can_not_be_looked_up_is_no_evidence(index: tuple[Indicator, ...]) -> None:
    told = report(index)
    rows = table_of(sources_of(told), "预警和触发指标的证据").rows
    assert all(row.cells[2] != "—" or row.cells[3] != "—" for row in rows)


@pytest.mark.parametrize(("span", "word"), [(Span.DAY, "近30日"), (Span.MONTH, "本月")])
def test_the_targets_of_the_period_stand_in_the_conclusion(index: tuple[Indicator, ...], span: Span, word: str) -> None:
    target = next(one for one in index if one.id == "T1")
    looks = tuple(f.ProbeFact(AS_OF - number * HOUR, number != 5, 0.5) for number in range(1, 101))
    window = replace(target, window=timedelta(days=30))
    judged = judge(measure(facts(probes=looks), [window]), [window])
    (row,) = table_of(report(index, targets=judged, span=span).sections[0], f"本单位目标（{word}）").rows
    assert (row.cells[0], row.cells[2], row.cells[4]) == ("T1", "99%", "未达标")
    assert target.level is Level.TARGET
