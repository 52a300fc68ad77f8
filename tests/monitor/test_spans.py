"""Recognised spans, and rules that require or exclude them."""

from __future__ import annotations

import pytest

from syndicate.errors import ConfigurationError
from syndicate.monitor.spans import spans_of
from tests.monitor.rule_making import found, rule


@pytest.mark.parametrize(
    ("name", "text", "span"),
    [
        ("title", "见《甲〈乙〉丙》。", "《甲〈乙〉丙》"),
        ("address", "见http://a.example/b。", "http://a.example/b"),
        ("document_number", "，示政办发〔2024〕3号。", "示政办发〔2024〕3号"),
        ("date", "于2024年5月1日召开", "2024年5月1日"),
        ("date", "二〇二四年五月一日", "二〇二四年五月一日"),
        ("money", "共1,234.5万元", "1,234.5万元"),
        ("percentage", "增长5.2%", "5.2%"),
        ("phone", "电话0376-2189547。", "0376-2189547"),
        ("id_number", "号码110105194912310021。", "110105194912310021"),
        ("quotation", "称“一带一路”。", "“一带一路”"),
        ("person", "县长张示例出席", "县长张示例"),
    ],
)
def test_a_span_is_recognised_whole(name: str, text: str, span: str) -> None:
    assert [text[start:end] for start, end in spans_of(name, text).all()] == [span]


def test_a_rule_may_exclude_spans() -> None:
    made = rule("regex", pattern="甲", outside=["quotation", "title"])
    assert found(made, "“甲”《甲》") == []
    assert len(found(made, "甲“甲”")) == 1


def test_a_rule_may_require_a_span() -> None:
    made = rule("regex", pattern="5", inside=["money"])
    assert found(made, "5人") == []
    assert len(found(made, "5元")) == 1


def test_an_unknown_span_is_a_mistake_of_the_rule() -> None:
    with pytest.raises(ConfigurationError, match="quotation"):
        found(rule("regex", pattern="甲", inside=["poem"]), "")
