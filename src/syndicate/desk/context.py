"""What every page shows around its own part."""

from __future__ import annotations

from django.http import HttpRequest

from syndicate.desk.request import actor_of
from syndicate.desk.wording import in_english
from syndicate.model.review import Role
from syndicate.records.silence import in_force

NOTICE = "notice"


def around(request: HttpRequest) -> dict[str, object]:
    """The office, who acts, and the notice that the last action left."""
    workspace = getattr(request, "workspace", None)
    shown: dict[str, object] = {
        "office": workspace.snapshot.office if workspace else None,
        "language": "en" if in_english() else "zh-Hans",
        "here": request.get_full_path() if request.method == "GET" else "",
    }
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        actor = actor_of(request)
        shown |= {
            "actor": actor,
            "writes": actor.role in (Role.EDITOR, Role.REVIEWER, Role.PUBLISHER),
            "manages": actor.role is Role.ADMIN,
            "silence": in_force(workspace.now()) if workspace else None,
            "notice": request.session.pop(NOTICE, None) if NOTICE in request.session else None,
        }
    return shown


def leave_notice(request: HttpRequest, text: str, undo: int | None = None) -> None:
    """Tell the person on the next page what was done; `undo` names the item whose final approval can be undone."""
    request.session[NOTICE] = {"text": text, "undo": undo}
