"""Characters, words and phrases written twice, and the classes of what is doubled rightly."""

from __future__ import annotations

import pytest

from syndicate.model.finding import Finding, Severity
from syndicate.model.reference import References, Vocabulary
from syndicate.monitor.compile import compile_monitor
from syndicate.monitor.kinds.repeat import clauses
from tests.monitor.rule_making import rule

WORDS = "目的 了解 为了 天天 企业 创业 创新 申请 申请人 人民 集装箱 出租车 绿油油 对口 进行 进出 工作 办公室 构建 中小企业 职工 作业"
VOCABULARY = Vocabulary(words=frozenset(WORDS.split()), surnames=frozenset({"王", "欧阳"}))
REPEAT = rule("repeat", particles="的是对了", verbs=["研究"], numerals="一两", posts=["主任"])


def check(text: str, *, markup: bool = False) -> tuple[Finding, ...]:
    monitor = compile_monitor([REPEAT], [], References(vocabulary=VOCABULARY))
    return monitor.check(text, markup=markup, day=None)


def repeats(text: str, *, markup: bool = False) -> list[tuple[str, str | None]]:
    return [(one.text, one.suggestion) for one in check(text, markup=markup)]


@pytest.mark.parametrize(
    "doubled", ["的的", "是是", "进行进行", "各项各项", "高质量高质量", "申请人申请人", "目的目的", "进行进行进行进行"]
)
def test_what_is_written_twice_is_found_with_its_single_form(doubled: str) -> None:
    assert repeats(f"应当{doubled}，") == [(doubled, doubled[: len(doubled) // 2])]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("天天向上", id="a known word"),
        pytest.param("绿油油的田", id="a word of the form ABB"),
        pytest.param("家家户户", id="both characters of a word"),
        pytest.param("为了了解情况", id="two words meet"),
        pytest.param("实现目的的活动", id="a word and a particle meet"),
        pytest.param("要对对口支援", id="a particle and a word meet"),
        pytest.param("再研究研究", id="a verb of trying"),
        pytest.param("一件一件落实", id="numerals"),
        pytest.param("二〇二二年", id="digits of a year"),
        pytest.param("王芳芳参加", id="a name"),
        pytest.param("欧阳芳芳参加", id="a name with a surname of two characters"),
        pytest.param("办公室办公室主任", id="a body and a post in it"),
        pytest.param("港口集装箱装箱作业", id="a longer word before"),
        pytest.param("长期出租出租车的", id="a longer word behind"),
        pytest.param("中小企业创业创新", id="the doubling is no word and cuts two"),
        pytest.param("再审申请人申请人民法院鉴定", id="the last character begins another word"),
        pytest.param("管理的航道的航道保护", id="attributes in a row"),
        pytest.param("哈哈哈哈", id="one character again and again"),
        pytest.param("123123", id="no Chinese characters"),
        pytest.param("是\n是", id="two lines"),
        pytest.param("进行 进行", id="a blank between"),
    ],
)
def test_what_is_doubled_rightly_is_left_alone(text: str) -> None:
    assert repeats(text) == []


def test_a_single_character_that_may_be_a_name_is_a_hint() -> None:
    assert [one.severity for one in check("路段畅畅通")] == [Severity.HINT]
    assert [one.severity for one in check("路段的的通")] == [Severity.BLOCK]


def test_a_particle_behind_a_surname_is_no_name() -> None:
    assert repeats("姓王的的人") == [("的的", "的")]


def test_a_known_word_written_twice_is_found_though_words_lie_across_its_edges() -> None:
    assert repeats("职工作工作业") == [("工作工作", "工作")]


def test_two_characters_before_a_post_are_no_body() -> None:
    assert repeats("干部干部主任") == [("干部干部", "干部")]


def test_repeats_are_found_beside_characters_beyond_the_basic_plane() -> None:
    assert repeats("𠀀进行进行") == [("进行进行", "进行")]


def test_without_a_vocabulary_doublings_are_found_all_the_same() -> None:
    [one] = compile_monitor([rule("repeat", particles="的")], []).check("的的", markup=False, day=None)
    assert one.text == "的的"


@pytest.mark.parametrize(
    "text", ["形成工作合力，形成工作合力。", "要求：形成合力，形成合力，完成", "压实责任，压实责任"]
)
def test_a_clause_that_stands_again_behind_its_comma_is_found(text: str) -> None:
    [(found, right)] = repeats(text)
    assert found == f"{right}，{right}"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("加油，加油", id="short"),
        pytest.param("一要形成合力，形成合力", id="the end of a longer clause"),
        pytest.param("加强学习，加强学习型组织", id="the beginning of a longer one"),
        pytest.param("abcd，abcd", id="no Chinese"),
        pytest.param("，，，，", id="commas"),
        pytest.param("形成合力。形成合力", id="another sentence"),
        pytest.param("甲" * 21 + "，" + "甲" * 21, id="too long"),
    ],
)
def test_other_clauses_are_left_alone(text: str) -> None:
    assert list(clauses(text)) == []
