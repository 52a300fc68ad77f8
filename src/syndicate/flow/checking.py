"""核校: what the monitor and the channels' limits say about a revision, with the rules of this moment."""

from __future__ import annotations

import logging
import time
from dataclasses import replace

from syndicate.errors import InputError, Message, NotFound
from syndicate.flow.bundle_members import members_of
from syndicate.flow.exceptions import quieted
from syndicate.flow.links import link_findings
from syndicate.flow.old_word import as_docx
from syndicate.flow.workspace import Workspace
from syndicate.ingest.tables import table
from syndicate.model.channel import Channel, ChannelKind, Rendered, Rendition
from syndicate.model.finding import Finding, Severity
from syndicate.model.item import Attachment, Content, FileRole, ItemKind
from syndicate.monitor.files import check_file
from syndicate.records import findings as finding_records
from syndicate.records import items, reviews
from syndicate.records.connection import one_transaction
from syndicate.records.values import ItemRecord, RevisionRecord
from syndicate.render.bundle import BUNDLE
from syndicate.render.facts import render_facts
from syndicate.render.renditions import render
from syndicate.site.images import MOST_PIXELS, picture_size
from syndicate.text.files import FileText, read_file

log = logging.getLogger("syndicate.check")

KEPT = "ingest."
"""Findings of ingest rules belong to the fetch and cannot be found again from the text."""


def channels_of(workspace: Workspace, item: ItemRecord) -> tuple[Channel, ...]:
    """The channels an item goes to: those that take its column, or the ones chosen for it."""
    return tuple(
        channel
        for channel in workspace.snapshot.channels.values()
        if (not channel.columns or item.column in channel.columns)
        and (not item.channels or channel.id in item.channels)
    )


def render_all(workspace: Workspace, item: ItemRecord, content: Content) -> tuple[Rendered, ...]:
    """What every channel of an item would carry for this content."""
    facts = render_facts(workspace.snapshot, item.id, item.column, item.created_at, item.old_address)
    facts = replace(facts, urgent=item.urgent, expires_at=item.expires_at, members=members_of(content))
    return tuple(render(content, facts, channel) for channel in channels_of(workspace, item))


def check_content(workspace: Workspace, content: Content) -> tuple[Finding, ...]:
    """Every finding on title, body and attachments, and on where the text comes from."""
    day = (content.published_at or workspace.now()).astimezone(workspace.snapshot.office.timezone).date()
    found = [*workspace.monitor.check(content.title, markup=False, day=day, part="title")]
    found += workspace.monitor.check(content.body, markup=True, day=day, part="body")
    found += link_findings(workspace, content.body)
    for attachment in content.attachments:
        if attachment.role is FileRole.ATTACHMENT:
            found += _check_attachment(workspace, attachment, content)
        else:
            found += _check_picture(workspace, attachment)
    if content.kind is ItemKind.REPRINT and content.source_name not in workspace.white_list():
        found.append(_own_finding("check.not_listed", Severity.CONFIRM, "source", source=content.source_name))
    return tuple(found)


def check_renditions(
    workspace: Workspace, content: Content, rendered: tuple[Rendered, ...], known: tuple[Finding, ...]
) -> tuple[Finding, ...]:
    """Findings of the channels' limits, and those the monitor has on a rendition beyond what the text itself has."""
    day = (content.published_at or workspace.now()).astimezone(workspace.snapshot.office.timezone).date()
    seen = {(finding.rule, finding.text) for finding in known}
    found: list[Finding] = []
    for one in rendered:
        found += one.findings
        if workspace.channel(one.rendition.channel).kind is ChannelKind.WEBSITE:
            continue  # it carries the very text that was checked
        for text, markup in _texts(one.rendition):
            hits = workspace.monitor.check(text, markup=markup, day=day, part=f"rendition:{one.rendition.channel}")
            found += [finding for finding in hits if (finding.rule, finding.text) not in seen]
    return tuple(found)


def keep_warnings(workspace: Workspace, revision: int, warnings: tuple[str, ...]) -> None:
    """Store what was doubtful when a new revision was read: ids of ingest rules. Every later check keeps it."""
    severities = {row["rule"]: Severity(row["severity"]) for row in table("severities")}
    found = (_own_finding(one, severities.get(one, Severity.CONFIRM), "body") for one in warnings)
    finding_records.replace(revision, found, workspace.snapshot.hash, workspace.now())


def kept_warnings(revision: int) -> tuple[str, ...]:
    """The ids of the ingest rules that fired when a revision was read."""
    return tuple(one.rule for one in finding_records.of_revision(revision) if one.rule.startswith(KEPT))


def check_revision(workspace: Workspace, item: ItemRecord, revision: RevisionRecord) -> tuple[Finding, ...]:
    """Render and check a revision, store renditions and findings, and give the findings back."""
    began = time.monotonic()
    rendered = render_all(workspace, item, revision.content)
    found = findings_now(workspace, revision, rendered)
    took = int((time.monotonic() - began) * 1000)
    now = workspace.now()
    with one_transaction():
        reviews.store_renditions(revision.id, (one.rendition for one in rendered), now)
        finding_records.replace(revision.id, found, workspace.snapshot.hash, now)
        items.mark_checked(revision.id, workspace.snapshot.hash, took)
    told = {"item": item.id, "revision": revision.number, "findings": len(found), "milliseconds": took}
    log.info("checked", extra={"about": told})
    return found


def findings_now(workspace: Workspace, revision: RevisionRecord, rendered: tuple[Rendered, ...]) -> tuple[Finding, ...]:
    """All findings on a revision and its renditions with the present rules; nothing is stored."""
    kept = tuple(f for f in finding_records.of_revision(revision.id) if f.rule.startswith(KEPT))
    found = check_content(workspace, revision.content)
    every = (*kept, *found, *check_renditions(workspace, revision.content, rendered, found))
    return quieted(workspace, revision.item, every)


def _check_attachment(workspace: Workspace, attachment: Attachment, content: Content) -> list[Finding]:
    part = f"attachment:{attachment.name}"
    day = (content.published_at or workspace.now()).astimezone(workspace.snapshot.office.timezone).date()
    try:
        read = _read_attachment(workspace, attachment)
    except (InputError, NotFound) as error:
        return [_own_finding("check.attachment_unread", Severity.CONFIRM, part, why=error.message.zh)]
    return list(check_file(workspace.monitor, read, day=day, part=part))


def _check_picture(workspace: Workspace, picture: Attachment) -> list[Finding]:
    """What no platform will take, found before anything is sent: a picture that is gone, or bytes that are none."""
    part = f"attachment:{picture.name}"
    try:
        size = picture_size(workspace.files.read(picture.sha256))
    except NotFound:
        return [_own_finding("check.picture_gone", Severity.BLOCK, part)]
    if size is None:
        return [_own_finding("check.picture_broken", Severity.CONFIRM, part)]
    if size[0] * size[1] > MOST_PIXELS:
        return [_own_finding("check.picture_pixels", Severity.CONFIRM, part, pixels=size[0] * size[1])]
    return []


def _read_attachment(workspace: Workspace, attachment: Attachment) -> FileText:
    """An attachment as text; an old Word file through LibreOffice. Raises InputError and NotFound."""
    data = workspace.files.read(attachment.sha256)
    try:
        return read_file(data, attachment.name)
    except InputError as error:
        docx = as_docx(workspace.home, data) if error.message.key == "text.old_word" else None
        if docx is None:
            raise
        return read_file(docx, attachment.name)


def _texts(rendition: Rendition) -> tuple[tuple[str, bool], ...]:
    """The texts of a rendition that a reader sees, and whether each is HTML. Those of a bundle are the revision's own."""
    if BUNDLE in rendition.fields:
        return ()
    shown = ("title", "digest", "summary", "text")
    fields = tuple((rendition.fields[name], False) for name in shown if rendition.fields.get(name))
    return (*fields, (rendition.body, True)) if rendition.body else fields


def _own_finding(key: str, severity: Severity, part: str, **values: object) -> Finding:
    message = Message(key, values)
    return Finding(
        rule=key,
        severity=severity,
        start=0,
        end=0,
        text="",
        message=message.zh,
        suggestion=message.action_zh,
        basis="国办发〔2018〕123号" if key == "check.not_listed" else "",
        part=part,
        message_en=message.en,
    )
