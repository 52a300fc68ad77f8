"""The monitor as a whole."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.errors import ConfigurationError
from syndicate.model.finding import Severity
from syndicate.monitor import bounds
from syndicate.monitor import monitor as monitor_module
from syndicate.monitor import words as words_module
from syndicate.monitor.compile import compile_monitor
from syndicate.monitor.tables import Tables
from syndicate.monitor.view import Hit
from tests.monitor.rule_making import check, row, rule, shipped

_SHIPPED = shipped()


def test_findings_come_in_order_and_each_once() -> None:
    findings = check([rule("existence", words=["乙", "甲"]), rule("regex", id="b.rule", pattern="甲")], "乙甲")
    assert [(finding.start, finding.rule) for finding in findings] == [(0, "a.rule"), (1, "a.rule"), (1, "b.rule")]


def test_a_finding_names_its_place_and_part() -> None:
    [finding] = compile_monitor([rule("existence", words=["乙"])], []).check(
        "甲\n乙", markup=False, day=None, part="title"
    )
    assert (finding.place, finding.part) == ("第 2 行第 1 字", "title")


def test_a_long_find_is_shown_shortened() -> None:
    [finding] = check(rule("regex", pattern="x+"), "x" * 500)
    assert len(finding.text) == 121


def test_too_many_findings_are_counted_instead_of_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monitor_module, "MOST_FINDINGS", 3)
    findings = check(rule("existence", words=["甲"]), "甲" * 10)
    assert len(findings) == 4
    assert findings[-1].severity is Severity.BLOCK
    assert "10" in findings[-1].message


def test_of_one_rule_so_many_are_told_and_one_finding_stands_for_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST_OF_A_RULE", 3)
    monkeypatch.setattr(monitor_module, "MOST_OF_A_RULE", 3)
    findings = check([rule("regex", pattern="甲"), rule("regex", id="b.rule", pattern="乙")], "甲" * 5 + "乙" * 3)
    assert [(one.rule, one.start, one.end) for one in findings] == [
        ("a.rule", 0, 1),
        ("a.rule", 1, 2),
        ("a.rule", 2, 3),
        ("a.rule", 3, 3),
        ("b.rule", 5, 6),
        ("b.rule", 6, 7),
        ("b.rule", 7, 8),
    ]
    assert "共有 5 处" in findings[3].message
    assert "5 places" in findings[3].message_en


def test_the_words_of_a_lexicon_are_told_up_to_the_same_number(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (bounds, words_module, monitor_module):
        monkeypatch.setattr(module, "MOST_OF_A_RULE", 2)
    words = rule("lexicon", severities={"typo": "block", "mild": "hint"})
    rows = [row("甲", "子"), row("乙", "丑", category="mild")]
    findings = check([words, rule("existence", id="b.rule", words=["丙"])], "乙乙乙甲丙乙", *rows)
    assert [(one.start, one.end, one.severity) for one in findings] == [
        (0, 1, Severity.HINT),
        (1, 2, Severity.HINT),
        (2, 2, Severity.BLOCK),
        (4, 5, Severity.BLOCK),
    ]
    assert "共有 5 处" in findings[2].message


def test_the_finding_that_stands_for_the_rest_is_as_grave_as_the_gravest_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bounds, "MOST_OF_A_RULE", 2)
    hits = [Hit(rule("regex"), at, at + 1, severity=Severity.HINT) for at in range(4)]
    assert [hit.severity for hit in bounds.bounded(hits)][-1] is Severity.HINT
    assert [hit.severity for hit in bounds.bounded([*hits, Hit(rule("regex"), 9, 10)])][-1] is Severity.BLOCK


def test_as_many_as_are_told_are_told_without_a_word() -> None:
    assert len(check(rule("existence", words=["甲"]), "甲" * bounds.MOST_OF_A_RULE)) == bounds.MOST_OF_A_RULE


def test_a_rule_is_asked_only_where_one_of_its_literals_stands() -> None:
    [finding] = check(rule("regex", pattern="甲.", literals=["甲乙", "甲丙"]), "甲丙")
    assert finding.text == "甲丙"
    assert check(rule("regex", pattern="甲.", literals=["甲乙", "甲丙"]), "甲丁") == ()


def test_an_example_that_the_literals_of_a_rule_keep_away_is_a_mistake() -> None:
    with pytest.raises(ConfigurationError):
        compile_monitor([rule("regex", pattern="甲", literals=["乙"], bad=("甲",))], [])


def test_a_text_without_findings_gives_none() -> None:
    assert check(rule("existence", words=["甲"]), "") == ()


def test_the_hash_changes_with_rules_and_rows_but_not_with_their_order_or_place() -> None:
    one, two = rule("existence", words=["x"]), rule("lexicon", id="b.rule", severities={"typo": "block"})
    typo = row("a", "b")
    known = compile_monitor([one, two], [typo]).hash
    assert compile_monitor([two, one], [typo]).hash == known
    assert compile_monitor([rule("existence", words=["x"], where="z:1"), two], [typo]).hash == known
    assert compile_monitor([rule("existence", words=["y"]), two], [typo]).hash != known
    assert compile_monitor([one, two], [row("a", "c")]).hash != known


def test_lines_with_cells_make_tables_with_their_head() -> None:
    text = "名单\n姓名\t手机\n张某\t1\n\n李某\t2\n说明\n甲　　乙"
    tables = Tables(text)
    table = tables.around(text.index("李某"))
    assert table is not None
    assert table.head.startswith("名单\n姓名")
    assert tables.around(text.index("说明")) is None
    assert tables.around(0) is None
    assert tables.around(len(text) - 1) is not None


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.booleans(), st.none() | st.dates())
def test_any_text_is_checked_and_every_finding_lies_in_it(source: str, markup: bool, day: date | None) -> None:
    for finding in _SHIPPED.check(source, markup=markup, day=day):
        assert 0 <= finding.start <= finding.end <= len(source)
        assert finding.message


_PIECES = [
    "（", "）", "“", "”", "《", "》", "〔", "】", "的", "是", "一、", "（一）", "1.", "\n", "\n\n", "\t", "|", " ", "　", ",", "，", "。", "2024年", "2月30日", "（周五）", "至",
    "13800000000", "11010519491231002X", "[2019]7号", "国办发", "布署", "布<b>署", "&amp;", "<p>", "</td><td>", "\u200b", "\ud800", "𠀀", "顯",
]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=40), st.booleans())
def test_anything_built_from_what_rules_look_for_is_checked(pieces: list[str], markup: bool) -> None:
    source = "".join(pieces)
    for finding in _SHIPPED.check(source, markup=markup, day=date(2024, 6, 3)):
        assert 0 <= finding.start <= finding.end <= len(source)
        assert "13800000000" not in finding.text
        assert "11010519491231002X" not in finding.text


@pytest.mark.parametrize(
    "piece",
    [
        "“",
        "（",
        "）",
        "《》",
        "的",
        "1 ",
        "1-",
        "\t1.",
        "\n1.",
        "2024年",
        "布署",
        "1月",
        "(甲",
        "x@",
        "发〔",
        "[2",
        "　x",
        "一",
    ],
)
@pytest.mark.parametrize("markup", [False, True])
def test_hostile_repetition_costs_no_more_than_its_length(piece: str, markup: bool) -> None:
    source = piece * (10_000 // len(piece))
    begun = time.monotonic()
    _SHIPPED.check(source, markup=markup, day=date(2024, 6, 3))
    assert time.monotonic() - begun < 10
