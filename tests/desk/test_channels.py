"""The page of the channels: states, quotas, stop and start, and Weibo's authorisation against the sandbox."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.test import Client

from syndicate.config.load import load
from syndicate.flow.channel_accounts import hold, renewed
from syndicate.model.account import AccountState
from syndicate.model.channel import Token
from syndicate.records import accounts, audit
from syndicate.records import items as item_records
from syndicate.records.quotas import CallCounts
from syndicate.sandbox.clock import Clock
from syndicate.sandbox.drill import Sandbox
from syndicate.sandbox.faults import FaultPlan
from tests.desk.conftest import LogIn
from tests.desk.office import ADMIN, EDITOR, PUBLISHER, Office

OLD = "2.00old"


@pytest.fixture
def admin(log_in: LogIn) -> Client:
    return log_in(ADMIN)


def reload(office: Office) -> None:
    """The office reads its changed channels; its rules stay as they were compiled."""
    assert office.prepared
    office.prepared = replace(office.prepared, snapshot=load(office.home))
    office.workspace.close()
    office.__post_init__()


@pytest.fixture
def weibo(own_configuration: Office) -> Iterator[str]:
    """A drill Weibo that this office's channel leads to; its address."""
    office = own_configuration
    with Sandbox(FaultPlan(), Clock(lambda: office.now)) as addresses:
        path = office.home / "channels" / "weibo.yaml"
        path.write_text(re.sub("base_url: .*", f"base_url: {addresses.weibo}", path.read_text("utf-8")), "utf-8")
        reload(office)
        yield addresses.weibo


def text(client: Client, address: str = "/channels") -> str:
    return client.get(address).content.decode()


def begun(admin: Client) -> str:
    """Weibo's address as the desk gives it."""
    page = admin.post("/channels/weibo/authorise").content.decode()
    found = re.search(r'href="([^"]+oauth2/authorize[^"]+)"', page)
    assert found
    return found[1].replace("&amp;", "&")


def way_back(address: str) -> str:
    """Where Weibo sends the browser after the account's holder has agreed."""
    answer = httpx.get(address, follow_redirects=False)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["location"])
    return f"{back.path}?{back.query}"


def test_every_channel_is_there_with_its_state(office: Office, editor: Client) -> None:
    page = text(editor)
    assert all(channel.title in page for channel in office.workspace.snapshot.channels.values())
    assert page.count("正常") == len(office.workspace.snapshot.channels)


def test_what_is_left_of_the_calls_is_shown(office: Office, editor: Client) -> None:
    CallCounts().take(office.workspace.channel("weibo"), "statuses/share", office.workspace.now())
    assert '每小时发微博</td><td class="number">1</td><td class="number">29</td>' in text(editor)


def test_a_stopped_channel_says_who_stopped_it_and_why(office: Office, publisher: Client) -> None:
    publisher.post("/channels/weibo/hold", {"reason": "账号疑似被盗"})
    page = text(publisher)
    assert "账号疑似被盗" in page
    assert "待第二人确认" in page


def test_a_stop_without_a_reason_is_refused(office: Office, publisher: Client) -> None:
    assert publisher.post("/channels/weibo/hold", {"reason": " "}).status_code == 403
    assert accounts.get("weibo").state is AccountState.OK


def test_an_editor_sees_no_buttons_that_would_not_work(office: Office, editor: Client) -> None:
    page = text(editor)
    assert "/channels/weibo/hold" not in page
    assert "/channels/weibo/authorise" not in page


def test_a_stopped_channel_is_on_the_overview_until_it_is_started(office: Office, publisher: Client) -> None:
    hold(office.workspace, PUBLISHER, "weibo", "样例")
    assert "渠道账号" in text(publisher, "/")
    publisher.post("/channels/weibo/release", {"reason": "样例"})
    assert "渠道账号" not in text(publisher, "/")


def test_unknown_channels_and_verbs_are_not_found(office: Office, publisher: Client) -> None:
    assert publisher.post("/channels/telegraph/hold", {"reason": "样例"}).status_code == 404
    assert publisher.post("/channels/weibo/burn").status_code == 404


def test_an_authorisation_replaces_the_old_token(weibo: str, admin: Client, own_configuration: Office) -> None:
    office = own_configuration
    renewed(office.workspace, ADMIN, "weibo", Token(OLD, office.now + timedelta(days=1)))
    page = admin.get(way_back(begun(admin)), follow=True).content.decode()
    kept = office.workspace.tokens.get("weibo")
    assert kept
    assert kept.value != OLD
    assert "已重新授权，有效期至" in page


def test_an_authorisation_is_audited_without_code_and_token(
    weibo: str, admin: Client, own_configuration: Office
) -> None:
    back = way_back(begun(admin))
    admin.get(back)
    rows = audit.of_subject("channel:weibo")
    assert [(row.action, row.actor) for row in rows] == [("account.authorised", ADMIN.name)]
    kept = own_configuration.workspace.tokens.get("weibo")
    assert kept
    assert kept.value not in repr(rows)
    assert parse_qs(urlsplit(back).query)["code"][0] not in repr(rows)


def test_a_state_works_once(weibo: str, admin: Client, own_configuration: Office) -> None:
    back = way_back(begun(admin))
    admin.get(back)
    again = admin.get(back)
    assert again.status_code == 403
    assert "不是从本工作台开始的，或已经用过" in again.content.decode()


@pytest.mark.parametrize("change", ["state=forged", "", "state="])
def test_a_way_back_without_our_state_changes_nothing(
    weibo: str, admin: Client, own_configuration: Office, change: str
) -> None:
    back = urlsplit(way_back(begun(admin)))
    code = parse_qs(back.query)["code"][0]
    assert admin.get(f"{back.path}?code={code}&{change}").status_code == 403
    assert own_configuration.workspace.tokens.get("weibo") is None


def test_a_state_of_somebody_elses_session_is_refused(weibo: str, log_in: LogIn, own_configuration: Office) -> None:
    back = way_back(begun(log_in(ADMIN)))
    assert log_in(ADMIN).get(back).status_code == 403
    assert own_configuration.workspace.tokens.get("weibo") is None


def test_only_administrators_end_an_authorisation(weibo: str, log_in: LogIn, own_configuration: Office) -> None:
    admin = log_in(ADMIN)
    back = way_back(begun(admin))
    session = admin.session["authorising"]
    editor = log_in(EDITOR)
    stored = editor.session
    stored["authorising"] = session
    stored.save()
    assert editor.get(back).status_code == 403
    assert own_configuration.workspace.tokens.get("weibo") is None


def test_a_holder_who_refuses_changes_nothing(weibo: str, admin: Client, own_configuration: Office) -> None:
    state = parse_qs(urlsplit(begun(admin)).query)["state"][0]
    answer = admin.get("/channels/weibo/authorised", {"error": "access_denied", "state": state})
    assert answer.status_code == 403
    assert "选择同意" in answer.content.decode()


def test_a_code_that_weibo_does_not_know_is_told(weibo: str, admin: Client, own_configuration: Office) -> None:
    state = parse_qs(urlsplit(begun(admin)).query)["state"][0]
    answer = admin.get("/channels/weibo/authorised", {"code": "f" * 32, "state": state})
    assert answer.status_code == 403
    assert "21325" in answer.content.decode()


def test_another_account_is_refused_and_the_old_token_stays(
    weibo: str, admin: Client, own_configuration: Office
) -> None:
    office = own_configuration
    path = office.home / "channels" / "weibo.yaml"
    path.write_text(path.read_text("utf-8").replace("settings:\n", "settings:\n  uid: '42'\n"), "utf-8")
    reload(office)
    assert admin.get(way_back(begun(admin))).status_code == 403
    assert office.workspace.tokens.get("weibo") is None


def test_a_weibo_that_does_not_answer_is_told(own_configuration: Office, admin: Client) -> None:
    state = parse_qs(urlsplit(begun(admin)).query)["state"][0]
    answer = admin.get("/channels/weibo/authorised", {"code": "f" * 32, "state": state})
    assert answer.status_code == 502


def test_editors_make_a_mass_message_of_what_waits_for_it(own_configuration: Office, editor: Client) -> None:
    office = own_configuration
    path = office.home / "channels" / "wechat.yaml"
    path.write_text(path.read_text("utf-8").replace("settings:\n", "settings:\n  mode: push\n"), "utf-8")
    reload(office)
    numbers = [office.approved(f"群发样例{name}") for name in ("甲", "乙")]
    page = text(editor)
    assert "群发样例甲" in page
    answer = editor.post("/channels/wechat/bundle", {"item": [str(one) for one in numbers]}, follow=True)
    assert "群发（2 篇）" in answer.content.decode()
    made = item_records.get(max(numbers) + 1)
    assert (made.kind, made.state) == ("bundle", "submitted")
    preview = editor.get(f"/items/{made.id}/preview/wechat").content.decode()
    assert preview.count("检查企业十二家") == 2


def test_a_mass_message_without_articles_is_refused(own_configuration: Office, editor: Client) -> None:
    assert editor.post("/channels/wechat/bundle").status_code == 400
    assert editor.post("/channels/wechat/bundle", {"item": ["x", "9" * 30]}).status_code == 400


def test_a_channel_without_the_applications_keys_has_no_authorisation(office: Office, admin: Client) -> None:
    assert admin.post("/channels/app/authorise").status_code == 400
