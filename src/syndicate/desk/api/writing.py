"""Writing: drafts, edits, submitting, and the corrections of what is out."""

from __future__ import annotations

from dataclasses import replace

from ninja import Status

from syndicate.desk.api.access import ApiRequest
from syndicate.desk.api.reading import item_values
from syndicate.desk.api.routing import WRITE, router
from syndicate.desk.api.shapes import Draft, Edit, ItemOut, Moved, Number, ReasonGiven
from syndicate.flow import items
from syndicate.records import items as item_records
from syndicate.records.values import ItemRecord
from syndicate.text.sanitise import sanitise


@router.post("/items", auth=WRITE, tags=["write"], response={201: ItemOut}, summary="新建稿件 · A new draft")
def create(request: ApiRequest, draft: Draft) -> Status[object]:
    """A new original item as a draft; with `submit` it goes to review at once."""
    workspace, actor = request.workspace, request.actor
    content = items.original(workspace, draft.title, sanitise(draft.body))
    content = replace(
        content, source_name=draft.source_name.strip() or content.source_name, summary=draft.summary.strip()
    )
    number = items.create(workspace, actor, items.Placement(draft.column), content)
    if draft.submit:
        items.submit(workspace, actor, number)
    return Status(201, item_values(workspace, actor, number))


@router.put("/items/{number}", auth=WRITE, tags=["write"], response=ItemOut, summary="修改稿件 · A new revision")
def edit(request: ApiRequest, number: Number, change: Edit) -> dict[str, object]:
    """A new revision of an original item; all approvals are void. 409 when somebody changed it since it was read."""
    workspace, actor = request.workspace, request.actor
    item = item_records.get(number)
    before = item_records.latest_revision(number).content
    title = before.title if change.title is None else change.title
    body = before.body if change.body is None else sanitise(change.body)
    written = items.original(workspace, title, body)
    content = replace(
        before,
        title=written.title,
        body=written.body,
        summary=before.summary if change.summary is None else change.summary.strip(),
        source_name=(change.source_name or "").strip() or before.source_name,
    )
    items.edit(workspace, actor, replace(item, version=change.version), content)
    return item_values(workspace, actor, number)


@router.post("/items/{number}/submit", auth=WRITE, tags=["write"], response=Moved, summary="送审 · Submit for review")
def submit(request: ApiRequest, number: Number) -> ItemRecord:
    """Send a draft or a returned item to review."""
    return items.submit(request.workspace, request.actor, number)


@router.post("/items/{number}/amend", auth=WRITE, tags=["write"], response=Moved, summary="更正 · Start a correction")
def amend(request: ApiRequest, number: Number, given: ReasonGiven) -> ItemRecord:
    """A new revision of what is out, to be edited and reviewed like a publication; nothing changes online until then."""
    return items.amend(request.workspace, request.actor, number, given.reason)
