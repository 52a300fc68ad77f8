from __future__ import annotations

import json
import re
from dataclasses import replace

import html5lib
import pytest

from syndicate.errors import ConfigurationError
from syndicate.inspection.html import SYMBOLS, to_html, to_json
from syndicate.model import facts as f
from syndicate.model.finding import Severity
from syndicate.model.inspection import Indicator, Standing
from tests.inspection.sample_day import ago, facts
from tests.inspection.write_golden import GOLDEN, report_of


def test_the_html_of_the_invented_day_is_the_golden_one(index: tuple[Indicator, ...], template: str) -> None:
    assert to_html(report_of(facts(), index), template) == (GOLDEN / "2026-03-05.html").read_text("utf-8")


def test_the_json_of_the_invented_day_is_the_golden_one(index: tuple[Indicator, ...]) -> None:
    assert to_json(report_of(facts(), index)) + "\n" == (GOLDEN / "2026-03-05.json").read_text("utf-8")


def test_the_page_is_valid_html(index: tuple[Indicator, ...], template: str) -> None:
    html5lib.HTMLParser(strict=True).parse(to_html(report_of(facts(), index), template))


def test_the_page_is_self_contained(index: tuple[Indicator, ...], template: str) -> None:
    assert not re.search(
        r"<(script|img|link|iframe|object)|url\(|@import", to_html(report_of(facts(), index), template)
    )


def test_a_sample_says_so(index: tuple[Indicator, ...], template: str) -> None:
    assert "样例：本报告由演示数据生成" in to_html(report_of(facts(), index), template)


def test_a_real_report_carries_no_sample_banner(index: tuple[Indicator, ...], template: str) -> None:
    assert "样例：" not in to_html(report_of(facts(sample=False), index), template)


@pytest.mark.parametrize("standing", Standing)
def test_every_standing_has_a_shape_of_its_own(standing: Standing) -> None:
    assert [shape for other, shape in SYMBOLS.items() if shape == SYMBOLS[standing] and other is not standing] == []


def test_every_marked_row_carries_the_shape_besides_the_colour(index: tuple[Indicator, ...], template: str) -> None:
    page = to_html(report_of(facts(), index), template)
    rows = re.findall(r'<tr class="(\w+)"><td class="mark">(.)</td>', page)
    assert len(rows) == len(re.findall(r'<tr class="(?:breached|warning|fulfilled|not_measured)">', page))
    assert all(SYMBOLS[Standing(name)] == shape for name, shape in rows)


HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


def test_foreign_text_stays_text(index: tuple[Indicator, ...], template: str) -> None:
    day = facts(
        office=HOSTILE,
        site_name=HOSTILE,
        site_url="javascript:alert(1)",
        findings=(f.FindingFact(HOSTILE, Severity.BLOCK, HOSTILE, HOSTILE, HOSTILE, HOSTILE, f"javascript:{HOSTILE}"),),
        sources=(f.SourceFact("x", HOSTILE, None, note=HOSTILE),),
        tasks=(f.TaskFact(HOSTILE, HOSTILE, ago(1), link=f"https://a.example/{HOSTILE}"),),
        reasons={"site": HOSTILE},
    )
    page = to_html(report_of(day, index), template)
    assert not re.search(r"<script|<img|href=\"javascript", page)


def test_braces_in_foreign_text_are_not_read_as_template(index: tuple[Indicator, ...], template: str) -> None:
    page = to_html(report_of(facts(office="{{ 7 * 7 }}{office.__class__}"), index), template)
    assert "{{ 7 * 7 }}{office.__class__}" in page


@pytest.mark.parametrize(
    ("broken", "line"),
    [
        ("好\n{% if %}", 2),
        ("好\n\n{{ nobody }}", 3),
        ("{{ report.office / 2 }}", 1),
        ("{{ 1 // 0 }}", 1),
        ("{{ report.__class__.__mro__ }}", 1),
        ("{{ ''.join(1) }}", 1),
    ],
)
def test_a_broken_template_names_its_line(broken: str, line: int, index: tuple[Indicator, ...]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        to_html(report_of(facts(), index), broken)
    assert caught.value.problems[0].line == line
    assert "日报模板无法使用" in str(caught.value)


def test_json_holds_every_section_and_the_verdict(index: tuple[Indicator, ...]) -> None:
    document = json.loads(to_json(report_of(facts(), index)))
    assert (document["standing"], len(document["sections"])) == ("breached", 13)


def test_a_day_with_five_hundred_findings_is_complete(index: tuple[Indicator, ...], template: str) -> None:
    finding = f.FindingFact("r", Severity.CONFIRM, "示例", "示例", "示例")
    findings = tuple(replace(finding, title=f"稿件{n}") for n in range(500))
    assert "稿件499" in to_html(report_of(facts(findings=findings), index), template)
