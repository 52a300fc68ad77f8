from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.text.bigrams import folded, index_terms, query_runs, snippet


def test_a_run_is_its_pairs_and_its_last_character() -> None:
    assert index_terms("经济发展，A b") == ["经济", "济发", "发展", "展", "a", "b"]


def test_a_query_has_at_most_five_words_each_once() -> None:
    assert query_runs("甲 乙 甲 丙 丁 戊 己") == ["甲", "乙", "丙", "丁", "戊"]


def test_a_query_ends_after_sixty_characters() -> None:
    assert query_runs("经" * 100) == ["经" * 60]


@given(st.text())
def test_folding_keeps_every_place(text: str) -> None:
    assert len(folded(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "wanted", "parts"),
    [
        ("县政府召开经济会议", ["经济"], [("县政府召开", False), ("经济", True), ("会议", False)]),
        ("ＡＢＣ会", ["abc"], [("ＡＢＣ", True), ("会", False)]),
        ("没有", ["经济"], [("没有", False)]),
        ("", ["经济"], []),
        ("文", [], [("文", False)]),
    ],
)
def test_a_snippet_marks_what_was_looked_for(text: str, wanted: list[str], parts: list[tuple[str, bool]]) -> None:
    assert snippet(text, wanted) == parts


def test_a_long_text_is_cut_around_the_first_hit() -> None:
    parts = snippet("甲" * 500 + "经济" + "乙" * 500, ["经济"], 40)
    assert parts == [("…", False), ("甲" * 10, False), ("经济", True), ("乙" * 28, False), ("…", False)]


@given(st.text(max_size=300), st.text(max_size=5))
def test_a_snippet_is_a_part_of_the_text(text: str, query: str) -> None:
    shown = "".join(part for part, _ in snippet(text, query_runs(query), 50))
    assert shown.strip("…") in text or shown in text
