from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import URLPattern

from syndicate.desk.urls import urlpatterns
from syndicate.records import audit, people
from tests.desk.conftest import client_of, logged_in
from tests.desk.office import EDITOR, PASSWORD, PUBLISHER, Office

OPEN = {"login", "log_in_code", "link", "use_link", "language", "healthz", "metrics"}
PAGES = [pattern for pattern in urlpatterns if isinstance(pattern, URLPattern)]
"""All but the interface for programs, which knows tokens and no sessions."""


def address(pattern: object) -> str:
    """An address that fits a pattern."""
    route = str(pattern.pattern)  # type: ignore[attr-defined]
    return "/" + re.sub(r"<(\w+):\w+>", lambda found: "1" if found[1] == "int" else "x", route)


def attempt(client: Client, name: str = EDITOR.name, password: str = PASSWORD, target: str = "") -> object:
    return client.post("/login", {"name": name, "password": password, "next": target})


def actions() -> list[str]:
    return [event.action for event in audit.everything()]


def test_every_page_asks_for_a_log_in(office: Office, stranger: Client) -> None:
    for pattern in (pattern for pattern in PAGES if pattern.name not in OPEN):
        for send in (stranger.get, stranger.post):
            response = send(address(pattern))
            assert (pattern.name, response.status_code) == (pattern.name, 302)
            assert response.headers["Location"].startswith("/login")


def test_static_files_need_no_session(stranger: Client) -> None:
    response = stranger.get("/static/desk/desk.css")
    assert response.status_code == 200
    assert b"--main" in response.getvalue()


def test_no_form_is_taken_without_proof_of_origin(office: Office) -> None:
    client = logged_in(office, PUBLISHER, enforce_csrf_checks=True)
    statuses = {pattern.name: client.post(address(pattern)).status_code for pattern in PAGES}
    assert statuses == dict.fromkeys(statuses, 403)


def test_somebody_logs_in(office: Office, stranger: Client) -> None:
    assert attempt(stranger).status_code == 302
    assert stranger.get("/").status_code == 200


def test_a_log_in_is_written_down(office: Office, stranger: Client) -> None:
    attempt(stranger)
    event = list(audit.everything())[-1]
    assert (event.action, event.actor, event.via) == ("login.succeeded", EDITOR.name, "desk")


def test_a_failed_log_in_is_written_down(office: Office, stranger: Client) -> None:
    assert attempt(stranger, password="falsch").status_code == 403
    assert actions() == ["login.failed"]


def test_a_wrong_password_and_an_unknown_name_look_the_same(office: Office, stranger: Client) -> None:
    wrong, unknown = attempt(stranger, password="falsch"), attempt(stranger, name="无此人")
    assert wrong.status_code == unknown.status_code
    assert "用户名或密码不正确" in wrong.content.decode()
    assert "用户名或密码不正确" in unknown.content.decode()


def test_an_unknown_name_is_not_kept(office: Office, stranger: Client) -> None:
    attempt(stranger, name="secret-typed-into-the-wrong-field")
    assert "secret-typed" not in repr(list(audit.everything()))


def test_five_failures_must_wait_even_with_the_right_password(office: Office, stranger: Client) -> None:
    for _ in range(5):
        attempt(stranger, password="falsch")
    response = attempt(stranger)
    assert response.status_code == 403
    assert "15 分钟" in response.content.decode()


def test_waiting_writes_nothing(office: Office, stranger: Client) -> None:
    for _ in range(8):
        attempt(stranger, password="falsch")
    assert len(actions()) == 5


def test_after_fifteen_minutes_one_may_try_again(office: Office, stranger: Client) -> None:
    for _ in range(5):
        attempt(stranger, password="falsch")
    office.wait(minutes=16)
    assert attempt(stranger).status_code == 302


def test_failures_from_elsewhere_do_not_lock_a_colleague_out_at_once(office: Office, stranger: Client) -> None:
    for _ in range(5):
        attempt(stranger, password="falsch")
    assert Client.post(client_of(office), "/login", {"name": EDITOR.name, "password": PASSWORD}, REMOTE_ADDR="10.0.0.9").status_code == 302  # fmt: skip


def test_one_address_cannot_try_all_names(office: Office, stranger: Client) -> None:
    for number in range(30):
        attempt(stranger, name=f"名字{number}")
    assert "暂时不能登录" in attempt(stranger).content.decode()


def test_a_disabled_person_cannot_log_in(office: Office, stranger: Client) -> None:
    people.disable(EDITOR.name)
    assert attempt(stranger).status_code == 403


def test_a_session_ends_when_its_person_is_disabled(office: Office, editor: Client) -> None:
    people.disable(EDITOR.name)
    assert editor.get("/").status_code == 302


def test_logging_out_ends_the_session(office: Office, editor: Client) -> None:
    editor.post("/logout")
    assert editor.get("/").status_code == 302
    assert actions() == ["login.ended"]


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_a_log_in_never_leads_elsewhere(office: Office, stranger: Client, target: str) -> None:
    assert attempt(stranger, target=target).headers["Location"] == "/"


def test_a_log_in_leads_to_the_page_that_was_asked_for(office: Office, stranger: Client) -> None:
    assert attempt(stranger, target="/queue?tab=own").headers["Location"] == "/queue?tab=own"


def test_a_one_time_link_sets_a_password(office: Office, stranger: Client) -> None:
    token = people.make_link(EDITOR.name, office.now)
    assert "设置密码" in stranger.get(f"/link/{token}").content.decode()
    stranger.post("/link", {"token": token, "password": "另一个样例口令-2026", "again": "另一个样例口令-2026"})
    assert attempt(stranger, password="另一个样例口令-2026").status_code == 302
    assert "user.password_set" in actions()


def test_a_one_time_link_works_once(office: Office, stranger: Client) -> None:
    token = people.make_link(EDITOR.name, office.now)
    form = {"token": token, "password": "另一个样例口令-2026", "again": "另一个样例口令-2026"}
    stranger.post("/link", form)
    response = stranger.post("/link", form)
    assert response.status_code == 403
    assert "链接已失效或已使用" in response.content.decode()


def test_two_different_passwords_are_refused(office: Office, stranger: Client) -> None:
    token = people.make_link(EDITOR.name, office.now)
    response = stranger.post("/link", {"token": token, "password": "另一个样例口令-2026", "again": "别的"})
    assert response.status_code == 400


def test_a_weak_password_is_refused_with_what_to_do(office: Office, stranger: Client) -> None:
    token = people.make_link(EDITOR.name, office.now)
    response = stranger.post("/link", {"token": token, "password": "12345678", "again": "12345678"})
    assert response.status_code == 400
    assert "至少 12 位" in response.content.decode()


def test_a_new_password_ends_older_sessions(office: Office, editor: Client) -> None:
    people.set_password(EDITOR.name, "另一个样例口令-2026")
    assert editor.get("/").status_code == 302


def test_every_page_forbids_scripts_and_styles_in_its_text(office: Office, editor: Client) -> None:
    policy = editor.get("/queue").headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy


def test_pages_have_no_script_or_style_in_their_text(office: Office, publisher: Client) -> None:
    number = office.submitted()
    for page in ("/", "/queue", f"/items/{number}", "/items/new", "/deliveries", "/reports"):
        text = publisher.get(page).content.decode()
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src=)", text)


def test_frames_run_nothing(office: Office, publisher: Client) -> None:
    number = office.submitted()
    for page in ("text", "preview/website", "preview/wechat"):
        policy = publisher.get(f"/items/{number}/{page}").headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "sandbox" in policy
        assert "script" not in policy


def test_pages_cannot_be_framed_or_guessed_or_kept(office: Office, editor: Client) -> None:
    headers = editor.get("/queue").headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(office: Office, stranger: Client) -> None:
    attempt(stranger)
    cookie = stranger.cookies["desk-session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_a_foreign_host_name_is_refused(office: Office) -> None:
    assert client_of(office).get("/login", headers={"host": "evil.example"}).status_code == 400


def test_an_unknown_address_says_what_to_do(office: Office, editor: Client) -> None:
    response = editor.get("/nowhere")
    assert response.status_code == 404
    assert "从菜单重新进入" in response.content.decode()


def test_a_missing_item_says_what_to_do(office: Office, editor: Client) -> None:
    response = editor.get("/items/999")
    assert response.status_code == 404
    assert "没有编号为 999 的稿件" in response.content.decode()
