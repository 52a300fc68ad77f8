from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import yaml

from syndicate.errors import ConfigurationError
from syndicate.model.channel import Channel, Rendered
from syndicate.model.finding import Severity
from syndicate.model.item import Attachment, Content, FileRole
from syndicate.model.push import PushRule
from syndicate.render.facts import RenderFacts
from syndicate.render.renditions import render
from tests.conftest import ROOT

Make = Callable[..., Rendered]


def test_the_app_gets_every_field_and_the_article(rendered: Make) -> None:
    result = rendered("app", fields={"索引号": "示例/2026-00001"})
    assert result.findings == ()
    assert result.rendition.fields["page_url"] == "https://www.yunchuan.example/news/202611/42.html"
    assert result.rendition.fields["published_at"] == "2026-11-24T16:05:00+08:00"
    assert result.rendition.fields["field:索引号"] == "示例/2026-00001"
    assert result.rendition.body == "<p>演示样例：云川县召开防汛工作会议。</p><p>会议要求压实责任。</p>"


def test_the_app_works_without_a_template(
    sample: Callable[..., Content], facts: RenderFacts, account: Callable[..., Channel]
) -> None:
    assert render(sample(), facts, account("app", template="")).rendition.body.startswith("<p>演示样例")


def test_a_body_over_the_limit_of_the_app_blocks(
    sample: Callable[..., Content], facts: RenderFacts, account: Callable[..., Channel]
) -> None:
    result = render(sample(published_at=None), facts, account("app", limits={"body": 10}))
    assert [(f.rule, f.severity) for f in result.findings] == [("render.too_long", Severity.BLOCK)]


def test_the_screen_shows_a_short_text_for_a_while(rendered: Make) -> None:
    result = rendered("led")
    assert result.findings == ()
    assert dict(result.rendition.fields) == {
        "title": "云川县召开防汛工作会议",
        "text": "云川县召开防汛工作会议（云川县水利局）",
        "seconds": "15",
        "expires_at": "2026-12-09T09:30:00+08:00",
    }


def test_the_settings_of_the_screen_win(
    sample: Callable[..., Content], facts: RenderFacts, account: Callable[..., Channel]
) -> None:
    screen = account("led", settings={"seconds": 8, "expires_after": timedelta(hours=1)})
    fields = render(sample(), facts, screen).rendition.fields
    assert (fields["seconds"], fields["expires_at"]) == ("8", "2026-11-25T10:30:00+08:00")


def test_a_long_title_on_the_screen_is_broken_off_and_to_be_confirmed(rendered: Make) -> None:
    result = rendered("led", title="云" * 60)
    assert result.rendition.fields["text"] == "云" * 39 + "…（云川县水利局）"
    assert [f.rule for f in result.findings] == ["render.shortened"]


def test_a_text_that_does_not_fit_on_the_screen_blocks(rendered: Make) -> None:
    result = rendered("led", source_name="云" * 80)
    assert [(f.rule, f.severity) for f in result.findings] == [("render.too_long", Severity.BLOCK)]


def test_pictures_are_no_matter_for_the_screen(rendered: Make) -> None:
    assert rendered("led", body='<img src="https://a.example/x.png">').findings == ()


def test_a_person_gets_the_whole_text_ready_to_paste(rendered: Make, attached: Callable[..., Attachment]) -> None:
    pdf = attached("d", "application/pdf", FileRole.ATTACHMENT, name="方案.pdf")
    result = rendered("manual", attachments=(pdf,))
    assert result.findings == ()
    assert result.rendition.fields["text"] == (
        "云川县召开防汛工作会议\n\n演示样例：云川县召开防汛工作会议。\n\n会议要求压实责任。\n\n"
        "来源：云川县水利局\n发布时间：2026-11-24 16:05\n附件：方案.pdf\n"
        "网页：https://www.yunchuan.example/news/202611/42.html"
    )
    assert [file.name for file in result.rendition.files] == ["方案.pdf"]


def test_a_text_too_long_to_paste_blocks(rendered: Make) -> None:
    assert [f.severity for f in rendered("manual", body="云" * 100_001).findings] == [Severity.BLOCK]


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("{{ title }}\n{{ unknown }}", 2),
        ("{{ title }}\n\n{% if %}", 3),
        ("{{ title.__class__.__mro__ }}", 1),
        ("{{ 1 / 0 }}", 1),
        ("{{ range(100000000) }}", 1),
    ],
)
def test_a_template_that_cannot_be_filled_is_named_with_its_line(
    sample: Callable[..., Content], facts: RenderFacts, account: Callable[..., Channel], template: str, line: int
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        render(sample(), facts, account("manual", template=template))
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("channels/manual", line)


@pytest.mark.parametrize(("title", "lost"), [("喜迎新春🎉", "🎉"), ("𠮷某同志事迹", "𠮷"), ("😀与𠮷", "😀、𠮷")])
def test_emoji_and_rare_characters_on_the_screen_are_named_for_the_reviewer(
    rendered: Make, title: str, lost: str
) -> None:
    (finding,) = rendered("led", title=title).findings
    assert (finding.rule, finding.severity) == ("render.not_in_gbk", Severity.CONFIRM)
    assert f"：{lost}，" in finding.message


def test_what_gbk_has_is_no_matter_for_the_screen(rendered: Make) -> None:
    assert rendered("led", title="“镕”“喆”“囍”：①…—％").findings == ()


def test_an_urgent_item_is_on_the_screen_alone_and_not_for_long(
    sample: Callable[..., Content], facts: RenderFacts, account: Callable[..., Channel]
) -> None:
    fields = render(sample(), replace(facts, urgent=True), account("led")).rendition.fields
    assert (fields["urgent"], fields["expires_at"]) == ("yes", "2026-11-26T09:30:00+08:00")


def test_the_item_s_own_end_wins_over_the_accounts_time(
    sample: Callable[..., Content], facts: RenderFacts, account: Callable[..., Channel]
) -> None:
    ending = replace(facts, expires_at=facts.created_at + timedelta(hours=3))
    assert render(sample(), ending, account("led")).rendition.fields["expires_at"] == "2026-11-25T12:30:00+08:00"


def test_a_revision_says_from_when_until_when_it_is_on_the_screen(rendered: Make) -> None:
    times = {"上屏开始": "2026-11-28T08:00", "上屏结束": "2026-11-30T10:00:00+00:00"}
    fields = rendered("led", fields=times).rendition.fields
    assert (fields["not_before"], fields["expires_at"]) == ("2026-11-28T08:00:00+08:00", "2026-11-30T18:00:00+08:00")


@pytest.mark.parametrize(
    "times",
    [
        {"上屏开始": "明天"},
        {"上屏结束": "2026-13-01"},
        {"上屏开始": "2026-11-30T08:00", "上屏结束": "2026-11-29T08:00"},
    ],
)
def test_a_time_on_the_screen_that_cannot_be_used_blocks(rendered: Make, times: dict[str, str]) -> None:
    assert [(f.rule, f.severity) for f in rendered("led", fields=times).findings] == [
        ("render.screen_time", Severity.BLOCK)
    ]


@pytest.mark.parametrize("kind", ["website", "app"])
def test_times_on_the_screen_are_no_official_fields(rendered: Make, kind: str) -> None:
    fields = rendered(kind, fields={"上屏开始": "2026-11-28T08:00", "索引号": "1"}).rendition.fields
    assert [name for name in fields if name.startswith("field:")] == ["field:索引号"]


def test_every_field_of_the_app_is_in_its_published_interface(rendered: Make) -> None:
    document = yaml.safe_load((ROOT / "docs" / "reference" / "app-openapi.yaml").read_text("utf-8"))
    known = document["components"]["schemas"]["ArticleState"]["properties"]
    fields = rendered("app", fields={"索引号": "1"}).rendition.fields
    assert {name for name in fields if not name.startswith("field:")} - set(known) == set()


@pytest.mark.parametrize(
    ("rule", "urgent", "pushed"),
    [
        (None, True, False),
        (PushRule.URGENT, False, False),
        (PushRule.URGENT, True, True),
        (PushRule.EVERY, False, True),
    ],
)
def test_the_account_says_which_items_readers_are_notified_of(
    sample: Callable[..., Content],
    facts: RenderFacts,
    account: Callable[..., Channel],
    rule: PushRule | None,
    urgent: bool,
    pushed: bool,
) -> None:
    app = account("app", settings={"push": rule} if rule else {})
    fields = render(sample(), replace(facts, urgent=urgent), app).rendition.fields
    assert fields.get("push", "") == ("yes" if pushed else "")
