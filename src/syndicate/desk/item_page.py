"""Everything the item page shows, as values for its template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, gettext_noop

from syndicate.desk.marks import Place, mark_line
from syndicate.desk.previews import Preview, preview_of
from syndicate.desk.upstream import Upstream, upstream
from syndicate.desk.wording import Countdown, Told, countdown, in_english, listed, told, word
from syndicate.errors import SyndicateError
from syndicate.flow.accepting import can_accept, key_of
from syndicate.flow.adapting import fields_for
from syndicate.flow.checking import render_all
from syndicate.flow.exceptions import scopes_for
from syndicate.flow.matrix import MatrixRow, amendment_matrix, deadline_of, withdrawal_matrix
from syndicate.flow.overview import ItemPage, item_page, situation_of
from syndicate.flow.reach import reach
from syndicate.flow.workspace import Workspace
from syndicate.model.channel import Rendition
from syndicate.model.delivery import DeliveryState
from syndicate.model.finding import Finding, Severity
from syndicate.model.item import Attachment, Content, FileRole, ItemKind, ItemState
from syndicate.model.noise import Scope
from syndicate.model.review import Actor, ItemAction, Role
from syndicate.records.originals import Original
from syndicate.records.values import AttemptRecord, AuditRecord, DeliveryRecord, WithdrawalRecord
from syndicate.review.approval import approval_hash
from syndicate.review.rules import allowed_actions

MOST_FINDINGS = 200
"""A page with more marks than this helps nobody; the text needs another kind of work."""
CHECKS = ("politics", "law", "policy", "secrecy", "wording")
"""严把政治关、法律关、政策关、保密关、文字关：国办发〔2018〕123号."""
LEVELS = {
    1: (gettext_noop("终审"),),
    2: (gettext_noop("初审"), gettext_noop("终审")),
    3: (gettext_noop("初审"), gettext_noop("复审"), gettext_noop("终审")),
}
_STOPPED = (DeliveryState.REFUSED, DeliveryState.NEEDS_PERSON, DeliveryState.EXPIRED)


@dataclass(frozen=True)
class Listed:
    """A finding in the list beside the text."""

    place: Place
    where: str
    in_text: bool
    """Whether it has a mark in the title or the text to jump to."""
    accept: str = ""
    """What names it where its suggestion can be accepted with one click; else empty."""


@dataclass(frozen=True)
class Attached:
    """A file for download, with the findings in it."""

    name: str
    sha256: str
    size: int
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Override:
    """A blocking rule that may be overridden, with the numbers of its findings and the reason typed so far."""

    rule: str
    message: str
    numbers: tuple[int, ...]
    reason: str


@dataclass(frozen=True)
class Sent:
    """One delivery with its attempts and what a person can do about it."""

    delivery: DeliveryRecord
    channel: str
    told: Told | None
    attempts: tuple[tuple[AttemptRecord, Told | None], ...]
    receipt: str
    stopped: bool
    deadline: datetime | None
    """Until when a person must have done it."""
    looked_first: bool
    """It may be on the channel already: a person must look before anything is sent again."""


@dataclass(frozen=True)
class Event:
    """One line of who did what when."""

    record: AuditRecord
    reason: str
    overrides: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Sheet:
    """The item page."""

    page: ItemPage
    column: str
    title_html: str
    listed: tuple[Listed, ...]
    acceptable: tuple[str, ...]
    """What names the findings whose suggestions can be accepted."""
    more_findings: int
    steps: tuple[tuple[str, str], ...]
    actions: frozenset[str]
    may_approve: bool
    previews: tuple[Preview, ...]
    seen: str
    scopes: tuple[Scope, ...]
    """Where this person may say that a finding is no error; empty: nowhere."""
    excepted: tuple[AuditRecord, ...]
    """What was said to be no error on this item: the reviewer sees who said so and why."""
    unshown: Told | None
    """Why the channels' versions cannot be shown; nothing can be approved then."""
    overrides: tuple[Override, ...]
    overriding: bool
    """An approval was just refused: the reasons are open to be written."""
    sent: tuple[Sent, ...]
    reach: tuple[int, int]
    """On how many of how many channels the newest version stands."""
    events: tuple[Event, ...]
    to_confirm: tuple[WithdrawalRecord, ...]
    attachments: tuple[Attached, ...]
    may_handle: bool
    withdrawal: tuple[MatrixRow, ...]
    """What withdrawing would do on each channel; empty where this person may not."""
    amendment: tuple[MatrixRow, ...]
    upstream: Upstream
    deadline: Countdown | None
    """How long until it must be out; None for what has no limit or is out."""
    gone: Original | None
    """The original, where it is confirmed that its source has taken it down and we have not yet."""


def sheet(workspace: Workspace, actor: Actor, number: int, typed: Mapping[str, str]) -> Sheet:
    """The page of one item as this person sees it; `typed` are the fields of a form that was refused."""
    page = item_page(workspace, number)
    places = places_of(page.findings)
    renditions, unshown = _renditions(workspace, page)
    content = page.revision.content
    column = workspace.snapshot.columns.get(page.item.column)
    allowed = allowed_actions(situation_of(page), actor)
    changeable = content if ItemAction.EDIT in allowed else None
    listed_findings = tuple(_listed(workspace, place, changeable) for place in places)
    title = mark_line(content.title, [place for place in places if place.finding.part == "title"])
    return Sheet(
        page=page,
        column=column.title if column else page.item.column,
        title_html=title.html,
        listed=listed_findings,
        acceptable=tuple(one.accept for one in listed_findings if one.accept),
        more_findings=len(page.findings) - len(places),
        steps=_steps(page),
        actions=frozenset(action.value for action in allowed if _fits(action, page)),
        may_approve=bool(allowed & {ItemAction.APPROVE, ItemAction.APPROVE_LAST}),
        previews=_previews(workspace, page, renditions, may_change=ItemAction.EDIT in allowed),
        seen="" if unshown else approval_hash(content, page.item.column, renditions),
        scopes=scopes_for(actor.role),
        excepted=tuple(one for one in page.audit if one.action == "finding.excepted"),
        unshown=unshown,
        overrides=_overrides(places, page.findings, typed),
        overriding=typed.get("do") == "approve",
        reach=reach(page.deliveries),
        sent=tuple(_sent(workspace, page, delivery) for delivery in reversed(page.deliveries)),
        events=tuple(_event(record) for record in reversed(page.audit)),
        to_confirm=tuple(one for one in page.withdrawals if not one.confirmed_by and one.actor != actor.name),
        attachments=tuple(_attached(one, places) for one in content.attachments if one.role is FileRole.ATTACHMENT),
        may_handle=actor.role in (Role.REVIEWER, Role.PUBLISHER),
        withdrawal=withdrawal_matrix(workspace, page) if ItemAction.WITHDRAW in allowed else (),
        amendment=amendment_matrix(workspace, page) if ItemAction.AMEND in allowed else (),
        upstream=upstream(workspace, page),
        deadline=_deadline(workspace, page),
        gone=_gone(page),
    )


def _deadline(workspace: Workspace, page: ItemPage) -> Countdown | None:
    ends = page.item.deadline_at
    return countdown(ends, workspace.now()) if ends and page.hours_left is not None else None


def _gone(page: ItemPage) -> Original | None:
    """A withdrawal upstream is answered like any other: by a person, with the same matrix and the same button."""
    closed = page.item.state in (ItemState.WITHDRAWN, ItemState.DISCARDED)
    return page.original if page.original and page.original.gone_at and not closed else None


def places_of(findings: tuple[Finding, ...]) -> tuple[Place, ...]:
    """The findings with the numbers they are listed under, worst first."""
    return tuple(
        Place(number, finding, word("severity", finding.severity))
        for number, finding in enumerate(findings[:MOST_FINDINGS], start=1)
    )


def _fits(action: ItemAction, page: ItemPage) -> bool:
    """A reprint is sacred: the flow refuses to edit one, so there is no button for it."""
    return action is not ItemAction.EDIT or page.item.kind is ItemKind.ORIGINAL


def _renditions(workspace: Workspace, page: ItemPage) -> tuple[tuple[Rendition, ...], Told | None]:
    """What every channel would carry now: what an approval is bound to."""
    try:
        rendered = render_all(workspace, page.item, page.revision.content)
    except SyndicateError as error:
        return (), told(error.message)
    return tuple(one.rendition for one in rendered), None


def _attached(file: Attachment, places: tuple[Place, ...]) -> Attached:
    mine = tuple(place for place in places if place.finding.part == f"attachment:{file.name}")
    return Attached(file.name, file.sha256, file.size, mine)


def _previews(
    workspace: Workspace, page: ItemPage, renditions: tuple[Rendition, ...], *, may_change: bool
) -> tuple[Preview, ...]:
    """Every channel's version; what may be worded differently only for those who may change the item now."""
    adapted = page.revision.content.adaptations
    return tuple(
        preview_of(
            workspace,
            rendition,
            fields_for(workspace, page.item, rendition.channel) if may_change else (),
            adapted.get(rendition.channel, {}),
        )
        for rendition in renditions
    )


def _listed(workspace: Workspace, place: Place, changeable: Content | None) -> Listed:
    """A finding of the list; `changeable` is the content where this person may change it now."""
    finding = place.finding
    part, _, name = finding.part.partition(":")
    channel = workspace.snapshot.channels.get(name) if part == "rendition" else None
    name = channel.title if channel else name
    where = {
        "title": gettext("标题"),
        "body": gettext("正文"),
        "source": gettext("来源"),
        "attachment": gettext("附件 {name}").format(name=name),
        "rendition": gettext("{channel}渠道稿").format(channel=name),
    }
    in_text = part in ("title", "body") and finding.end > finding.start
    return Listed(
        place,
        (", " if in_english() else "，").join(filter(None, (where.get(part, finding.part), finding.place))),
        in_text,
        key_of(finding) if changeable is not None and can_accept(changeable, finding) else "",
    )


def _steps(page: ItemPage) -> tuple[tuple[str, str], ...]:
    """The path of review: each level's name and whether it is done, at work or ahead."""
    item = page.item
    unnamed = tuple(gettext("第 {level} 级").format(level=level) for level in range(1, item.levels + 1))
    states = []
    for level, named in enumerate(LEVELS.get(item.levels, unnamed), start=1):
        name = gettext(named)
        if item.state in ("approved", "published", "withdrawn") or (item.state == "submitted" and level < item.level):
            states.append((name, "done"))
        else:
            states.append((name, "now" if item.state == "submitted" and level == item.level else "ahead"))
    return tuple(states)


def _overrides(
    places: tuple[Place, ...], findings: tuple[Finding, ...], typed: Mapping[str, str]
) -> tuple[Override, ...]:
    blocking = [finding for finding in findings if finding.severity is Severity.BLOCK]
    rules = dict.fromkeys(finding.rule for finding in blocking)
    return tuple(
        Override(
            rule,
            next(finding.message for finding in blocking if finding.rule == rule),
            tuple(place.number for place in places if place.finding.rule == rule),
            typed.get(f"override:{rule}", ""),
        )
        for rule in rules
    )


def _sent(workspace: Workspace, page: ItemPage, delivery: DeliveryRecord) -> Sent:
    channel = workspace.snapshot.channels.get(delivery.channel)
    receipts = [one.receipt.url for one in page.receipts if one.delivery == delivery.id]
    attempts = page.attempts.get(delivery.id, ())
    return Sent(
        delivery=delivery,
        channel=channel.title if channel else delivery.channel,
        told=told(delivery.message) if delivery.message else None,
        attempts=tuple((one, told(one.message) if one.message else None) for one in attempts),
        receipt=next((url for url in receipts if url.startswith(("http://", "https://"))), ""),
        stopped=delivery.state in _STOPPED,
        deadline=deadline_of(delivery),
        looked_first=delivery.maybe_sent,
    )


def _event(record: AuditRecord) -> Event:
    data = record.data
    overrides = data.get("overrides", {})
    told_overrides = tuple(overrides.items()) if isinstance(overrides, dict) else ()
    reason = str(data.get("reason", ""))
    if record.action == "item.recheck_found":
        rules = data.get("rules")
        named = listed(map(str, rules)) if isinstance(rules, list) else ""
        reason = gettext("{rules}（自配置 {since} 起）").format(rules=named, since=str(data.get("since", ""))[:8])
    return Event(record, reason, told_overrides)
