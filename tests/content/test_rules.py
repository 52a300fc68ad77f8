"""The shipped rules and lexicon: they compile, prove themselves, and every row can be believed."""

from __future__ import annotations

from datetime import date

import pytest

from syndicate.config.load import load_monitor
from syndicate.model.rule import LexiconMode
from syndicate.monitor.compile import KINDS, compile_monitor
from tests.monitor.rule_making import ROOT

RULES, ROWS, REFERENCES = load_monitor(ROOT)
MONITOR = compile_monitor(RULES, ROWS, REFERENCES)


def test_every_rule_proves_itself_by_examples() -> None:
    # What depends on the office's table of people, or on what patrol found out, no example text can prove.
    assert [rule.id for rule in RULES if not rule.bad and rule.kind not in ("people", "link")] == []


def test_every_rule_has_a_basis_and_both_languages() -> None:
    assert [rule.id for rule in RULES if not (rule.basis and rule.message and rule.message_en)] == []


def test_every_kind_is_used() -> None:
    assert {rule.kind for rule in RULES} == set(KINDS)


def test_every_row_has_a_basis() -> None:
    assert [row.wrong for row in ROWS if not row.basis] == []


def test_every_row_that_is_an_error_is_found_where_it_stands_alone() -> None:
    missed = []
    for row in ROWS:
        day = row.valid_from or row.valid_to or date(2024, 6, 3)
        findings = MONITOR.check(f"。{row.wrong}。", markup=False, day=day)
        if not any(finding.start <= 1 and finding.end >= 1 + len(row.wrong) for finding in findings):
            missed.append(row.wrong)
    assert missed == []


def test_no_right_form_is_a_wrong_one() -> None:
    wrong = []
    for row in ROWS:
        if row.mode in (LexiconMode.HINT, LexiconMode.DATED):
            continue
        findings = MONITOR.check(f"，{row.right}，", markup=False, day=date(2024, 6, 3))
        wrong += [
            (row.right, finding.text)
            for finding in findings
            if finding.rule.startswith("word.") and finding.rule != "word.outdated" and finding.severity != "hint"
        ]
    assert wrong == []


@pytest.mark.parametrize(
    "text",
    [
        "自己有经验的人", "良好象征", "首批露营基地", "发布署名文章", "讲座落幕", "警犬值守", "检查院校", "接收人分配", "地方计划", "全年经济运行", "除了望江楼",
        "给予警告", "用人单位与劳动者", "部门经国务院批准", "妇幼保健设施", "评审意见", "行使名称权", "内蒙古自治区", "朝鲜族群众",
    ],
)  # fmt: skip
def test_right_texts_that_hold_a_wrong_word_by_chance_are_left_alone(text: str) -> None:
    findings = MONITOR.check(f"{text}，", markup=False, day=date(2024, 6, 3))
    assert [finding.text for finding in findings if finding.severity != "hint"] == []
