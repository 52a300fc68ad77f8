from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from syndicate.records.plain import plain_text, plain_values

ANY = st.text(st.characters() | st.characters(categories=["Cs"]) | st.just("\x00"))


@given(ANY)
def test_every_text_can_be_stored(text: str) -> None:
    assert "\x00" not in plain_text(text)
    plain_text(text).encode("utf-8")


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00")))
def test_text_that_can_be_stored_stays_as_it_is(text: str) -> None:
    assert plain_text(text) == text


def test_keys_and_values_are_both_made_storable() -> None:
    assert plain_values({"a\x00": "\udc80"}) == {"a\ufffd": "\ufffd"}
