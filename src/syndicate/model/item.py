"""Item 稿件 and revision 版本: one piece of content, and what one immutable version of it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from syndicate.model.hashing import digest


class ItemKind(StrEnum):
    """A reprint is sacred: it is never corrected, findings on it go upstream. An original is ours."""

    REPRINT = "reprint"
    ORIGINAL = "original"
    BUNDLE = "bundle"
    """群发: several approved articles in one message to an account's followers."""


class ItemState(StrEnum):
    """Where an item stands; `published` says how far it got is computed from its deliveries."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"


class FileRole(StrEnum):
    """An image stands in the text; an attachment is offered for download."""

    IMAGE = "image"
    ATTACHMENT = "attachment"


SCREEN_FROM, SCREEN_UNTIL = "上屏开始", "上屏结束"
SCREEN_TIMES = (SCREEN_FROM, SCREEN_UNTIL)
"""Fields that say from when until when the item is on the screen, in ISO form in the office's time; never shown as official fields."""


@dataclass(frozen=True)
class Attachment:
    """A file of a revision, kept under `var/files` by content hash. Bodies refer to it as `file:<sha256>`."""

    name: str
    sha256: str
    media_type: str
    size: int
    role: FileRole
    url: str = ""
    """Where it came from; empty for uploads."""


@dataclass(frozen=True)
class WantedFile:
    """A file that an article refers to and that is not fetched yet; its `url` stands in the body until it is."""

    url: str
    name: str
    role: FileRole


@dataclass(frozen=True)
class Content:
    """What a revision says: the text with its official fields and files. Its hash changes with any of them.

    `body` is sanitised HTML. `published_at` is the publication time at the source, None when unknown.
    `fields` are the 信息公开 fields by their Chinese label (索引号, 发文机关, 发文字号, 成文日期 …).
    """

    title: str
    body: str
    kind: ItemKind
    source_name: str
    source_url: str = ""
    published_at: datetime | None = None
    author: str = ""
    summary: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    adaptations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """改写: what single channels say in other words, by channel and by field of its rendition."""

    @property
    def hash(self) -> str:
        """SHA-256 over everything that a reader could see."""
        adapted = {channel: dict(fields) for channel, fields in self.adaptations.items() if fields}
        return digest(
            {
                "title": self.title,
                "body": self.body,
                "kind": self.kind,
                "source_name": self.source_name,
                "source_url": self.source_url,
                "published_at": self.published_at.astimezone(UTC).isoformat() if self.published_at else None,
                "author": self.author,
                "summary": self.summary,
                "fields": dict(self.fields),
                "attachments": [[a.name, a.sha256, a.role] for a in self.attachments],
                **({"adaptations": adapted} if adapted else {}),
            }
        )


@dataclass(frozen=True)
class Extracted:
    """An article as read from a page: its content without files, the files it wants, and what was doubtful."""

    content: Content
    wanted: tuple[WantedFile, ...] = ()
    warnings: tuple[str, ...] = ()
    """Rule ids of the `ingest` rules that fired, such as `ingest.no_date`."""
    sha256: str = ""
    """Of the bytes of its first page, as they were fetched."""
