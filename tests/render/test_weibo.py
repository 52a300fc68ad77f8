from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from syndicate.model.channel import Channel, Rendered
from syndicate.model.finding import Severity
from syndicate.model.item import Attachment, Content
from syndicate.render.facts import RenderFacts
from syndicate.render.renditions import render
from syndicate.text.weibo_length import weibo_length

Make = Callable[..., Rendered]


def test_the_post_names_title_text_and_our_page(rendered: Make) -> None:
    result = rendered("weibo")
    assert result.findings == ()
    assert result.rendition.fields["text"].startswith("【云川县召开防汛工作会议】演示样例：")
    assert result.rendition.fields["text"].endswith("https://www.yunchuan.example/news/202611/42.html")
    assert result.rendition.fields["link"] == "https://www.yunchuan.example/news/202611/42.html"


def test_a_long_text_is_an_excerpt_of_whole_sentences_without_a_finding(rendered: Make) -> None:
    result = rendered("weibo", body="<p>" + "云川县各乡镇认真落实防汛责任。" * 30 + "</p>")
    assert result.findings == ()
    assert "。（云川县水利局）" in result.rendition.fields["text"]


def test_a_given_summary_that_is_broken_off_is_to_be_confirmed(rendered: Make) -> None:
    result = rendered("weibo", summary="云" * 200)
    assert "云…" in result.rendition.fields["text"]
    assert [(f.rule, f.severity, f.place) for f in result.findings] == [("render.shortened", Severity.CONFIRM, "摘要")]


def test_a_title_that_is_too_long_gives_way_after_the_summary(rendered: Make) -> None:
    result = rendered("weibo", title="云" * 150)
    assert weibo_length(result.rendition.fields["text"]) <= 140
    assert {(f.rule, f.place) for f in result.findings} == {("render.shortened", "摘要"), ("render.shortened", "标题")}


def test_topics_and_account_names_lose_their_effect(rendered: Make) -> None:
    text = rendered("weibo", title="#防汛#和@某账号").rendition.fields["text"]
    assert text.startswith("【＃防汛＃和＠某账号】")


def test_a_template_with_a_topic_blocks(
    sample: Callable[..., Content], facts: RenderFacts, account: Callable[..., Channel]
) -> None:
    result = render(sample(), facts, account("weibo", template="#云川#{{ title }} {{ link }}"))
    assert [f.rule for f in result.findings] == ["render.topic"]


def test_a_template_that_leaves_no_room_blocks(
    sample: Callable[..., Content], facts: RenderFacts, account: Callable[..., Channel]
) -> None:
    result = render(sample(), facts, account("weibo", template="云" * 200 + "{{ link }}"))
    assert "render.too_long" in [f.rule for f in result.findings if f.severity is Severity.BLOCK]


def test_a_post_without_any_page_to_link_to_blocks(
    sample: Callable[..., Content], facts: RenderFacts, account: Callable[..., Channel]
) -> None:
    result = render(sample(source_url=""), replace(facts, page_url=""), account("weibo"))
    assert [f.rule for f in result.findings] == ["render.no_link"]


def test_the_limit_of_the_account_wins_over_the_default(
    sample: Callable[..., Content], facts: RenderFacts, account: Callable[..., Channel]
) -> None:
    result = render(sample(), facts, account("weibo", limits={"status": 50}))
    assert weibo_length(result.rendition.fields["text"]) <= 50


def test_only_the_first_suitable_picture_goes_along(rendered: Make, attached: Callable[..., Attachment]) -> None:
    body = "".join(f'<img src="file:{digit * 64}">' for digit in "abc")
    attachments = (attached("a", "image/webp"), attached("b"), attached("c", "image/jpeg"))
    result = rendered("weibo", body=body, attachments=attachments)
    assert [file.sha256[0] for file in result.rendition.files] == ["b"]
    assert [f.rule for f in result.findings] == ["render.picture_type"]


@given(st.text(max_size=300), st.text(max_size=400), st.text(max_size=300))
def test_any_content_gives_a_post_within_the_rule_or_a_block(
    sample: Callable[..., Content],
    facts: RenderFacts,
    account: Callable[..., Channel],
    title: str,
    summary: str,
    body: str,
) -> None:
    result = render(sample(title=title, summary=summary, body=body), facts, account("weibo"))
    blocked = any(f.severity is Severity.BLOCK for f in result.findings)
    assert blocked or weibo_length(result.rendition.fields["text"]) <= 140
    assert blocked or "#" not in result.rendition.fields["text"]


def test_a_post_that_can_only_link_to_the_original_blocks(
    sample: Callable[..., Content], facts: RenderFacts, account: Callable[..., Channel]
) -> None:
    without_site = replace(facts, page_url="", office=replace(facts.office, site_url=""))
    result = render(sample(), without_site, account("weibo"))
    assert [(f.rule, f.severity) for f in result.findings] == [("render.unsafe_link", Severity.BLOCK)]


def test_approved_domains_of_the_account_stand_in_place_of_our_own(
    sample: Callable[..., Content], facts: RenderFacts, account: Callable[..., Channel]
) -> None:
    other = render(sample(), facts, account("weibo", settings={"safe_domains": ("gov.example",)}))
    parent = render(sample(), facts, account("weibo", settings={"safe_domains": ("Yunchuan.example",)}))
    assert [[f.rule for f in one.findings] for one in (other, parent)] == [["render.unsafe_link"], []]


def test_a_domain_that_only_ends_alike_is_not_approved(
    sample: Callable[..., Content], facts: RenderFacts, account: Callable[..., Channel]
) -> None:
    result = render(sample(), facts, account("weibo", settings={"safe_domains": ("chuan.example",)}))
    assert [f.rule for f in result.findings] == ["render.unsafe_link"]


def test_a_link_without_a_readable_host_is_not_approved(
    sample: Callable[..., Content], facts: RenderFacts, account: Callable[..., Channel]
) -> None:
    result = render(sample(source_url="http://[bad/"), replace(facts, page_url=""), account("weibo"))
    assert [f.rule for f in result.findings] == ["render.unsafe_link"]
