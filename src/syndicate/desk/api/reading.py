"""Reading: who I am, the queue, items, findings, decisions, deliveries, sources."""

from __future__ import annotations

from dataclasses import asdict

from ninja import Query

from syndicate.desk.api.access import ApiRequest
from syndicate.desk.api.routing import READ, router
from syndicate.desk.api.shapes import (
    DecisionOut,
    DeliveriesAsked,
    DeliveryLines,
    FeedbackAsked,
    FeedbackLines,
    FindingOut,
    ItemOut,
    Me,
    Number,
    QueueAsked,
    QueueLines,
    SourceOut,
)
from syndicate.errors import SyndicateError
from syndicate.flow.decide import current_hash
from syndicate.flow.overview import ItemPage, QueueRow, item_page, situation_of
from syndicate.flow.queues import DeliveryRow, Filter, delivery_page, queue_page, tab_counts
from syndicate.flow.workspace import Workspace
from syndicate.model.review import Actor
from syndicate.model.source import Source
from syndicate.model.token import Scope
from syndicate.records import feedback, sources
from syndicate.review.rules import allowed_actions


@router.get("/me", auth=READ, tags=["read"], response=Me, summary="令牌是谁的 · Whose token this is")
def me(request: ApiRequest) -> dict[str, object]:
    """The person of the token, his role, and what the token is good for."""
    token = request.token
    scopes = [scope for scope in Scope if scope in token.scopes]
    person = {"name": request.actor.name, "role": request.actor.role}
    return {**person, "label": token.label, "scopes": scopes, "expires_at": token.expires_at}


@router.get("/queue", auth=READ, tags=["read"], response=QueueLines, summary="稿件列表 · The queue")
def queue(request: ApiRequest, asked: Query[QueueAsked]) -> dict[str, object]:
    """One page of one tab of the queue, as the token's person sees it at the desk."""
    wanted = Filter(source=asked.source, column=asked.column, text=asked.text, kind=asked.kind, state=asked.state)
    offset = (asked.page - 1) * asked.limit
    found = queue_page(request.workspace, request.actor, asked.tab, wanted, asked.limit, offset)
    return {"items": [_line(row) for row in found.rows], "page": asked.page, "more": found.more}


@router.get(
    "/queue/counts", auth=READ, tags=["read"], response=dict[str, int], summary="各栏数量 · How many items each tab has"
)
def counts(request: ApiRequest) -> dict[str, int]:
    """How many items are in each tab of the queue, by tab."""
    return {tab.value: count for tab, count in tab_counts(request.actor).items()}


@router.get("/items/{number}", auth=READ, tags=["read"], response=ItemOut, summary="一篇稿件 · One item")
def item(request: ApiRequest, number: Number) -> dict[str, object]:
    """One item with its text, findings, decisions and deliveries, and the hash that an approval must name."""
    return item_values(request.workspace, request.actor, number)


@router.get(
    "/items/{number}/findings", auth=READ, tags=["read"], response=list[FindingOut], summary="核校问题 · Findings"
)
def findings(request: ApiRequest, number: Number) -> object:
    """What the rules found in the newest revision, worst first."""
    return list(item_page(request.workspace, number).findings)


@router.get(
    "/items/{number}/decisions", auth=READ, tags=["read"], response=list[DecisionOut], summary="审核意见 · Decisions"
)
def decisions(request: ApiRequest, number: Number) -> object:
    """Every decision on every revision, oldest first."""
    return list(item_page(request.workspace, number).decisions)


@router.get("/deliveries", auth=READ, tags=["read"], response=DeliveryLines, summary="投递 · Deliveries")
def deliveries(request: ApiRequest, asked: Query[DeliveriesAsked]) -> dict[str, object]:
    """A page of the ledger, newest first."""
    states = (asked.state,) if asked.state else ()
    found = delivery_page(states, asked.limit, (asked.page - 1) * asked.limit)
    return {"deliveries": [_delivery(row) for row in found.rows], "page": asked.page, "more": found.more}


@router.get("/feedback", auth=READ, tags=["read"], response=FeedbackLines, summary="公众反馈 · Reports by the public")
def feedback_list(request: ApiRequest, asked: Query[FeedbackAsked]) -> dict[str, object]:
    """A page of the reports by the public, without spam unless it is asked for."""
    states = (asked.state,) if asked.state else feedback.OPEN
    found = feedback.listed(states, asked.limit + 1, (asked.page - 1) * asked.limit)
    return {"feedback": list(found[: asked.limit]), "page": asked.page, "more": len(found) > asked.limit}


@router.get("/sources", auth=READ, tags=["read"], response=list[SourceOut], summary="信源 · Sources and their health")
def source_list(request: ApiRequest) -> list[dict[str, object]]:
    """Every source that is followed and how it is."""
    known = sources.all_health()
    return [_source(name, source, known.get(name)) for name, source in request.workspace.snapshot.sources.items()]


def item_values(workspace: Workspace, actor: Actor, number: int) -> dict[str, object]:
    """An item as the interface gives it. Raises NotFound."""
    page = item_page(workspace, number)
    content = page.revision.content
    return {
        **asdict(page.item),
        "title": content.title,
        "revision": page.revision.number,
        "body": content.body,
        "summary": content.summary,
        "source_name": content.source_name,
        "source_url": content.source_url,
        "fields": dict(content.fields),
        "attachments": list(content.attachments),
        "actions": sorted(action.value for action in allowed_actions(situation_of(page), actor)),
        "seen": _seen(workspace, page),
        "findings": list(page.findings),
        "decisions": list(page.decisions),
        "deliveries": list(page.deliveries),
        "withdrawals": list(page.withdrawals),
    }


def _seen(workspace: Workspace, page: ItemPage) -> str | None:
    try:
        return current_hash(workspace, page.item, page.revision)
    except SyndicateError:
        return None


def _line(row: QueueRow) -> dict[str, object]:
    line = {**asdict(row.item), "title": row.title, "source_name": row.source_name, "hours_left": row.hours_left}
    return {**line, "worst": row.worst, "findings": row.findings, "delivered": row.delivered, "channels": row.channels}


def _delivery(row: DeliveryRow) -> dict[str, object]:
    values = {name: getattr(row.delivery, name) for name in row.delivery.__dataclass_fields__}
    return {**values, "title": row.title}


def _source(name: str, source: Source, health: sources.Health | None) -> dict[str, object]:
    looked = health or sources.Health(name, None, None, None, None, None, 0, None, "", "")
    values = {key: getattr(looked, key) for key in looked.__dataclass_fields__}
    return {**values, "id": name, "title": source.title}
