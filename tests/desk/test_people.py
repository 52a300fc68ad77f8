from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from syndicate.model.review import Role
from syndicate.records import audit, people
from tests.desk.conftest import LogIn
from tests.desk.office import ADMIN, EDITOR, REVIEWER, Office


@pytest.fixture
def admin(log_in: LogIn) -> Client:
    return log_in(ADMIN)


def link_in(text: str) -> str:
    return re.search(r"http://127\.0\.0\.1(/link/[\w-]+)", text)[1]


def test_a_new_person_gets_a_link_that_works(office: Office, admin: Client, stranger: Client) -> None:
    text = admin.post("/people/add", {"name": "新人（样例）", "role": "reviewer"}).content.decode()
    assert stranger.get(link_in(text)).status_code == 200
    token = link_in(text).removeprefix("/link/")
    stranger.post("/link", {"token": token, "password": "新人的样例口令-2026", "again": "新人的样例口令-2026"})
    login = {"name": "新人（样例）", "password": "新人的样例口令-2026"}
    assert stranger.post("/login", login).status_code == 302


def test_a_link_is_shown_once(office: Office, admin: Client) -> None:
    admin.post("/people/add", {"name": "新人（样例）", "role": "reviewer"})
    assert "/link/" not in admin.get("/people").content.decode()


@pytest.mark.parametrize("name", ["", "  ", "a/b", "<b>", "x" * 40, "甲\n乙"])
def test_a_name_that_cannot_be_is_refused(office: Office, admin: Client, name: str) -> None:
    assert admin.post("/people/add", {"name": name, "role": "editor"}).status_code == 400


def test_a_name_that_is_taken_is_refused(office: Office, admin: Client) -> None:
    response = admin.post("/people/add", {"name": EDITOR.name, "role": "editor"})
    assert response.status_code == 400
    assert "已存在" in response.content.decode()


@pytest.mark.parametrize("role", ["system", "king", ""])
def test_only_roles_of_people_are_given(office: Office, admin: Client, role: str) -> None:
    assert admin.post("/people/add", {"name": "新人（样例）", "role": role}).status_code == 400


def test_a_role_is_changed_and_written_down(office: Office, admin: Client) -> None:
    admin.post("/people/change", {"name": EDITOR.name, "do": "role", "role": "reviewer"})
    assert people.person(EDITOR.name).role is Role.REVIEWER
    (event,) = audit.of_subject(f"user:{EDITOR.name}")
    assert (event.action, event.actor, event.via) == ("user.role", ADMIN.name, "desk")


def test_a_leaver_is_disabled(office: Office, admin: Client) -> None:
    admin.post("/people/change", {"name": EDITOR.name, "do": "disable"})
    assert not people.person(EDITOR.name).active


@pytest.mark.parametrize("change", [{"do": "disable"}, {"do": "role", "role": "editor"}])
def test_the_last_administrator_stays(office: Office, admin: Client, change: dict[str, str]) -> None:
    response = admin.post("/people/change", {"name": ADMIN.name, **change})
    assert response.status_code == 403
    assert people.person(ADMIN.name).role is Role.ADMIN
    assert people.person(ADMIN.name).active


def test_an_unknown_person_is_not_found(office: Office, admin: Client) -> None:
    assert admin.post("/people/change", {"name": "无此人", "do": "link"}).status_code == 404


def test_an_unknown_change_is_refused(office: Office, admin: Client) -> None:
    assert admin.post("/people/change", {"name": EDITOR.name, "do": "promote"}).status_code == 400


def test_a_leavers_work_is_handed_over_on_the_page(office: Office, admin: Client, log_in: LogIn) -> None:
    item = office.submitted()
    page = admin.post(
        "/people/change", {"name": EDITOR.name, "do": "disable", "successor": REVIEWER.name}, follow=True
    ).content.decode()
    assert f"由 {REVIEWER.name} 接手" in page
    assert f"/items/{item}" in log_in(REVIEWER).get("/queue?tab=own").content.decode()


def test_work_of_a_leaver_that_nobody_took_over_is_shown_with_a_form(office: Office, admin: Client) -> None:
    office.submitted()
    page = admin.post("/people/change", {"name": EDITOR.name, "do": "disable"}, follow=True).content.decode()
    assert "1 件未办结的稿件无人接手" in page
    assert "交接工作" in page


def test_an_administrator_is_offered_to_nobody_as_a_successor(office: Office, admin: Client) -> None:
    assert f'<option value="{ADMIN.name}"' not in admin.get("/people").content.decode()


def test_the_page_of_people_needs_few_queries(office: Office, admin: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        admin.get("/people")
    assert len(queries) <= 15
