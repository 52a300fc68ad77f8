"""Words that somebody wrote for one channel stand in place of what the template makes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from syndicate.model.channel import Channel, ChannelKind, Rendered
from syndicate.model.finding import Severity
from syndicate.model.item import Content
from syndicate.render.adapting import Adaptable, adaptable
from syndicate.render.limits import default_limits

Make = Callable[..., Rendered]
FIELDS = [(kind, one) for kind in ChannelKind for one in adaptable(kind, reprint=False)]


@pytest.mark.parametrize(("kind", "one"), FIELDS, ids=[f"{kind}-{one.field}" for kind, one in FIELDS])
def test_every_adaptable_field_takes_the_words_and_nothing_else_changes(
    rendered: Make, kind: str, one: Adaptable
) -> None:
    field = one.field
    before = rendered(kind).rendition.fields
    after = rendered(kind, adaptations={kind: {field: "样例"}}).rendition.fields
    follows = {"text": after["text"]} if (kind, field) == (ChannelKind.LED, "title") else {}  # the line names the title
    assert after == {**before, field: "样例", **follows}


@pytest.mark.parametrize(("kind", "one"), FIELDS, ids=[f"{kind}-{one.field}" for kind, one in FIELDS])
def test_words_beyond_the_limit_block_and_are_not_broken_off(rendered: Make, kind: str, one: Adaptable) -> None:
    field, key = one.field, one.limit
    words = "长" * (default_limits()[ChannelKind(kind), key] + 1)
    result = rendered(kind, adaptations={kind: {field: words}})
    assert result.rendition.fields[field] == words
    assert ("render.too_long", Severity.BLOCK) in {(found.rule, found.severity) for found in result.findings}


def test_words_for_one_channel_leave_the_others_alone(rendered: Make) -> None:
    assert rendered("wechat", adaptations={"weibo": {"text": "样例"}}) == rendered("wechat")


def test_words_are_another_rendition_and_another_content(
    rendered: Make, sample: Callable[..., Content], account: Callable[..., Channel]
) -> None:
    adapted = sample(adaptations={"led": {"text": "样例"}})
    assert adapted.hash != sample().hash
    assert rendered("led", adaptations={"led": {"text": "样例"}}).rendition.hash != rendered("led").rendition.hash


def test_without_words_the_hash_is_what_it_was_before_there_were_any(sample: Callable[..., Content]) -> None:
    assert sample(adaptations={"led": {}}).hash == sample().hash


def test_a_reprint_keeps_title_author_and_text() -> None:
    fields = {(kind.value, one.field) for kind in ChannelKind for one in adaptable(kind, reprint=True)}
    assert fields == {
        ("website", "summary"),
        ("wordpress", "summary"),
        ("wechat", "digest"),
        ("weibo", "text"),
        ("app", "summary"),
        ("led", "text"),
    }
