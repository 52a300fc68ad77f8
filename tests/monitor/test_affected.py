"""Which texts a change of rules, words or people can touch."""

from __future__ import annotations

from datetime import date

import pytest

from syndicate.model.reference import Division, Law, Person, References, Vocabulary
from syndicate.model.rule import LexiconEntry, RuleSpec
from syndicate.monitor.affected import Change, change, marks
from syndicate.monitor.compile import compile_monitor
from tests.monitor.rule_making import row, rule

WORDS = rule("lexicon", id="a.words", severities={"typo": "block"})
EXISTENCE = rule("existence", id="a.existence", words=["乱码"])
SLOW = rule("pairs", id="a.pairs", marks=["（）"])
NOTHING = References()


def changed(
    before: tuple[list[RuleSpec], list[LexiconEntry], References],
    now: tuple[list[RuleSpec], list[LexiconEntry], References],
) -> Change:
    old, new = compile_monitor(*before), compile_monitor(*now)
    return change(marks(old), marks(new), new.rules)


def test_nothing_changed_touches_nothing() -> None:
    same = ([WORDS, SLOW], [row("加故", "加固")], NOTHING)
    assert not changed(same, same).may_touch("加故（", ["a.words"])


def test_without_marks_everything_may_be_touched() -> None:
    assert change({}, marks(compile_monitor([SLOW], [])), [SLOW]).may_touch("", [])


def test_a_new_word_touches_what_holds_it() -> None:
    one = changed(([WORDS], [], NOTHING), ([WORDS], [row("加故", "加固")], NOTHING))
    assert [one.may_touch(text, ["a.words"]) for text in ("加故工程", "加固工程")] == [True, False]


def test_a_word_that_is_gone_or_changed_touches_what_holds_it() -> None:
    before = ([WORDS], [row("加故", "加固"), row("部暑", "部署")], NOTHING)
    one = changed(before, ([WORDS], [row("部暑", "部署。")], NOTHING))
    assert [one.may_touch(text, []) for text in ("加故", "部暑", "别的")] == [True, True, False]


def test_where_a_row_stands_does_not_matter() -> None:
    moved = LexiconEntry("加故", "加固", "typo", row("", "").mode, "词典", "other.tsv:9")
    one = changed(([WORDS], [row("加故", "加固")], NOTHING), ([WORDS], [moved], NOTHING))
    assert not one.may_touch("加故", [])


@pytest.mark.parametrize(
    ("changed_rule", "text"),
    [
        (EXISTENCE, "有乱码"),
        (rule("substitution", id="a.swap", swap={"乱码": "码"}), "有乱码"),
        (rule("regex", id="a.regex", pattern="乱.", literals=["乱"]), "有乱码"),
    ],
)
def test_a_new_rule_over_words_touches_what_holds_one(changed_rule: RuleSpec, text: str) -> None:
    one = changed(([SLOW], [], NOTHING), ([SLOW, changed_rule], [], NOTHING))
    assert [one.may_touch(text, []), one.may_touch("没有", [])] == [True, False]


def test_a_new_rule_of_another_kind_touches_everything() -> None:
    assert changed(([EXISTENCE], [], NOTHING), ([EXISTENCE, SLOW], [], NOTHING)).may_touch("", [])


def test_a_rule_that_is_gone_or_switched_off_touches_what_it_found() -> None:
    off = rule("pairs", id="a.pairs", marks=["（）"], enforced=False)
    for now in ([EXISTENCE], [EXISTENCE, off]):
        one = changed(([EXISTENCE, SLOW], [], NOTHING), (now, [], NOTHING))
        assert [one.may_touch("（", ["a.pairs"]), one.may_touch("（", ["a.existence"])] == [True, False]


def test_a_changed_person_touches_texts_with_all_characters_but_one() -> None:
    person = Person("张样例", "局长", 1, "people.tsv:2")
    one = changed(([SLOW], [], NOTHING), ([SLOW], [], References(people=(person,))))
    assert [one.may_touch(text, []) for text in ("张样例", "章样例出席", "张三", "")] == [True, True, False, False]


@pytest.mark.parametrize(
    "tables",
    [
        References(divisions=(Division("样例省", "", ""),)),
        References(laws=(Law("样例法", "laws.tsv:2", date(2024, 1, 1)),)),
        References(vocabulary=Vocabulary(words=frozenset({"词"}))),
    ],
)
def test_another_table_that_changed_touches_everything(tables: References) -> None:
    assert changed(([SLOW], [], NOTHING), ([SLOW], [], tables)).may_touch("", [])
