from __future__ import annotations

import re

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from syndicate.errors import Message
from syndicate.flow.decide import review_situation
from syndicate.flow.overview import item_page, situation_of
from syndicate.model.delivery import DeliveryState, NeedsPerson, WaitReason
from syndicate.model.item import ItemState
from syndicate.model.review import WithdrawalKind
from syndicate.records import audit, deliveries, items, reviews
from syndicate.records.originals import Original, store_original
from tests.desk.conftest import LogIn
from tests.desk.office import ADMIN, EDITOR, FAULTY, PUBLISHER, REVIEWER, Office

BLOCK = Message("word.severity_block").zh
TICKS = {f"check:{name}": "1" for name in ("politics", "law", "policy", "secrecy", "wording")}


def form_of(client: Client, number: int) -> dict[str, str]:
    """The hidden fields of the approval form, as a browser sends them."""
    text = client.get(f"/items/{number}").content.decode()
    return {name: re.search(f'name="{name}" value="([^"]+)"', text)[1] for name in ("level", "seen")}


def approve(client: Client, number: int, **fields: str) -> object:
    return client.post(f"/items/{number}/approve", {**form_of(client, number), **TICKS, **fields})


def _text(response: HttpResponse) -> str:
    return response.content.decode()


def state(number: int) -> ItemState:
    return items.get(number).state


def test_the_page_shows_what_a_reviewer_needs(office: Office, reviewer: Client) -> None:
    number = office.submitted("会议通知", FAULTY)
    text = reviewer.get(f"/items/{number}").content.decode()
    for words in (
        "会议通知",
        "初审",
        "终审",
        "疑似错别字",
        "应为星期六",
        "依据",
        "逐项核对后勾选",
        "官方微博",
        "办理记录",
    ):
        assert words in text


def test_the_text_has_marks_with_numbers(office: Office, reviewer: Client) -> None:
    number = office.submitted("会议通知", FAULTY)
    text = reviewer.get(f"/items/{number}/text").content.decode()
    assert f'id="finding-1" data-label="1 {BLOCK}"' in text


def test_an_approval_moves_the_item_to_the_next_level(office: Office, reviewer: Client) -> None:
    number = office.submitted()
    assert approve(reviewer, number).status_code == 302
    assert items.get(number).level == 2


def test_the_ticks_are_needed(office: Office, reviewer: Client) -> None:
    number = office.submitted()
    response = reviewer.post(f"/items/{number}/approve", {**form_of(reviewer, number), "check:law": "1"})
    assert response.status_code == 400
    assert "政治、政策、保密、文字" in response.content.decode()
    assert items.get(number).level == 1


def test_the_last_approval_creates_deliveries_that_wait_for_an_undo(office: Office, publisher: Client) -> None:
    number = office.submitted()
    office.first_approval(number)
    approve(publisher, number)
    reasons = {row.wait_reason for row in deliveries.of_item(number)}
    assert state(number) is ItemState.APPROVED
    assert reasons == {WaitReason.UNDO, WaitReason.WEBSITE}


def test_the_next_page_offers_the_undo(office: Office, publisher: Client) -> None:
    number = office.submitted()
    office.first_approval(number)
    approve(publisher, number)
    assert f'action="/items/{number}/undo"' in publisher.get("/queue").content.decode()


def test_an_undo_cancels_everything(office: Office, publisher: Client) -> None:
    number = office.submitted()
    office.first_approval(number)
    approve(publisher, number)
    publisher.post(f"/items/{number}/undo")
    assert state(number) is ItemState.SUBMITTED
    assert {row.state for row in deliveries.of_item(number)} == {DeliveryState.CANCELLED}


def test_after_a_decision_the_next_item_is_shown(office: Office, reviewer: Client) -> None:
    number, following = office.submitted("一"), office.submitted("二")
    assert approve(reviewer, number).headers["Location"] == f"/items/{following}"


def test_after_the_last_decision_the_queue_is_shown(office: Office, reviewer: Client) -> None:
    assert approve(reviewer, office.submitted()).headers["Location"] == "/queue"


def test_an_approval_of_something_that_changed_is_refused(office: Office, reviewer: Client) -> None:
    number = office.submitted()
    response = approve(reviewer, number, seen="0" * 64)
    assert response.status_code == 409
    assert "与您看到的不同" in response.content.decode()
    assert items.get(number).level == 1


def test_after_a_change_the_ticks_must_be_given_again_and_the_words_stay(office: Office, reviewer: Client) -> None:
    number = office.submitted()
    text = approve(reviewer, number, seen="0" * 64, reason="我的意见", do="approve").content.decode()
    assert "我的意见" in text
    assert " checked" not in text


def test_an_approval_that_names_nothing_seen_is_refused(office: Office, reviewer: Client) -> None:
    number = office.submitted()
    assert approve(reviewer, number, seen="").status_code == 400


@pytest.mark.parametrize("level", ["", "x", "²", "-1", "999"])
def test_a_forged_level_is_refused(office: Office, reviewer: Client, level: str) -> None:
    number = office.submitted()
    assert approve(reviewer, number, level=level).status_code in (400, 403)


def test_a_blocking_finding_stops_the_approval_and_nothing_typed_is_lost(office: Office, reviewer: Client) -> None:
    number = office.submitted(body=FAULTY)
    rules = {finding.rule for finding in item_page(office.workspace, number).findings if finding.severity == "block"}
    first = sorted(rules)[0]
    response = approve(reviewer, number, **{f"override:{first}": "已电话核实", "reason": "附言", "do": "approve"})
    text = response.content.decode()
    assert response.status_code == 403
    assert "已电话核实" in text
    assert "附言" in text
    assert " checked" in text


def test_every_blocking_rule_overridden_with_a_reason_lets_it_pass(office: Office, reviewer: Client) -> None:
    number = office.submitted(body=FAULTY)
    findings = item_page(office.workspace, number).findings
    overrides = {f"override:{finding.rule}": "已核实" for finding in findings if finding.severity == "block"}
    assert approve(reviewer, number, **overrides).status_code == 302
    assert "放行" in reviewer.get(f"/items/{number}").content.decode()


def test_a_return_needs_a_reason(office: Office, reviewer: Client) -> None:
    number = office.submitted()
    response = reviewer.post(f"/items/{number}/return", {"level": "1", "reason": " ", "do": "return"})
    assert response.status_code == 403
    assert state(number) is ItemState.SUBMITTED


def test_a_return_shows_its_reason(office: Office, reviewer: Client, editor: Client) -> None:
    number = office.submitted()
    reviewer.post(f"/items/{number}/return", {"level": "1", "reason": "数字不符", "do": "return"})
    assert state(number) is ItemState.RETURNED
    assert "数字不符" in editor.get(f"/items/{number}").content.decode()


def test_submitting_and_discarding(office: Office, editor: Client) -> None:
    number, other = office.draft(), office.draft()
    editor.post(f"/items/{number}/submit")
    editor.post(f"/items/{other}/discard", {"reason": "重复"})
    assert (state(number), state(other)) == (ItemState.SUBMITTED, ItemState.DISCARDED)


def test_a_publisher_withdraws_and_a_second_person_confirms(
    office: Office, publisher: Client, reviewer: Client
) -> None:
    number = office.published()
    publisher.post(f"/items/{number}/withdraw", {"kind": "error", "reason": "附件放错"})
    assert state(number) is ItemState.WITHDRAWN
    (withdrawal,) = reviews.withdrawals(number)
    assert "确认撤稿" in reviewer.get(f"/items/{number}").content.decode()
    reviewer.post(f"/items/{number}/withdrawals/{withdrawal.id}/confirm")
    assert reviews.withdrawal(withdrawal.id).confirmed_by == REVIEWER.name


def test_nobody_confirms_his_own_withdrawal(office: Office, publisher: Client) -> None:
    number = office.published()
    publisher.post(f"/items/{number}/withdraw", {"kind": "error", "reason": "附件放错"})
    (withdrawal,) = reviews.withdrawals(number)
    assert publisher.post(f"/items/{number}/withdrawals/{withdrawal.id}/confirm").status_code == 403


def test_a_withdrawal_of_no_known_kind_is_refused(office: Office, publisher: Client) -> None:
    number = office.published()
    assert publisher.post(f"/items/{number}/withdraw", {"kind": "whim", "reason": "x"}).status_code == 400


def test_a_correction_starts_a_new_revision(office: Office, editor: Client) -> None:
    number = office.published()
    editor.post(f"/items/{number}/amend", {"reason": "补充附件"})
    assert state(number) is ItemState.DRAFT
    assert items.latest_revision(number).number == 2


def test_decisions_made_at_the_desk_say_so_in_the_audit(office: Office, reviewer: Client) -> None:
    number = office.submitted()
    approve(reviewer, number)
    event = audit.of_subject(f"item:{number}")[-1]
    assert (event.action, event.actor, event.via) == ("item.approved", REVIEWER.name, "desk")


def test_the_audit_keeps_the_five_ticks(office: Office, reviewer: Client) -> None:
    number = office.submitted()
    approve(reviewer, number)
    data = audit.of_subject(f"item:{number}")[-1].data
    assert data["checked"] == ["politics", "law", "policy", "secrecy", "wording"]


def test_refusals_speak_chinese_to_the_reader(office: Office, editor: Client) -> None:
    number = office.submitted()
    form = {"level": "1", "seen": "x", **TICKS}
    text = editor.post(f"/items/{number}/approve", form).content.decode()
    assert "与您看到的不同" in text or "角色“编辑”不能执行“通过本级审核”" in text


def test_a_stopped_delivery_shows_why_and_what_to_do(office: Office, publisher: Client) -> None:
    number = office.published(weibo=NeedsPerson(Message("ledger.never_arrives")))
    text = publisher.get(f"/items/{number}").content.decode()
    for words in ("需人工", "每次回查都确认平台上没有", "请检查网络和平台状态", "重试", "已在渠道上", "21301"):
        assert words in text


def test_the_five_previews_show_the_channels_versions(office: Office, publisher: Client) -> None:
    number = office.submitted("安全检查预告")
    text = publisher.get(f"/items/{number}").content.decode()
    for words in ("网站预览", "微信预览", "客户端正文预览", "960 × 480 像素", "/ 140 字（微博计法）"):
        assert words in text
    for channel in ("website", "wechat", "app"):
        assert "安全检查预告" in publisher.get(f"/items/{number}/preview/{channel}").content.decode()


def test_a_preview_of_no_channel_of_the_item_is_not_found(office: Office, publisher: Client) -> None:
    assert publisher.get(f"/items/{office.submitted()}/preview/nowhere").status_code == 404


def test_a_screen_is_drawn_at_its_pixels(office: Office, publisher: Client) -> None:
    import io

    from PIL import Image

    from syndicate.channels.drawing import find_font
    from tests.conftest import lack

    if find_font() is None:
        lack("no Chinese font is installed: apt-get install fonts-noto-cjk")
    response = publisher.get(f"/items/{office.submitted()}/preview/led.png")
    assert Image.open(io.BytesIO(response.content)).size == (960, 480)


def test_files_of_the_item_are_served_and_no_others(office: Office, editor: Client) -> None:
    number = office.reprint("转载", "<p>文</p>", 2)
    picture, sheet = items.latest_revision(number).content.attachments
    shown = editor.get(f"/items/{number}/files/{picture.sha256}")
    offered = editor.get(f"/items/{number}/files/{sheet.sha256}")
    assert shown.headers["Content-Type"] == "image/png"
    assert "attachment" in offered.headers["Content-Disposition"]
    assert offered.headers["Content-Type"] == "application/octet-stream"
    assert editor.get(f"/items/{office.submitted()}/files/{picture.sha256}").status_code == 404


def test_a_reprint_cannot_be_edited_but_is_shown_with_its_source(office: Office, editor: Client) -> None:
    number = office.reprint("转载", "<p>文</p>", 2)
    text = editor.get(f"/items/{number}").content.decode()
    assert "查看原文" in text
    assert f"/items/{number}/edit" not in text
    assert editor.get(f"/items/{number}/edit").status_code == 403


def test_an_item_whose_column_is_gone_is_shown_and_cannot_be_approved(
    own_configuration: Office, publisher: Client
) -> None:
    office = own_configuration
    number = office.submitted(column="interpretation")
    columns = office.home / "content" / "columns.yaml"
    columns.write_text(columns.read_text("utf-8").replace("  interpretation:", "  explained:"), "utf-8")
    reloaded = Office(office.home, office.now)
    office.workspace = reloaded.workspace
    response = publisher.get(f"/items/{number}")
    assert response.status_code == 200
    assert "渠道稿不能生成" in response.content.decode()


def test_the_page_and_the_decision_see_the_same_situation(office: Office) -> None:
    for number in (office.submitted(body=FAULTY), office.approved(), office.published(), office.draft()):
        page = item_page(office.workspace, number)
        assert situation_of(page) == review_situation(page.item, page.revision, page.findings)


def test_the_item_page_needs_at_most_fifteen_queries(office: Office, log_in: LogIn) -> None:
    number = office.published(weibo=NeedsPerson(Message("ledger.never_arrives")))
    from syndicate.flow.withdraw import withdraw

    withdraw(office.workspace, PUBLISHER, number, WithdrawalKind.ERROR, "附件放错")
    for actor in (EDITOR, PUBLISHER, ADMIN):
        client = log_in(actor)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/items/{number}")
        assert len(queries) <= 15


def test_a_page_with_very_many_findings_lists_the_first_ones_and_says_so(office: Office, reviewer: Client) -> None:
    number = office.submitted(body="<p>" + "秸杆，" * 260 + "</p>")
    text = reviewer.get(f"/items/{number}").content.decode()
    assert "处未列出" in text
    assert len(text) < 400_000


def test_before_a_withdrawal_every_channel_says_what_will_happen(office: Office, publisher: Client) -> None:
    page = _text(publisher.get(f"/items/{office.published()}"))
    assert "撤稿后，各渠道会这样处理" in page
    assert "网页换成经批准的撤下说明" in page
    assert "更正稿终审通过后，各渠道会这样处理" in page


def test_who_may_not_withdraw_sees_no_such_table(office: Office, editor: Client) -> None:
    assert "撤稿后，各渠道会这样处理" not in _text(editor.get(f"/items/{office.published()}"))


def test_an_original_that_its_source_took_down_opens_the_withdrawal_with_its_reason(
    office: Office, publisher: Client
) -> None:
    number = office.published()
    url = "https://www.example.gov.cn/gone.html"
    items.add_source(number, "shengzhengfu", "key", url, office.now)
    store_original(Original(number, "shengzhengfu", "key", url, "样例", gone_at=office.now))
    page = _text(publisher.get(f"/items/{number}"))
    assert "原文已不在" in page
    assert f"来源单位已撤下原文：{url}</textarea>" in page
    assert url not in _text(publisher.get("/queue"))
    assert "原文已被来源撤下" in _text(publisher.get("/"))


def test_a_task_for_a_person_says_until_when(office: Office, publisher: Client) -> None:
    number = office.published(weibo=NeedsPerson(Message("channels.no_look", {"step": "share"})))
    assert "前办完" in _text(publisher.get(f"/items/{number}"))
    office.wait(hours=25)
    assert 'class="deadline over"' in _text(publisher.get("/deliveries"))
