"""What the item page shows for the review beside the item itself: its path, its times, remarks, emergencies to check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from syndicate.desk.item_page import CHECKS, Sheet
from syndicate.desk.remarks import Noted, noted
from syndicate.desk.wording import word
from syndicate.flow.review_path import review_path
from syndicate.flow.workspace import Workspace
from syndicate.model.item import ItemState
from syndicate.model.review import Actor, Role, Way
from syndicate.records import emergencies
from syndicate.records.values import EmergencyRecord

REMARKS = range(1, 6)
"""So many remarks fit on one return; more of them call for a talk."""
_OPEN = (ItemState.DRAFT, ItemState.SUBMITTED, ItemState.RETURNED)


@dataclass(frozen=True)
class ReviewPart:
    """The review of one item as this person sees it."""

    ways: tuple[Way, ...]
    """Why it needs more or fewer levels than its column says; empty where the column alone decides or it is decided."""
    unchecked: tuple[EmergencyRecord, ...]
    may_check: bool
    """Whether this person may be the second one."""
    remarks: tuple[Noted, ...]
    remark_rows: tuple[tuple[int, str, str], ...]
    """Number, passage and remark of each row of the form, as typed so far."""
    checks: tuple[tuple[str, str], ...]


def review_part(workspace: Workspace, actor: Actor, sheet: Sheet, typed: Mapping[str, str]) -> ReviewPart:
    """What the page needs; asks the database only for items that were published in an emergency."""
    page = sheet.page
    path = review_path(workspace, page.item, page.revision.content) if page.item.state in _OPEN else None
    alone = any(one.action == "item.emergency" for one in page.audit)
    unchecked = tuple(one for one in emergencies.of_item(page.item.id) if not one.checked_at) if alone else ()
    decides = actor.role in (Role.REVIEWER, Role.PUBLISHER)
    return ReviewPart(
        ways=path.ways if path else (),
        unchecked=unchecked,
        may_check=decides and not any(one.people & actor.people for one in unchecked),
        remarks=noted(page.decided.get(page.revision.id, ()), len(sheet.listed) + 1),
        remark_rows=tuple((row, typed.get(f"quote:{row}", ""), typed.get(f"remark:{row}", "")) for row in REMARKS),
        checks=tuple((name, word("check", name)) for name in CHECKS),
    )


def named(actor: str, behalf: str) -> str:
    """Who acted, and for whom."""
    return gettext("%(actor)s（代 %(behalf)s）") % {"actor": actor, "behalf": behalf} if behalf else actor
