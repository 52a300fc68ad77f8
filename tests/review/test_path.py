"""The path of review: levels by column and risk, and four eyes over a delegation."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.errors import NotAllowed
from syndicate.model.item import Content, ItemKind, ItemState
from syndicate.model.review import Actor, ItemAction, ReviewRules, Role, Way
from syndicate.review.path import path_of
from syndicate.review.rules import Request, Situation, permit

ORIGINAL = Content("样例标题", "<p>正文</p>", ItemKind.ORIGINAL, "样例县政府办")
REPRINT = replace(ORIGINAL, kind=ItemKind.REPRINT, source_name="样例省政府")
LEADERS = Way("领导", "样例", words=("样例书记",), at_least=3)
POLICY = Way("政策", "样例", kind=ItemKind.ORIGINAL, fields=("发文字号",), at_least=3)
SHORT = Way("转载", "样例", kind=ItemKind.REPRINT, listed=True, at_most=1)


def _levels(content: Content, levels: int, *ways: Way, plain: str = "正文") -> int:
    rules = ReviewRules({way.title: way for way in ways})
    return path_of(rules, levels, content, plain, {"样例省政府"}).levels


def test_without_ways_the_column_decides() -> None:
    assert [_levels(ORIGINAL, levels) for levels in (1, 2, 3)] == [1, 2, 3]


def test_a_word_in_the_text_raises_the_levels() -> None:
    assert _levels(ORIGINAL, 1, LEADERS, plain="样例书记调研") == 3


def test_a_policy_document_is_known_by_its_official_field() -> None:
    document = replace(ORIGINAL, fields={"发文字号": "样政发〔2026〕1号"})
    empty = replace(ORIGINAL, fields={"发文字号": " "})
    assert (_levels(document, 2, POLICY), _levels(empty, 2, POLICY)) == (3, 2)


def test_a_reprint_from_an_approved_source_goes_the_short_way() -> None:
    assert _levels(REPRINT, 3, SHORT) == 1


def test_a_reprint_from_elsewhere_goes_the_long_way() -> None:
    assert _levels(replace(REPRINT, source_name="别处"), 3, SHORT) == 3


def test_what_raises_goes_before_what_shortens() -> None:
    assert _levels(REPRINT, 2, SHORT, LEADERS, plain="样例书记调研") == 3


def test_a_way_that_asks_for_less_than_the_column_still_stands_against_shortening() -> None:
    two = Way("两审", "样例", at_least=2)
    assert _levels(REPRINT, 3, SHORT, two) == 2


def test_the_path_says_which_ways_made_it() -> None:
    rules = ReviewRules({"a": LEADERS, "b": SHORT})
    assert path_of(rules, 1, ORIGINAL, "样例书记", ()).ways == (LEADERS,)
    assert path_of(rules, 2, REPRINT, "正文", {"样例省政府"}).ways == (SHORT,)
    assert path_of(rules, 1, REPRINT, "正文", {"样例省政府"}).ways == ()


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3))), st.integers(1, 3))
def test_an_item_always_needs_one_to_three_levels_and_never_fewer_than_a_way_asks(
    ways: list[tuple[int, int]], levels: int
) -> None:
    built = [Way(str(n), "样例", at_least=least, at_most=most) for n, (least, most) in enumerate(ways)]
    found = _levels(ORIGINAL, levels, *built)
    assert max([1, *(way.at_least for way in built)]) <= found <= 3


SITUATION = Situation(ItemState.SUBMITTED, 2, levels=2, submitter="甲", author="甲", deciders=frozenset({"乙"}))


@pytest.mark.parametrize(("name", "behalf"), [("丙", "甲"), ("甲", "丙"), ("丙", "乙"), ("乙", "丙")])
def test_who_acts_and_for_whom_are_one_pair_of_eyes(name: str, behalf: str) -> None:
    actor = Actor(name, Role.PUBLISHER, "desk", behalf=behalf)
    with pytest.raises(NotAllowed):
        permit(SITUATION, Request(ItemAction.APPROVE_LAST, actor))


def test_a_third_person_for_a_fourth_may_approve() -> None:
    actor = Actor("丙", Role.PUBLISHER, "desk", behalf="丁")
    assert permit(SITUATION, Request(ItemAction.APPROVE_LAST, actor)).next is ItemState.APPROVED


@pytest.mark.parametrize("action", [ItemAction.EDIT, ItemAction.SUBMIT])
def test_nobody_writes_for_somebody_else(action: ItemAction) -> None:
    draft = Situation(ItemState.DRAFT, 1, levels=1, submitter="")
    with pytest.raises(NotAllowed) as refused:
        permit(draft, Request(action, Actor("丙", Role.PUBLISHER, "desk", behalf="丁")))
    assert refused.value.message.key == "review.in_person"
