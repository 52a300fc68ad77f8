"""Other words for one channel."""

from __future__ import annotations

from dataclasses import replace

import pytest

from syndicate.errors import Conflict, InputError, NotAllowed, NotFound
from syndicate.flow.adapting import adapt
from syndicate.flow.checking import render_all
from syndicate.model.item import ItemKind
from syndicate.records import findings as finding_records
from syndicate.records import items
from tests.databases import on_both
from tests.flow.office import CONTENT, EDITOR, Desk


def fields(desk: Desk, item: int, channel: str) -> dict[str, str]:
    rendered = render_all(desk.workspace, items.get(item), items.latest_revision(item).content)
    return dict(next(one.rendition.fields for one in rendered if one.rendition.channel == channel))


def say(desk: Desk, item: int, channel: str, **words: str) -> bool:
    return adapt(desk.workspace, EDITOR, items.get(item), channel, words) is not None


@on_both
def test_a_channel_says_what_was_written_for_it_and_the_others_do_not(desk: Desk) -> None:
    number = desk.draft()
    before = {channel: fields(desk, number, channel) for channel in ("weibo", "wechat", "led", "website")}
    assert say(desk, number, "led", text="三条道路恢复通行")
    assert fields(desk, number, "led")["text"] == "三条道路恢复通行"
    assert {channel: fields(desk, number, channel) for channel in ("weibo", "wechat", "website")} == {
        channel: before[channel] for channel in ("weibo", "wechat", "website")
    }


def test_the_text_itself_stays(desk: Desk) -> None:
    number = desk.draft()
    say(desk, number, "wechat", digest="样例摘要")
    latest = items.latest_revision(number)
    assert (latest.number, latest.content.body, latest.content.title) == (2, CONTENT.body, CONTENT.title)


def test_an_empty_field_goes_back_to_the_template(desk: Desk) -> None:
    number = desk.draft()
    before = fields(desk, number, "led")
    say(desk, number, "led", text="三条道路恢复通行")
    say(desk, number, "led", text="  ")
    assert fields(desk, number, "led") == before
    assert items.latest_revision(number).content.adaptations == {}


def test_what_the_template_says_anyway_is_no_revision(desk: Desk) -> None:
    number = desk.draft()
    assert not say(desk, number, "led", text=fields(desk, number, "led")["text"])
    assert items.latest_revision(number).number == 1


def test_words_beyond_the_limit_block(desk: Desk) -> None:
    number = desk.draft()
    say(desk, number, "led", text="长" * 61)
    found = finding_records.of_revision(items.latest_revision(number).id)
    assert [(one.rule, one.severity.value, one.part) for one in found if one.rule == "render.too_long"] == [
        ("render.too_long", "block", "rendition:led")
    ]


def test_a_post_without_its_link_blocks(desk: Desk) -> None:
    number = desk.draft()
    say(desk, number, "weibo", text="只有文字\r\n第二行")
    assert fields(desk, number, "weibo")["text"] == "只有文字\n第二行"
    found = finding_records.of_revision(items.latest_revision(number).id)
    assert "render.no_link" in {one.rule for one in found}


@pytest.mark.parametrize(
    ("channel", "field"), [("wechat", "title"), ("wechat", "author"), ("led", "title"), ("app", "title")]
)
def test_a_reprint_keeps_its_title_and_author_everywhere(desk: Desk, channel: str, field: str) -> None:
    number = desk.draft(content=replace(CONTENT, kind=ItemKind.REPRINT))
    with pytest.raises(NotAllowed):
        say(desk, number, channel, **{field: "改"})


def test_the_summary_of_a_reprint_may_be_worded_for_a_channel(desk: Desk) -> None:
    number = desk.draft(content=replace(CONTENT, kind=ItemKind.REPRINT))
    assert say(desk, number, "wechat", digest="样例摘要")


def test_fields_that_are_no_words_cannot_be_written(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        say(desk, desk.draft(), "wechat", content_source_url="https://evil.example/")


def test_a_channel_it_does_not_go_to_has_no_words(desk: Desk) -> None:
    with pytest.raises(NotFound):
        say(desk, desk.draft("website"), "weibo", text="x")


def test_an_old_page_overwrites_nothing(desk: Desk) -> None:
    number = desk.draft()
    old = items.get(number)
    say(desk, number, "led", text="三条道路恢复通行")
    with pytest.raises(Conflict):
        adapt(desk.workspace, EDITOR, old, "led", {"text": "另一句"})


def test_a_text_beyond_every_limit_is_refused(desk: Desk) -> None:
    with pytest.raises(InputError):
        say(desk, desk.draft(), "weibo", text="长" * 200_001)
