"""粘贴稿件: a Word or HTML file as an item, our own or a reprint that no program may fetch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from syndicate.errors import InputError
from syndicate.flow import items as item_flow
from syndicate.flow.checking import check_revision
from syndicate.flow.old_word import as_docx
from syndicate.flow.workspace import Workspace
from syndicate.ingest.addresses import address_key
from syndicate.ingest.pasting import Pasted, read_paste
from syndicate.model.item import Content, ItemKind
from syndicate.model.review import Actor
from syndicate.records import items
from syndicate.records.connection import one_transaction

MANUAL = "manual"
"""The source of what people enter."""
DEADLINE = timedelta(hours=24)
"""《政府网站发展指引》: within 24 hours; the sources' files say where it is less."""


@dataclass(frozen=True)
class Origin:
    """Where a pasted reprint comes from: the unit whose text it is, its page, its time."""

    organ: str
    url: str = ""
    published_at: datetime | None = None


def paste(
    workspace: Workspace, actor: Actor, column: str, title: str, file: tuple[bytes, str], origin: Origin | None = None
) -> int:
    """Store a pasted file (bytes and name) as a draft and check it; returns the item's number. Raises InputError."""
    if not title.strip():
        raise InputError("item.no_title")
    pasted = _read(workspace, *file)
    for _, data in pasted.pictures:
        workspace.files.put(data)
    content = Content(
        title=title.strip(),
        body=pasted.body,
        kind=ItemKind.REPRINT if origin else ItemKind.ORIGINAL,
        source_name=origin.organ if origin else workspace.snapshot.office.name,
        source_url=origin.url if origin else "",
        published_at=origin.published_at if origin else None,
        attachments=tuple(attachment for attachment, _ in pasted.pictures),
    )
    now = workspace.now()
    placement = item_flow.Placement(column, deadline_at=now + DEADLINE if origin else None)
    with one_transaction():
        item = item_flow.store(workspace, actor, placement, content, pasted.warnings)
        address = address_key(content.source_url)
        # A source that lists the same page later joins this item.
        items.add_source(item, MANUAL, address or f"item:{item}", address, now)
    check_revision(workspace, items.get(item), items.latest_revision(item))
    return item


def _read(workspace: Workspace, data: bytes, name: str) -> Pasted:
    """A pasted file; an old Word file through LibreOffice. Raises InputError."""
    try:
        return read_paste(data, name)
    except InputError as error:
        docx = as_docx(workspace.home, data) if error.message.key == "text.old_word" else None
        if docx is None:
            raise
        return read_paste(docx, name)
