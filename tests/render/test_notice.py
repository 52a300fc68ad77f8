from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from syndicate.errors import ConfigurationError
from syndicate.model.channel import Channel
from syndicate.model.item import Content
from syndicate.model.review import WithdrawalKind
from syndicate.render.facts import RenderFacts
from syndicate.render.notice import render_notice

Sample = Callable[..., Content]
Account = Callable[..., Channel]


def test_what_was_an_error_is_not_repeated_in_its_notice(sample: Sample, facts: RenderFacts, account: Account) -> None:
    notice = render_notice(WithdrawalKind.ERROR, sample(), facts, account("website"), "数据有误")
    assert notice.fields["title"] == "该信息已撤下"
    assert "防汛" not in notice.body
    assert "说明：数据有误" in notice.body


@pytest.mark.parametrize("kind", [WithdrawalKind.SUPERSEDED, WithdrawalKind.EXPIRED])
def test_other_notices_name_the_title(
    sample: Sample, facts: RenderFacts, account: Account, kind: WithdrawalKind
) -> None:
    notice = render_notice(kind, sample(), facts, account("website"))
    assert "《云川县召开防汛工作会议》" in notice.body
    assert notice.fields["notice"] == kind.value
    assert "说明" not in notice.body


def test_the_notice_of_the_website_stands_at_the_address_of_the_article(
    sample: Sample, facts: RenderFacts, account: Account
) -> None:
    notice = render_notice(WithdrawalKind.EXPIRED, sample(), facts, account("website"))
    assert notice.fields["address"] == "news/202611/42.html"
    assert notice.fields["column"] == "news"


def test_other_channels_get_the_words_and_the_page(sample: Sample, facts: RenderFacts, account: Account) -> None:
    notice = render_notice(WithdrawalKind.ERROR, sample(), facts, account("manual"))
    assert notice.body == ""
    assert notice.fields["link"] == facts.page_url
    assert notice.fields["text"].startswith("您访问的内容因发布有误已经撤下")


def test_a_title_with_markup_stays_text(sample: Sample, facts: RenderFacts, account: Account) -> None:
    notice = render_notice(WithdrawalKind.EXPIRED, sample(title="<script>"), facts, account("website"))
    assert "<script>" not in notice.body
    assert "&lt;script&gt;" in notice.body


def test_a_wrong_notice_template_is_a_configuration_error(sample: Sample, facts: RenderFacts, account: Account) -> None:
    with pytest.raises(ConfigurationError):
        render_notice(
            WithdrawalKind.ERROR, sample(), replace(facts, notice_template="{{ nothing }}"), account("website")
        )
