"""Two desks on one PostgreSQL: whoever logged in at one is known at the other, as behind an nginx that asks them in turn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

from syndicate.records import audit, people
from tests.cli.terminal import process
from tests.databases import on_postgresql
from tests.flow.office import EDITOR, Desk

PASSWORD = "一个足够长的样例口令-2026"

pytestmark = on_postgresql


@pytest.fixture
def desks(desk: Desk) -> Iterator[tuple[str, str]]:
    """The addresses of two desks of one office."""
    people.add(EDITOR.name, EDITOR.role)
    people.set_password(EDITOR.name, PASSWORD)
    desk.close()
    with ExitStack() as stack:
        started = [
            stack.enter_context(process("desk", "--port", "0", "--home", str(desk.home))),
            stack.enter_context(process("desk", "--port", "0", "--home", str(desk.home))),
        ]
        said = [one.stdout.readline() for one in started if one.stdout]
        yield tuple("http://" + line.split("http://")[1].split("/")[0] for line in said)  # type: ignore[misc]


def _hidden(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found is not None
    return found[1]


def test_a_session_of_one_desk_works_at_the_other(desks: tuple[str, str]) -> None:
    first, second = desks
    with httpx.Client(trust_env=False, follow_redirects=True, timeout=60) as client:
        token = _hidden(client.get(f"{first}/login").text)
        form = {"name": EDITOR.name, "password": PASSWORD, "csrfmiddlewaretoken": token}
        assert EDITOR.name in client.post(f"{first}/login", data=form).text
        page = client.get(f"{second}/account").text
        assert EDITOR.name in page
        client.post(f"{first}/logout", data={"csrfmiddlewaretoken": _hidden(page)})
        assert str(client.get(f"{second}/account").url).startswith(f"{second}/login")
    assert [event.action for event in audit.everything()][-2:] == ["login.succeeded", "login.ended"]
