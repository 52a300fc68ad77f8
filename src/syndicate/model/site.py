"""The website as data: what is published where, and the reader and ledger the website driver is handed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from syndicate.model.channel import Rendition


@dataclass(frozen=True)
class Column:
    """栏目: a section of the website, with an owner, an update duty and a review path."""

    name: str
    """Latin name, part of every address below it."""
    title: str
    description: str
    keywords: tuple[str, ...]
    type: str
    """ColumnType of the government meta tags."""
    owner: str
    update_within: timedelta
    """Longest time without a new item that the inspection index allows (动态要闻 14 days, 政策文件 183 days)."""
    levels: int
    """Review levels of this column: 1 终审 only, 2 初审 and 终审, 3 初审 复审 终审."""
    home: bool = True
    """Shown on the home page."""
    superior: bool = False
    """Carries 国务院、上级要闻: its newest entries have a block of their own high on the home page."""
    former: tuple[str, ...] = ()
    """Names it had before; their addresses lead here, and what stood there belongs to it."""


DOCUMENT_NUMBER, INDEX_NUMBER, EXPLAINS = "发文字号", "索引号", "解读文件"
"""Official fields by which a document is known, and the field in which an interpretation names its document by either."""


@dataclass(frozen=True)
class Listing:
    """A list of the 信息公开目录 beside the columns (one year, organ or theme). `name` is its folder below the site."""

    name: str
    title: str


@dataclass(frozen=True)
class Place:
    """The dense number that an entry got in a listing; it keeps the number when it no longer belongs there."""

    listing: Listing
    sequence: int


@dataclass(frozen=True)
class SiteEntry:
    """One article of the website as lists need it. `address` is its path below the site, without a leading slash."""

    item: int
    column: str
    address: str
    title: str
    summary: str
    source_name: str
    published_at: datetime
    """First publication here; immutable."""
    sequence: int = -1
    """Dense number within its column, from 0; -1 until the ledger has given one."""
    withdrawn: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)
    listings: tuple[Listing, ...] = ()
    """Where it belongs beside its column."""
    places: tuple[Place, ...] = ()
    """Where it ever belonged, as the ledger numbered it."""

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers by which an interpretation may name this document."""
        return tuple(filter(None, (self.fields.get(DOCUMENT_NUMBER, ""), self.fields.get(INDEX_NUMBER, ""))))

    @property
    def explains(self) -> str:
        """The number of the document that this entry interprets; empty for all others."""
        return self.fields.get(EXPLAINS, "")

    def belongs_to(self, name: str) -> bool:
        """Whether a column or listing shows it."""
        return not self.withdrawn and (name == self.column or any(one.name == name for one in self.listings))


class Published(Protocol):
    """The site as it shall be once `entry` stands in it. Reads only; one view belongs to one thread.

    Where a method takes a column, it takes the name of a listing too, except for `newest`.
    """

    @property
    def entry(self) -> SiteEntry:
        """The entry being written, with its sequence number and its first publication time."""
        ...

    def slice(self, column: str, start: int, stop: int) -> Sequence[SiteEntry]:
        """Entries of a column by sequence number, oldest first, withdrawn ones included as tombstones."""
        ...

    def newest(self, column: str, count: int) -> Sequence[SiteEntry]:
        """The newest entries of a column that are not withdrawn, newest first; all columns when `column` is empty."""
        ...

    def count(self, column: str) -> int:
        """How many sequence numbers of a column are given."""
        ...

    def written(self, column: str) -> int:
        """How many numbers of a column were given when it was last written whole: up to the highest settled one."""
        ...

    def listings(self) -> Sequence[Listing]:
        """Every listing that ever had an entry, by name."""
        ...

    def related(self, entry: SiteEntry) -> Sequence[SiteEntry]:
        """The interpretations of a document and the documents of an interpretation, not withdrawn, oldest first."""
        ...

    def affected(self) -> Sequence[SiteEntry]:
        """Other entries whose pages name the one being written, or named it before this change."""
        ...


class SiteLedger(Protocol):
    """Gives out sequence numbers and remembers what stands on each website channel."""

    def view(self, channel: str, entry: SiteEntry) -> Published:
        """The site with `entry` in it. The first call for an item fixes its sequence number and publication time."""
        ...

    def settle(self, channel: str, entry: SiteEntry, text: str = "") -> None:
        """The files are written: from now on every view sees the entry (or its tombstone), and search finds its `text`."""
        ...

    def standing(self, channel: str, item: int) -> Rendition:
        """What the channel received last for an item: its text, or its notice. Raises `NotFound` where it has none."""
        ...

    def entries(self, channel: str) -> Sequence[SiteEntry]:
        """Everything settled on a channel, by column and sequence, for a full build."""
        ...
