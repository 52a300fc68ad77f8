"""One's own account: language, password, second factor and how long a session lasts."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from django.test import Client
from django_otp.oath import hotp

from syndicate.flow import logins, second_factor
from syndicate.model.office import SecondFactorDuty
from syndicate.records import audit, second_factors
from syndicate.records.models.people import SecondFactor
from tests.desk.conftest import LogIn, client_of
from tests.desk.office import ADMIN, EDITOR, PASSWORD, PUBLISHER, Office

NEW = "另一个样例口令-2026-云川"


def actions() -> list[str]:
    return [event.action for event in audit.everything()]


def code_of(office: Office, key: str, steps: int = 0) -> str:
    """What the telephone shows now, or some steps later."""
    return f"{hotp(base64.b32decode(key.replace(' ', '')), int(office.now.timestamp()) // 30 + steps):06d}"


def set_up(office: Office, client: Client) -> tuple[str, list[str]]:
    """Use the pages as a person does: the key and the recovery codes."""
    client.post("/account/factor")
    page = client.get("/account").content.decode()
    key = re.findall(r"<code>([A-Z2-7 ]{32,})</code>", page)[0]
    done = client.post("/account/factor/confirm", {"code": code_of(office, key)}).content.decode()
    return key, re.findall(r"<code>([a-z2-9]{5}-[a-z2-9]{5})</code>", done)


def give_password(client: Client, name: str = EDITOR.name, password: str = PASSWORD) -> str:
    return client.post("/login", {"name": name, "password": password}).content.decode()


def test_pages_are_chinese_by_default(editor: Client) -> None:
    page = editor.get("/account").content.decode()
    assert '<html lang="zh-Hans">' in page
    assert "更改密码" in page


def test_somebody_switches_to_english(editor: Client) -> None:
    editor.post("/language", {"language": "en", "next": "/account"})
    page = editor.get("/account").content.decode()
    assert '<html lang="en">' in page
    assert "Change the password" in page


def test_the_language_is_kept_with_the_person(office: Office, editor: Client, log_in: LogIn) -> None:
    editor.post("/language", {"language": "en"})
    assert "Change the password" in log_in(EDITOR).get("/account").content.decode()
    assert actions()[-1] == "user.language"


def test_the_log_in_page_can_be_english(stranger: Client) -> None:
    stranger.post("/language", {"language": "en"})
    assert "User name" in stranger.get("/login").content.decode()


def test_errors_are_told_in_english_to_whom_reads_english(stranger: Client) -> None:
    stranger.post("/language", {"language": "en"})
    assert "The name or the password is wrong." in give_password(stranger, password="wrong")


def test_an_unknown_language_is_refused(editor: Client) -> None:
    assert editor.post("/language", {"language": "xx"}).status_code == 400


def test_the_switch_leads_to_no_foreign_page(editor: Client) -> None:
    response = editor.post("/language", {"language": "en", "next": "https://elsewhere.example/"})
    assert response.headers["Location"] == "/"


def test_somebody_changes_the_password(office: Office, editor: Client, stranger: Client) -> None:
    editor.post("/account/password", {"old": PASSWORD, "password": NEW, "again": NEW})
    assert "user.password_set" in actions()
    assert stranger.post("/login", {"name": EDITOR.name, "password": NEW}).status_code == 302


def test_other_sessions_end_with_the_password(editor: Client, log_in: LogIn) -> None:
    other = log_in(EDITOR)
    editor.post("/account/password", {"old": PASSWORD, "password": NEW, "again": NEW})
    assert (editor.get("/account").status_code, other.get("/account").status_code) == (200, 302)


def test_a_wrong_old_password_changes_nothing_and_counts(editor: Client, stranger: Client) -> None:
    response = editor.post("/account/password", {"old": "wrong", "password": NEW, "again": NEW})
    assert response.status_code == 403
    assert actions() == ["login.failed"]
    assert stranger.post("/login", {"name": EDITOR.name, "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize("weak", ["short", "1234567890123", "password1234", PASSWORD])
def test_a_weak_or_the_same_password_is_refused(editor: Client, weak: str) -> None:
    assert editor.post("/account/password", {"old": PASSWORD, "password": weak, "again": weak}).status_code == 400


def test_a_session_ends_when_its_account_is_disabled(office: Office, editor: Client) -> None:
    from syndicate.flow import leaving

    leaving.disable(office.workspace, ADMIN, EDITOR.name)
    assert editor.get("/account").status_code == 302


def test_an_unused_session_ends(office: Office, stranger: Client) -> None:
    give_password(stranger)
    office.wait(minutes=61)
    assert stranger.get("/account").headers["Location"] == "/login?next=%2Faccount&over=1"
    assert actions()[-1] == "login.ended"


def test_a_used_session_goes_on(office: Office, stranger: Client) -> None:
    give_password(stranger)
    for _ in range(3):
        office.wait(minutes=40)
        assert stranger.get("/account").status_code == 200


def test_what_pages_ask_for_by_themselves_keeps_no_session(office: Office, stranger: Client) -> None:
    give_password(stranger)
    office.wait(minutes=40)
    assert stranger.get("/queue/counts").status_code == 200
    office.wait(minutes=40)
    assert stranger.get("/account").status_code == 302


def test_no_session_lives_longer_than_a_working_day(office: Office, stranger: Client) -> None:
    give_password(stranger)
    for _ in range(12):
        office.wait(minutes=40)
        assert stranger.get("/account").status_code == 200
    office.wait(minutes=1)
    assert stranger.get("/account").status_code == 302


def test_a_second_factor_is_asked_for_after_the_password(office: Office, editor: Client, stranger: Client) -> None:
    key, _ = set_up(office, editor)
    office.wait(minutes=1)
    assert "验证码" in give_password(stranger)
    assert stranger.get("/account").status_code == 302
    assert stranger.post("/login/code", {"code": code_of(office, key)}).status_code == 302
    assert stranger.get("/account").status_code == 200


def test_a_code_works_once(office: Office, editor: Client) -> None:
    key, _ = set_up(office, editor)
    office.wait(minutes=1)
    code = code_of(office, key)
    assert second_factor.check(office.workspace, EDITOR.name, code)
    assert not second_factor.check(office.workspace, EDITOR.name, code)


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_off_by_half_a_minute(office: Office, editor: Client, steps: int, fits: bool) -> None:
    key, _ = set_up(office, editor)
    office.wait(minutes=5)
    assert second_factor.check(office.workspace, EDITOR.name, code_of(office, key, steps)) is fits


def test_a_wrong_code_lets_nobody_in_and_counts(office: Office, editor: Client, stranger: Client) -> None:
    set_up(office, editor)
    give_password(stranger)
    for _ in range(5):
        assert stranger.post("/login/code", {"code": "000000"}).status_code == 403
    assert actions().count("login.failed") == 5
    assert "次数过多" in stranger.post("/login/code", {"code": "000000"}).content.decode()


@pytest.mark.parametrize("code", ["", "１２３４５６", "12345", "abcdef", "\0\0\0\0\0\0", "9" * 5000])
def test_what_is_no_code_is_refused(office: Office, editor: Client, stranger: Client, code: str) -> None:
    set_up(office, editor)
    give_password(stranger)
    assert stranger.post("/login/code", {"code": code}).status_code == 403


def test_a_code_without_a_password_lets_nobody_in(office: Office, editor: Client) -> None:
    key, _ = set_up(office, editor)
    office.wait(minutes=1)
    assert client_of(office).post("/login/code", {"code": code_of(office, key)}).status_code == 403


def test_the_code_must_follow_soon(office: Office, editor: Client, stranger: Client) -> None:
    key, _ = set_up(office, editor)
    give_password(stranger)
    office.wait(minutes=11)
    assert stranger.post("/login/code", {"code": code_of(office, key)}).status_code == 403


def test_a_recovery_code_works_once(office: Office, editor: Client) -> None:
    _, codes = set_up(office, editor)
    assert len(set(codes)) == 10
    assert second_factor.check(office.workspace, EDITOR.name, codes[0].upper())
    assert not second_factor.check(office.workspace, EDITOR.name, codes[0])


def test_new_recovery_codes_end_the_old_ones(office: Office, editor: Client) -> None:
    _, codes = set_up(office, editor)
    editor.post("/account/factor/codes")
    assert not second_factor.check(office.workspace, EDITOR.name, codes[0])


def test_the_key_is_encrypted_and_shown_only_until_it_is_used(office: Office, editor: Client) -> None:
    key, _ = set_up(office, editor)
    stored = bytes(SecondFactor.objects.get().encrypted)
    assert base64.b32decode(key.replace(" ", "")) not in stored
    assert key not in editor.get("/account").content.decode()
    assert key.replace(" ", "") not in repr(list(audit.everything()))


def test_another_office_key_says_who_helps(office: Office, editor: Client, tmp_path: Path) -> None:
    from syndicate.errors import NotAllowed

    set_up(office, editor)
    with pytest.raises(NotAllowed, match="syndicate user reset-factor"):
        second_factors.SecondFactors(b"another").check(EDITOR.name, "123456", office.now)


def test_only_an_administrator_takes_a_factor_away(office: Office, editor: Client) -> None:
    from syndicate.errors import NotAllowed

    set_up(office, editor)
    with pytest.raises(NotAllowed):
        second_factor.reset(office.workspace, PUBLISHER, EDITOR.name)
    second_factor.reset(office.workspace, ADMIN, EDITOR.name)
    assert not second_factors.has(EDITOR.name)
    assert actions()[-1] == "user.factor_reset"


def test_a_factor_in_use_is_not_replaced_by_its_owner(office: Office, editor: Client) -> None:
    set_up(office, editor)
    assert editor.post("/account/factor").status_code == 403


@pytest.mark.parametrize(
    ("duty", "editors", "publishers"),
    [
        (SecondFactorDuty.NOBODY, 200, 200),
        (SecondFactorDuty.PUBLISHERS, 200, 302),
        (SecondFactorDuty.EVERYBODY, 302, 302),
    ],
)
def test_an_office_may_require_it(
    office: Office, editor: Client, publisher: Client, duty: SecondFactorDuty, editors: int, publishers: int
) -> None:
    from dataclasses import replace

    snapshot = office.workspace.snapshot
    office.workspace.snapshot = replace(snapshot, office=replace(snapshot.office, second_factor=duty))
    assert (editor.get("/queue").status_code, publisher.get("/queue").status_code) == (editors, publishers)
    assert publisher.get("/account").status_code == 200


def test_what_is_required_can_be_set_up_at_once(office: Office, publisher: Client) -> None:
    from dataclasses import replace

    snapshot = office.workspace.snapshot
    required = replace(snapshot.office, second_factor=SecondFactorDuty.EVERYBODY)
    office.workspace.snapshot = replace(snapshot, office=required)
    set_up(office, publisher)
    assert publisher.get("/queue").status_code == 200


def test_an_administrator_lets_a_name_be_tried_again(office: Office, stranger: Client) -> None:
    for _ in range(5):
        give_password(stranger, password="wrong")
    assert "次数过多" in give_password(stranger)
    assert logins.failing(office.workspace, [EDITOR.name, ADMIN.name]) == {EDITOR.name}
    logins.unlock(office.workspace, ADMIN, EDITOR.name)
    assert stranger.post("/login", {"name": EDITOR.name, "password": PASSWORD}).status_code == 302
    assert logins.failing(office.workspace, [EDITOR.name]) == frozenset()
