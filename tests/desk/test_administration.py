"""The pages of administration together: few queries, nothing executed, help with log-ins, one unbroken chain."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from syndicate.flow import accounts, second_factor
from syndicate.model.review import Role
from syndicate.records import audit, second_factors
from tests.desk.conftest import LogIn
from tests.desk.office import ADMIN, EDITOR, PASSWORD, Office
from tests.desk.test_account import give_password, set_up

PAGES = ("/account", "/people", "/sources", "/tables", "/tables/content/lexicon/typos.tsv", "/columns", "/silence")
MOST_QUERIES = 15
MOST_BYTES = 150_000
PAYLOADS = ("<script>window.ran=1</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "{{ 7|add:7 }}")


@pytest.fixture
def admin(log_in: LogIn) -> Client:
    return log_in(ADMIN)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_needs_few_queries_and_little_room(office: Office, admin: Client, page: str) -> None:
    for number in range(30):
        accounts.add(office.workspace, ADMIN, f"样例人员{number}", Role.EDITOR)
    admin.get(page)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = admin.get(page)
    assert response.status_code == 200
    assert len(queries) <= MOST_QUERIES
    assert len(response.content) <= MOST_BYTES


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_is_typed_becomes_markup(office: Office, admin: Client, payload: str) -> None:
    name = next(iter(office.workspace.snapshot.sources))
    admin.post(f"/sources/{name}/switch", {"reason": payload})
    table = "/tables/content/lexicon/typos.tsv"
    pages = [
        admin.get("/sources"),
        admin.post("/sources/add", {"url": payload, "name": payload}),
        admin.post(table, {"read": "x", "n:0:0": payload, "trial": payload, "do": "try"}),
        admin.get(table, {"q": payload}),
        admin.post("/people/add", {"name": payload, "role": payload}),
        admin.post("/account/password", {"old": payload, "password": payload, "again": ""}),
        admin.get("/login", {"next": payload}),
    ]
    shown = [page.content.decode() for page in pages]
    assert [text for text in shown if "<script>window" in text or "<img src=x" in text or text == "14"] == []


def test_an_administrator_helps_somebody_who_is_locked_out(office: Office, admin: Client, stranger: Client) -> None:
    for _ in range(5):
        give_password(stranger, password="wrong")
    assert "近期有登录失败" in admin.get("/people").content.decode()
    admin.post("/people/change", {"name": EDITOR.name, "do": "unlock"})
    assert "近期有登录失败" not in admin.get("/people").content.decode()
    assert stranger.post("/login", {"name": EDITOR.name, "password": PASSWORD}).status_code == 302


def test_an_administrator_takes_a_lost_factor_away(office: Office, admin: Client, editor: Client) -> None:
    set_up(office, editor)
    assert "重置动态验证码" in admin.get("/people").content.decode()
    admin.post("/people/change", {"name": EDITOR.name, "do": "reset_factor"})
    assert not second_factors.has(EDITOR.name)


def test_the_chain_holds_after_a_whole_session(office: Office, admin: Client, editor: Client, stranger: Client) -> None:
    name = next(iter(office.workspace.snapshot.sources))
    give_password(stranger, password="wrong")
    give_password(stranger)
    set_up(office, editor)
    number = office.submitted()
    office.first_approval(number)
    admin.post("/language", {"language": "en"})
    admin.post(f"/sources/{name}/switch", {"reason": "样例"})
    admin.post("/people/change", {"name": EDITOR.name, "do": "reset_factor"})
    admin.post("/people/add", {"name": "样例新人", "role": "editor"})
    stranger.post("/logout")
    verified = audit.verify()
    assert verified.broken is None
    assert verified.events >= 12


def test_a_stolen_key_of_another_person_is_of_no_use(office: Office, editor: Client, admin: Client) -> None:
    key, codes = set_up(office, editor)
    assert not second_factor.check(office.workspace, ADMIN.name, codes[0])
    assert second_factor.check(office.workspace, EDITOR.name, codes[0])
    assert key not in admin.get("/people").content.decode()
