"""The common search for words and pairs, and what a text tells of it to the checks."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.monitor import scan as scan_module
from syndicate.monitor.scan import Scan, pair_codes
from syndicate.monitor.view import View
from syndicate.text.plain import from_text

FEW = st.text("甲乙丙", max_size=12)
WORDS = st.lists(st.text("甲乙丙", min_size=1, max_size=4), max_size=6)


def view(text: str, *words: str) -> View:
    return View(from_text(text), None, scan=Scan(words))


def places(text: str, *pairs: str) -> dict[str, list[int]]:
    found = Scan((), pair_codes("".join(pairs))).pairs(text)
    return {text[starts[0] : starts[0] + 2]: sorted(starts) for starts in found.values()}


def test_a_word_given_twice_is_one() -> None:
    assert Scan(["甲", "乙", "甲"]).words == ("甲", "乙")


@settings(deadline=None)
@given(FEW, WORDS)
def test_every_word_is_found_wherever_it_stands(text: str, words: list[str]) -> None:
    scan = Scan(words)
    everywhere = {
        (index, start, start + len(word))
        for index, word in enumerate(scan.words)
        for start in range(len(text))
        if text.startswith(word, start)
    }
    found = scan.matches(text)
    assert (set(found), len(found)) == (everywhere, len(everywhere))


def test_a_view_names_the_words_that_stand_in_it() -> None:
    assert view("甲乙甲", "甲", "丙", "乙甲").literals == {"甲", "乙甲"}


def test_without_words_there_is_no_match() -> None:
    assert view("甲乙").literals == frozenset()


def test_of_known_words_the_leftmost_and_there_the_longest_counts() -> None:
    text = view("甲乙丙甲", "甲", "甲乙", "乙丙", "丙", "丁")
    assert text.longest({"甲", "甲乙", "乙丙", "丙"}) == [("甲乙", 0, 2), ("丙", 2, 3), ("甲", 3, 4)]
    assert text.longest({"乙丙"}) == [("乙丙", 1, 3)]


@settings(deadline=None)
@given(st.text("甲乙丙𠀀\U0010ffff a", max_size=20), st.integers(1, 3))
def test_every_pair_is_found_at_all_its_places_across_blocks_and_rare_characters(text: str, block: int) -> None:
    wanted = ["甲乙", "乙乙", "丙甲"]
    everywhere = {
        pair: starts for pair in wanted if (starts := [at for at in range(len(text)) if text.startswith(pair, at)])
    }
    before, scan_module._BLOCK = scan_module._BLOCK, 2 * block
    try:
        assert places(text, *wanted) == everywhere
    finally:
        scan_module._BLOCK = before


def test_a_pair_with_a_rare_character_is_not_looked_for() -> None:
    assert pair_codes("𠀀甲") == frozenset()
    assert pair_codes("甲乙𠀀甲丙丁") == pair_codes("丙丁甲乙")


def test_without_pairs_nothing_is_looked_up() -> None:
    assert places("甲乙") == {}
