"""An office whose only website is a CMS: others wait for the post and link to it, withdrawals take it down."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from syndicate.errors import wordings
from syndicate.flow.matrix import Means, amendment_matrix, withdrawal_matrix
from syndicate.flow.overview import item_page
from syndicate.flow.withdraw import withdraw
from syndicate.model.channel import ChannelKind
from syndicate.model.delivery import Action, DeliveryState, WaitReason
from syndicate.model.item import Attachment, FileRole
from syndicate.model.review import WithdrawalKind
from syndicate.records import models, receipts
from syndicate.sandbox.faults import Fault, FaultKind
from syndicate.sandbox.settings import WordPressSettings
from tests.flow.office import CONTENT, PUBLISHER, Desk
from tests.flow.web import PNG


@pytest.fixture
def office(desk: Desk) -> Desk:
    """The website's file has given way to an account on the drill CMS."""
    address = desk.addresses.wordpress
    account = {
        "title": "样例网站（CMS）",
        "kind": "wordpress",
        "base_url": address,
        "settings": {"user": WordPressSettings().user, "page_url": f"{address}/{{slug}}/", "categories": {"news": 3}},
        "secrets": {"application_password": "cms-password"},
    }
    (desk.home / "channels" / "cms.yaml").write_text(json.dumps(account, ensure_ascii=False), "utf-8")
    secret = desk.home / "var" / "secrets" / "cms-password"
    secret.write_text(WordPressSettings().password)
    secret.chmod(0o600)
    desk.without("website")
    return desk


def test_a_post_is_published_and_the_channels_that_link_to_it_follow(office: Desk) -> None:
    item = office.approved("cms", "weibo")
    assert office.delivery(item, "weibo").wait_reason is WaitReason.WEBSITE
    office.settle()
    assert office.states(item) == {"cms": DeliveryState.DELIVERED, "weibo": DeliveryState.DELIVERED}
    (post,) = office.visible("wordpress")
    (shown,) = office.visible("weibo")
    assert str(post["link"]) in json.dumps(shown)


def test_the_public_page_is_proved(office: Desk) -> None:
    item = office.approved("cms")
    office.settle()
    (held,) = receipts.held(item, "cms")
    assert models.Receipt.objects.get(id=held.id).proof_sha256


def test_a_lost_reply_to_any_step_leaves_one_post(office: Desk) -> None:
    office.strike(
        Fault("wordpress", FaultKind.RESET_AFTER_COMMIT, "/wp-json/wp/v2/posts", nth=(2,)),
        Fault("wordpress", FaultKind.RESET_AFTER_COMMIT, "/wp-json/wp/v2/posts/{id}", nth=(1,)),
    )
    item = office.approved("cms")
    office.settle()
    assert office.states(item) == {"cms": DeliveryState.DELIVERED}
    assert len(office.visible("wordpress")) == 1
    assert office.sandbox.state("wordpress")["duplicates"] == []


def test_a_correction_changes_the_post_and_a_withdrawal_takes_it_and_its_files_down(office: Desk) -> None:
    sha256 = office.workspace.files.put(PNG)
    picture = Attachment("图.png", sha256, "image/png", len(PNG), FileRole.IMAGE)
    body = f'{CONTENT.body}<p><img src="file:{sha256}" alt="现场"></p>'
    item = office.approved("cms", content=replace(CONTENT, body=body, attachments=(picture,)))
    office.settle()
    office.corrected(item, "改正后的标题")
    office.settle()
    (post,) = office.visible("wordpress")
    assert post["title"] == {"raw": "改正后的标题"}
    withdraw(office.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "样例")
    office.settle()
    assert office.states(item) == {"cms": DeliveryState.DELIVERED}
    assert (office.visible("wordpress"), office.sandbox.state("wordpress")["files"]) == ([], [])


def test_what_a_withdrawal_and_a_correction_will_do_is_said_beforehand(office: Desk) -> None:
    item = office.approved("cms")
    office.settle()
    page = item_page(office.workspace, item)
    for matrix in (withdrawal_matrix, amendment_matrix):
        (row,) = (row for row in matrix(office.workspace, page) if row.channel == "cms")
        assert (row.means, bool(row.what.zh)) == (Means.INTERFACE, True)


def test_every_kind_of_channel_says_what_it_will_do() -> None:
    kinds = [kind for kind in ChannelKind if kind is not ChannelKind.MANUAL]
    assert [
        kind for kind in kinds for action in ("publish", "retract") if f"matrix.{action}_{kind}" not in wordings()
    ] == []


def test_what_is_withdrawn_while_it_is_a_draft_is_never_seen(office: Desk) -> None:
    item = office.approved("cms")
    delivery = office.delivery(item, "cms").id
    office.step(delivery)
    office.step(delivery)
    assert office.sandbox.state("wordpress")["drafts"]
    withdraw(office.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "样例")
    office.settle(timedelta(hours=2))
    assert "published" not in office.counts("wordpress")
    assert office.sandbox.state("wordpress")["drafts"] == []
    assert office.delivery(item, "cms", Action.PUBLISH).state is DeliveryState.CANCELLED


def test_with_a_website_nobody_waits_for_the_cms(office: Desk) -> None:
    text = "title: 样例网站\nkind: website\nsettings: {folder: var/site}\n"
    (office.home / "channels" / "website.yaml").write_text(text, "utf-8")
    office.reload()
    item = office.approved("cms", "weibo")
    assert office.delivery(item, "weibo").state is DeliveryState.DUE


def test_the_app_is_given_no_address_that_our_website_does_not_serve(office: Desk) -> None:
    sha256 = office.workspace.files.put(PNG)
    picture = Attachment("图.png", sha256, "image/png", len(PNG), FileRole.IMAGE)
    body = f'{CONTENT.body}<p><img src="file:{sha256}" alt="现场"></p>'
    office.approved("cms", "app", content=replace(CONTENT, body=body, attachments=(picture,)))
    office.settle()
    (shown,) = office.visible("app")
    assert (shown["files"], "<img" in str(shown["body_html"])) == ([], False)
