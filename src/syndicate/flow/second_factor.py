"""第二因素: one-time codes beside the password: who must have them, setting them up, asking for them, taking them away."""

from __future__ import annotations

import base64
from urllib.parse import quote

from syndicate.config.secrets import office_key
from syndicate.errors import NotAllowed
from syndicate.flow.workspace import Workspace
from syndicate.model.office import SecondFactorDuty
from syndicate.model.review import Actor, Role
from syndicate.records import audit, people, second_factors
from syndicate.records.connection import one_transaction
from syndicate.records.second_factors import SecondFactors
from syndicate.review.rules import wrong_role

_MAY_RESET = frozenset({Role.ADMIN, Role.SYSTEM})
_DUTY = {
    SecondFactorDuty.NOBODY: frozenset[Role](),
    SecondFactorDuty.PUBLISHERS: frozenset({Role.PUBLISHER, Role.ADMIN}),
    SecondFactorDuty.EVERYBODY: frozenset(Role),
}


def required(workspace: Workspace, role: Role) -> bool:
    """Whether the office lets this role work only with a second factor."""
    return role in _DUTY[workspace.snapshot.office.second_factor]


def begin(workspace: Workspace, actor: Actor) -> None:
    """Make a new key for the acting person. Raises NotAllowed while one is in use."""
    with one_transaction():
        _store(workspace).begin(actor.name)
        audit.append(actor, "user.factor_begun", f"user:{actor.name}", {}, workspace.now())


def address(workspace: Workspace, actor: Actor) -> tuple[str, str] | None:
    """What the telephone's app reads: an otpauth address, and its key to be typed; None when nothing is pending."""
    key = _store(workspace).pending(actor.name)
    if key is None:
        return None
    typed = base64.b32encode(key).decode()
    issuer = quote(workspace.snapshot.office.site_name, safe="")
    # The issuer stands in it once only: Chinese letters cost nine characters each, and a dense picture scans badly.
    return f"otpauth://totp/{quote(actor.name, safe='')}?secret={typed}&issuer={issuer}", typed


def confirm(workspace: Workspace, actor: Actor, code: str) -> tuple[str, ...]:
    """Take the key into use; returns the recovery codes, shown once. Raises NotAllowed for a code that does not fit."""
    with one_transaction():
        codes = _store(workspace).confirm(actor.name, code, workspace.now())
        if codes is None:
            raise NotAllowed("security.wrong_code")
        audit.append(actor, "user.factor_set", f"user:{actor.name}", {}, workspace.now())
    return codes


def check(workspace: Workspace, name: str, code: str) -> bool:
    """Whether the code is right; it works once."""
    with one_transaction():
        return _store(workspace).check(name, code, workspace.now())


def renew_codes(workspace: Workspace, actor: Actor) -> tuple[str, ...]:
    """New recovery codes for the acting person. Raises NotAllowed without a second factor."""
    if not second_factors.has(actor.name):
        raise NotAllowed("security.no_factor")
    with one_transaction():
        codes = second_factors.new_recovery_codes(actor.name)
        audit.append(actor, "user.recovery_codes", f"user:{actor.name}", {}, workspace.now())
    return codes


def reset(workspace: Workspace, actor: Actor, name: str) -> None:
    """An administrator takes a lost second factor away. Raises NotAllowed for others, and where there is none."""
    if actor.role not in _MAY_RESET:
        raise wrong_role("accounts", actor.role, (Role.ADMIN,))
    with one_transaction():
        people.person(name)
        if not second_factors.reset(name):
            raise NotAllowed("security.no_factor")
        audit.append(actor, "user.factor_reset", f"user:{name}", {}, workspace.now())


def _store(workspace: Workspace) -> SecondFactors:
    return SecondFactors(office_key(workspace.home))
