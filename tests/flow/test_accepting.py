"""Which suggestions of findings can be accepted with one click, and what becomes of the text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from syndicate.flow.accepting import can_accept, with_suggestions
from syndicate.model.finding import Finding, Severity
from syndicate.model.item import Content, ItemKind
from tests.flow.office import CONTENT

BODY = "<p>秸杆还田，秸杆离田。</p><p>秸<b>杆</b>收储&amp;加工。</p>"
FAULTY = replace(CONTENT, title="秸杆利用", body=BODY)


def finding(source: str, word: str, suggestion: str | None, part: str = "body", text: str = "") -> Finding:
    start = source.index(word)
    return Finding("word.x", Severity.BLOCK, start, start + len(word), text or word, "x", suggestion, part=part)


@pytest.mark.parametrize("suggestion", [None, "", "（删去）"])
def test_what_only_tells_a_person_what_to_do_is_not_put_in(suggestion: str | None) -> None:
    assert not can_accept(FAULTY, finding(BODY, "秸杆", suggestion))


def test_words_across_a_tag_are_left_to_a_person() -> None:
    assert not can_accept(FAULTY, finding(BODY, "秸<b>杆", "秸秆", text="秸杆"))


def test_words_that_are_masked_or_moved_are_left_to_a_person() -> None:
    assert not can_accept(FAULTY, finding(BODY, "秸杆", "秸秆", text="秸*"))


def test_only_title_and_text_can_be_changed() -> None:
    assert not can_accept(FAULTY, finding(BODY, "秸杆", "秸秆", part="attachment:a.pdf"))


def test_a_suggestion_never_becomes_markup() -> None:
    content = Content("标题", "<p>甲&amp;乙</p>", ItemKind.ORIGINAL, "样例")
    found = finding(content.body, "甲&amp;乙", "<script>x</script>", text="甲&乙")
    assert can_accept(content, found)
    assert with_suggestions(content, [found]).body == "<p>&lt;script&gt;x&lt;/script&gt;</p>"
