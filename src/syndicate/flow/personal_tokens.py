"""个人令牌: what programs use in somebody's name. Everybody makes and ends his own; administrators may for others."""

from __future__ import annotations

import csv
from collections.abc import Collection
from datetime import timedelta
from functools import cache
from importlib.resources import files

from syndicate.errors import InputError, NotAllowed
from syndicate.flow.workspace import Workspace
from syndicate.model.review import Actor, Role
from syndicate.model.token import Scope, TokenFacts
from syndicate.records import audit, people, personal_tokens
from syndicate.records.connection import one_transaction
from syndicate.review.rules import wrong_role

FOR_CLI = "cli"
"""The label of the token that `--as` asks for where no other is named."""
_MAY = (Role.ADMIN, Role.SYSTEM)


@cache
def limits() -> dict[str, int]:
    """How long tokens live and how often they may be used: `api_limits.tsv`."""
    text = files("syndicate.flow").joinpath("api_limits.tsv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return {row["key"]: int(row["value"]) for row in rows}


def make(workspace: Workspace, actor: Actor, name: str, label: str, scopes: Collection[Scope], days: int) -> str:
    """A new token of `name` in place of his older ones of the same label; shown once.

    Raises InputError for a label, scopes or days that cannot be, NotAllowed for a disabled account or somebody else's.
    """
    _check(actor, name)
    label = " ".join(label.split())
    longest = limits()["longest_days"]
    if not label or len(label) > 60 or not label.isprintable():
        raise InputError("token.label")
    if not scopes:
        raise InputError("token.no_scope")
    if not 1 <= days <= longest:
        raise InputError("token.days", longest=longest)
    now = workspace.now()
    new = personal_tokens.NewToken(name, label, frozenset(scopes), now + timedelta(days=days))
    with one_transaction():
        if not people.person(name).active:
            raise NotAllowed("records.user_disabled", name=name)
        token = personal_tokens.make(new, now)
        data = {"label": label, "scopes": [scope for scope in Scope if scope in scopes], "days": days}
        audit.append(actor, "user.token", f"user:{name}", data, now)
    return token


def listed(workspace: Workspace, actor: Actor, name: str) -> tuple[TokenFacts, ...]:
    """A person's living tokens, newest first."""
    _check(actor, name)
    return personal_tokens.of_person(name, workspace.now())


def revoke(workspace: Workspace, actor: Actor, name: str, token: int) -> TokenFacts:
    """End a token at once. Raises NotFound."""
    _check(actor, name)
    now = workspace.now()
    with one_transaction():
        facts = personal_tokens.revoke(name, token, now)
        audit.append(actor, "user.token_revoked", f"user:{name}", {"label": facts.label}, now)
    return facts


def _check(actor: Actor, name: str) -> None:
    if actor.name != name and actor.role not in _MAY:
        raise wrong_role("accounts", actor.role, (Role.ADMIN,))
