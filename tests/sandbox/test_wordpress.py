"""The drill CMS behaves as the real one where the bridge depends on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from syndicate.sandbox.clock import Clock
from syndicate.sandbox.drill import Sandbox
from syndicate.sandbox.faults import Fault, FaultKind, FaultPlan
from syndicate.sandbox.settings import WordPressSettings

NOON = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)
API = "/wp-json/wp/v2"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    running = Sandbox(FaultPlan(), Clock(lambda: NOON))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def cms(sandbox: Sandbox) -> Iterator[httpx.Client]:
    sandbox.reset()
    sandbox.faults.replace(())
    account = WordPressSettings()
    address = next(one.address for one in sandbox._platforms if one.name == "wordpress")
    with httpx.Client(base_url=address, auth=(account.user, account.password), trust_env=False) as client:
        yield client


def create(cms: httpx.Client, **fields: object) -> dict[str, Any]:
    answer = cms.post(f"{API}/posts", json={"title": "样例", "slug": "one", "status": "publish", **fields})
    assert answer.status_code == 201
    return dict(answer.json())


def found(cms: httpx.Client, status: str, slug: str = "one") -> list[int]:
    return [one["id"] for one in cms.get(f"{API}/posts", params={"slug": slug, "status": status}).json()]


def upload(cms: httpx.Client) -> dict[str, Any]:
    files = {"file": ("a.png", b"png", "image/png")}
    return dict(cms.post(f"{API}/media", data={"slug": "pic", "alt_text": "图"}, files=files).json())


def test_a_slug_that_is_taken_gets_a_number(cms: httpx.Client) -> None:
    assert [create(cms)["slug"], create(cms)["slug"]] == ["one", "one-2"]


def test_a_draft_is_seen_by_its_editor_only(cms: httpx.Client) -> None:
    post = create(cms, status="draft")
    assert (found(cms, "publish"), found(cms, "any")) == ([], [post["id"]])
    assert cms.get("/one/").status_code == 404
    assert "?p=" in post["link"]


def test_a_published_post_has_a_page(cms: httpx.Client) -> None:
    post = create(cms, content="<p>正文</p>")
    assert "<p>正文</p>" in cms.get(post["link"]).text


def test_a_trashed_post_gives_its_slug_back_and_is_trashed_once(cms: httpx.Client) -> None:
    number = create(cms)["id"]
    assert cms.delete(f"{API}/posts/{number}").json()["slug"] == "one__trashed"
    assert found(cms, "any") == []
    again = cms.delete(f"{API}/posts/{number}")
    assert (again.status_code, again.json()["code"]) == (410, "rest_already_trashed")


def test_a_file_has_no_trash(cms: httpx.Client) -> None:
    number = upload(cms)["id"]
    assert cms.delete(f"{API}/media/{number}").status_code == 501
    assert cms.delete(f"{API}/media/{number}", params={"force": "true"}).status_code == 200
    assert cms.get(f"{API}/media", params={"slug": "pic"}).json() == []


def test_an_uploaded_file_is_served(cms: httpx.Client) -> None:
    file = upload(cms)
    assert (cms.get(file["source_url"]).content, file["alt_text"]) == (b"png", "图")


def test_a_form_without_file_is_refused(cms: httpx.Client) -> None:
    assert cms.post(f"{API}/media", json={}).json()["code"] == "rest_upload_no_data"


@pytest.mark.parametrize(("password", "status"), [("abcdefghijklmnopqrstuvwx", 200), ("wrong", 401)])
def test_a_password_counts_without_its_blanks(cms: httpx.Client, password: str, status: int) -> None:
    assert cms.get(f"{API}/posts", auth=("drill-editor", password)).status_code == status


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", f"{API}/posts/999", "rest_post_invalid_id"),
        ("DELETE", f"{API}/media/999", "rest_post_invalid_id"),
        ("GET", f"{API}/pages", "rest_no_route"),
        ("POST", f"{API}/posts", "rest_invalid_param"),
    ],
)
def test_what_cannot_be_is_refused_with_wordpresss_own_code(
    cms: httpx.Client, method: str, path: str, code: str
) -> None:
    assert cms.request(method, path, content=b"{").json()["code"] == code


def test_an_unknown_category_is_refused(cms: httpx.Client) -> None:
    assert cms.post(f"{API}/posts", json={"categories": [99]}).json()["code"] == "rest_term_invalid"


def test_a_fault_strikes_one_endpoint(cms: httpx.Client, sandbox: Sandbox) -> None:
    sandbox.faults.replace((Fault("wordpress", FaultKind.EXPIRED_TOKEN, f"{API}/posts/{{id}}", code=401),))
    number = create(cms)["id"]
    assert cms.get(f"{API}/posts/{number}").json()["code"] == "incorrect_password"
