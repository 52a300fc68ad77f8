"""The one table of the interface's addresses, and what each scope asks for. One address may read and write."""

from __future__ import annotations

from ninja import Router

from syndicate.desk.api.access import Bearer
from syndicate.model.token import Scope

router = Router()
READ, WRITE, DECIDE, DELIVER = (Bearer(scope) for scope in (Scope.READ, Scope.WRITE, Scope.DECIDE, Scope.DELIVER))
