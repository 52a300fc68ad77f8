"""脱敏: no number of a person leaves in a report, wherever it was typed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from syndicate.flow.day_masking import masked
from syndicate.inspection.html import to_html, to_json
from syndicate.inspection.workbook import to_xlsx
from syndicate.model import facts as f
from syndicate.model.finding import Severity
from syndicate.model.inspection import Indicator
from tests.inspection.conftest import CONTENT, shipped_index
from tests.inspection.sample_day import ago, facts
from tests.inspection.write_golden import report_of

IDENTITY, MOBILE, CARD = "11010519491231002X", "13800138000", "6222021234567890123"
NUMBERS = (IDENTITY, MOBILE, CARD)


@pytest.fixture(scope="module")
def index() -> tuple[Indicator, ...]:
    return shipped_index()


def leaking() -> f.DayFacts:
    """A day with numbers of people in a title, an excerpt, a message, reasons, tasks, notes of sources and problems."""
    text = f"张某{IDENTITY}，电话{MOBILE}，卡号 {CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:]}"
    day = facts()
    assert day.decisions is not None
    return facts(
        findings=(f.FindingFact("typo.x", Severity.BLOCK, f"公示{text}", text, text, text, published_on=("website",)),),
        decisions=replace(day.decisions, overridden=((text, "typo.x", text),)),
        second_checks=(f.SecondCheckFact("撤回", text, "值班编辑甲", ago(hours=1)),),
        takedowns=(f.TakedownFact("撤回", text, text, ago(hours=1), 0, 1),),
        tasks=(f.TaskFact(text, text, ago(hours=1)),),
        problems=(f.ProblemFact(text, ago(1), note=text),),
        reprints=(f.ReprintFact(text, text, ago(1), ago(hours=1), {}),),
        sources=(f.SourceFact("a", text, None, note=text),),
        reasons={"interaction": text},
    )


def test_the_day_does_leak_before_it_is_masked(index: tuple[Indicator, ...]) -> None:
    said = to_json(report_of(leaking(), index))
    assert all(number in said.replace(" ", "") for number in NUMBERS)


def test_no_number_of_a_person_stands_in_the_report(index: tuple[Indicator, ...]) -> None:
    report = report_of(masked(leaking()), index)
    template = (CONTENT / "templates" / "report" / "daily.html").read_text("utf-8")
    for said in (to_json(report), to_html(report, template)):
        assert not [number for number in NUMBERS if number in said.replace(" ", "")]


def test_no_number_of_a_person_stands_in_the_workbook(index: tuple[Indicator, ...]) -> None:
    import io

    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(to_xlsx(report_of(masked(leaking()), index))))
    cells = "".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row).replace(" ", "")
    assert not [number for number in NUMBERS if number in cells]


def test_addresses_stay_as_they_are() -> None:
    address = "https://www.example.gov.cn/t20231129_1763361599041249280.html"
    day = facts(tasks=(f.TaskFact("任务", "办法", ago(1), link=address),))
    found = masked(day)
    assert found.tasks is not None
    assert found.tasks[0].link == address


def test_a_day_without_such_numbers_stays_as_it_is() -> None:
    assert masked(facts()) == facts()
