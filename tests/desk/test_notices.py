from __future__ import annotations

import pytest
from django.test import Client

from syndicate.flow import notices as flow
from syndicate.flow import personal_tokens
from syndicate.model.notice import Event, How
from syndicate.model.token import Scope
from syndicate.records import audit, notices
from tests.desk.conftest import LogIn
from tests.desk.office import EDITOR, PUBLISHER, REVIEWER, Office


@pytest.fixture
def told(office: Office) -> Office:
    """An office with one item of which reviewer and publisher were told."""
    flow.collect(office.workspace)
    office.submitted("食品抽检结果")
    flow.collect(office.workspace)
    return office


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def mine(name: str) -> notices.NoticeRecord:
    return next(one for one in notices.of_person(name, 50) if one.event is Event.SUBMITTED)


def test_the_bell_says_how_many_are_unread(told: Office, reviewer: Client, editor: Client) -> None:
    unread = notices.unread(REVIEWER.name)
    assert f">{unread}<" in text(reviewer, "/notices/count")
    notices.read(EDITOR.name, None, told.now)
    assert text(editor, "/notices/count").strip() == ""


def test_the_bell_stands_on_every_page(told: Office, reviewer: Client) -> None:
    assert 'href="/notices"' in text(reviewer, "/queue")


def test_a_notice_says_what_happened_and_what_to_do(told: Office, reviewer: Client) -> None:
    page = text(reviewer, "/notices")
    for words in ("食品抽检结果", "等您审核", "请打开审核", "未读"):
        assert words in page


def test_following_a_notice_leads_to_its_place_and_marks_it_as_read(told: Office, reviewer: Client) -> None:
    notice = mine(REVIEWER.name)
    response = reviewer.post(f"/notices/{notice.id}/follow")
    assert (response.status_code, response.headers["Location"]) == (302, notice.place)
    assert mine(REVIEWER.name).read_at == told.now


def test_nobody_reads_somebody_elses_notices(told: Office, editor: Client) -> None:
    notice = mine(REVIEWER.name)
    assert editor.post(f"/notices/{notice.id}/follow").status_code == 404
    assert "食品抽检结果" not in text(editor, "/notices")
    assert mine(REVIEWER.name).read_at is None


def test_all_can_be_marked_as_read(told: Office, reviewer: Client) -> None:
    reviewer.post("/notices/read")
    assert notices.unread(REVIEWER.name) == 0
    assert notices.unread(PUBLISHER.name) > 0


def test_a_title_in_a_notice_is_never_markup(office: Office, reviewer: Client) -> None:
    flow.collect(office.workspace)
    office.submitted("<script>alert(1)</script>")
    flow.collect(office.workspace)
    assert "<script>alert" not in text(reviewer, "/notices")


@pytest.mark.parametrize("actor", [EDITOR, REVIEWER, PUBLISHER], ids=str)
def test_everybody_sees_only_the_events_that_can_concern_him(office: Office, log_in: LogIn, actor: object) -> None:
    page = text(log_in(actor), "/notices/settings")  # type: ignore[arg-type]
    assert ('name="withdrawn"' in page) is (actor != EDITOR)
    assert 'name="returned"' in page


def test_a_choice_is_kept_and_audited_and_what_is_usual_is_not(office: Office, editor: Client) -> None:
    given = {"address": " e@example.gov.cn ", "returned": "desk", "approved": "desk", "published": "x", "z": "now"}
    assert editor.post("/notices/settings", given).status_code == 302
    reader = notices.reader(EDITOR.name)
    assert (reader.address, dict(reader.choices)) == ("e@example.gov.cn", {Event.RETURNED: How.DESK})
    last = audit.of_subject(f"user:{EDITOR.name}")[-1]
    assert (last.action, last.actor) == ("user.notices", EDITOR.name)
    assert "e@example" not in str(last.data)


@pytest.mark.parametrize("address", ["x", "a@b.cn\r\nBcc: c@d.cn", "a b@c.cn", "<a@b.cn>", "甲@例.cn", "a@b@c.cn"])
def test_an_address_that_is_none_is_refused_and_shown_again(office: Office, editor: Client, address: str) -> None:
    response = editor.post("/notices/settings", {"address": address})
    assert response.status_code == 400
    assert "邮箱地址" in response.content.decode()
    assert notices.reader(EDITOR.name).address == ""


def test_a_token_is_shown_once(office: Office, editor: Client) -> None:
    made = editor.post("/tokens/make", {"label": "统计", "scope": ["read"], "days": "30"}).content.decode()
    (token,) = personal_tokens.listed(office.workspace, EDITOR, EDITOR.name)
    assert (token.label, token.scopes) == ("统计", {Scope.READ})
    assert 'aria-label="新令牌"' in made
    again = text(editor, "/tokens")
    assert "统计" in again
    assert "新令牌" not in again


@pytest.mark.parametrize(
    "change", [{"label": ""}, {"label": "长" * 61}, {"scope": []}, {"days": "0"}, {"days": "9999"}, {"days": "x"}]
)
def test_a_token_that_cannot_be_is_refused(office: Office, editor: Client, change: dict[str, object]) -> None:
    given = {"label": "统计", "scope": ["read"], "days": "30", **change}
    assert editor.post("/tokens/make", given).status_code == 400
    assert personal_tokens.listed(office.workspace, EDITOR, EDITOR.name) == ()


def test_an_own_token_can_be_ended_and_nobody_elses(office: Office, editor: Client, reviewer: Client) -> None:
    editor.post("/tokens/make", {"label": "统计", "scope": ["read"], "days": "30"})
    (token,) = personal_tokens.listed(office.workspace, EDITOR, EDITOR.name)
    assert reviewer.post(f"/tokens/{token.id}/revoke").status_code == 404
    assert editor.post(f"/tokens/{token.id}/revoke").status_code == 302
    assert personal_tokens.listed(office.workspace, EDITOR, EDITOR.name) == ()
    assert [one.action for one in audit.of_subject(f"user:{EDITOR.name}")] == ["user.token", "user.token_revoked"]
