"""Asking the interface as a script would: a token, JSON, and what comes back."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.test import Client

from syndicate.flow import personal_tokens
from syndicate.model.review import Actor
from syndicate.model.token import Scope
from tests.desk.conftest import client_of
from tests.desk.office import Office

EVERYTHING = frozenset(Scope)


@dataclass(frozen=True)
class Answer:
    """One reply."""

    status: int
    json: Any
    headers: Any


@dataclass(frozen=True)
class Script:
    """A program with somebody's token; `token` empty: without any."""

    client: Client
    token: str

    def __call__(self, method: str, address: str, body: object = None) -> Answer:
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        data = json.dumps(body) if body is not None else ""
        response = self.client.generic(
            method, f"/api/v1{address}", data, content_type="application/json", headers=headers
        )
        return Answer(response.status_code, json.loads(response.content or b"null"), response.headers)


def script_of(office: Office, actor: Actor | None, scopes: Collection[Scope] = EVERYTHING) -> Script:
    """A program that acts for somebody."""
    client = client_of(office, raise_request_exception=False)
    token = ""
    if actor:
        token = personal_tokens.make(office.workspace, actor, actor.name, "样例程序", scopes, 30)
    return Script(client, token)
