"""Trends in the report: bars in their places, numbers in a table, gaps said, nothing by colour alone; what a print leaves out."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from syndicate.inspection.drawing import BASE, HEIGHT, WIDTH, bars
from syndicate.inspection.html import to_html
from syndicate.inspection.wording import limits
from syndicate.model import facts as f
from syndicate.model.finding import Severity
from syndicate.model.inspection import Indicator, Section
from syndicate.model.period import Period, Span, period_of
from tests.inspection.sample_day import AS_OF, TRENDS, facts
from tests.inspection.write_golden import report_of

SVG = re.compile(r"<svg.*?</svg>", re.DOTALL)
SIZES = st.lists(st.one_of(st.none(), st.floats(0, 1e9), st.integers(0, 10**6)), max_size=40)


def trends(day: f.DayFacts, index: tuple[Indicator, ...]) -> Section:
    return next(one for one in report_of(day, index).sections if one.title == "趋势")


@given(SIZES)
def test_every_bar_stays_within_its_picture(sizes: list[float | None]) -> None:
    for bar in bars([("x", size, "1") for size in sizes]):
        assert 0 <= bar.x <= bar.x + bar.width <= WIDTH + 0.1
        assert 0 <= bar.y <= bar.y + bar.height <= BASE + 0.1 <= HEIGHT


@given(SIZES)
def test_a_bar_without_a_number_is_a_gap(sizes: list[float | None]) -> None:
    drawn = bars([("x", size, "1") for size in sizes])
    assert [bar.known for bar in drawn] == [size is not None for size in sizes]
    assert all(bar.height == 0 for bar in drawn if not bar.known)


def test_a_chart_is_a_picture_that_names_and_tells_itself(index: tuple[Indicator, ...], template: str) -> None:
    pictures = SVG.findall(to_html(report_of(facts(), index), template))
    assert len(pictures) == 7
    for picture in pictures:
        root = ET.fromstring(picture)
        named = root.attrib["aria-labelledby"].split()
        texts = {one.attrib["id"]: one.text for one in root if "id" in one.attrib}
        assert root.attrib["role"] == "img"
        assert all(texts[name] for name in named)


def test_all_numbers_of_the_charts_stand_in_a_table(index: tuple[Indicator, ...]) -> None:
    section = trends(facts(), index)
    cells = {cell for row in section.tables[0].rows for cell in row.cells}
    assert {bar.text for chart in section.charts for bar in chart.bars} <= cells


def test_a_chart_says_its_highest_its_last_and_its_gaps(index: tuple[Indicator, ...]) -> None:
    down = next(chart for chart in trends(facts(), index).charts if chart.title == "首页打不开占比（%）")
    assert down.sentence == "最高 3.12（02-27），最近 3.12（03-05）。其中 1 个时段没有数据，图中留空。"


def test_a_trend_without_any_number_says_so(index: tuple[Indicator, ...]) -> None:
    quiet = tuple(replace(point, probes=0) for point in TRENDS)
    down = next(c for c in trends(facts(trends=quiet), index).charts if c.title == "首页打不开占比（%）")
    assert down.sentence == "期内没有数据。"


def test_what_was_not_kept_is_said(index: tuple[Indicator, ...]) -> None:
    report = report_of(facts(trends=None, departments=None), index)
    missing = {one.title: one.not_measured for one in report.sections}
    assert missing["趋势"]
    assert missing["部门与人员"]


def test_a_time_without_work_says_so(index: tuple[Indicator, ...]) -> None:
    report = report_of(facts(departments=(), people=()), index)
    assert next(one for one in report.sections if one.title == "部门与人员").sentences == ("期内没有送审和发布。",)


def test_findings_are_counted_per_submission(index: tuple[Indicator, ...]) -> None:
    section = next(one for one in report_of(facts(), index).sections if one.title == "部门与人员")
    row = next(row for row in section.tables[1].rows if row.cells[0] == "值班编辑丁")
    assert row.cells == ("值班编辑丁", "12", "7", "6", "5", "0.41", "7", "30.25")


def _of(span: Span) -> f.DayFacts:
    period: Period = period_of(span, AS_OF.date())
    return facts(span=span, day=period.first)


def test_the_title_and_the_counts_name_the_period(index: tuple[Indicator, ...]) -> None:
    named = {Span.WEEK: ("周报", "本周"), Span.MONTH: ("月报", "本月"), Span.QUARTER: ("季报", "本季度"), Span.YEAR: ("年报", "本年度")}  # fmt: skip
    for span, (title, word) in named.items():
        report = report_of(_of(span), index)
        assert report.title == f"政务信息发布与巡检{title}"
        assert report.figures[0].label == f"网站{word}发布"
        assert any(sentence.startswith(word) for sentence in report.sections[3].sentences)


def test_periods_are_written_as_people_write_them(index: tuple[Indicator, ...]) -> None:
    texts = [report_of(_of(span), index).day_text for span in Span]
    assert texts == ["2026年3月6日（星期五）", "2026年第10周（3月2日至3月8日）", "2026年3月", "2026年第1季度", "2026年"]


def test_a_longer_period_says_how_reachable_the_home_page_was_in_it(index: tuple[Indicator, ...]) -> None:
    month = replace(_of(Span.MONTH), trends=tuple(replace(point, probes_failed=2) for point in TRENDS))
    said = report_of(month, index).sections[1].sentences
    assert "本月探测首页 1440 次，打不开 10 次，占 0.69%。" in said


def test_a_print_shows_the_first_rows_and_says_how_many_more_there_are(
    index: tuple[Indicator, ...], template: str
) -> None:
    most = int(limits()["rows_per_printed_table"])
    finding = f.FindingFact("r", Severity.CONFIRM, "示例", "示例", "示例")
    report = report_of(facts(findings=tuple(replace(finding, title=f"稿件{n}号") for n in range(most + 7))), index)
    printed, page = to_html(report, template, printed=True), to_html(report, template)
    assert (f"稿件{most - 1}号" in printed, f"稿件{most}号" in printed) == (True, False)
    assert f"稿件{most + 6}号" in page
    assert f"打印版只列前 {most} 行，其余 7 行见网页版和工作簿。" in printed
