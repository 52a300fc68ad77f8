"""读不到的文章: rows whose article could not be read are tried again; one that stays so is one task, and stops nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from syndicate.errors import Message
from syndicate.flow.taking_in import SYNC
from syndicate.ingest.dead_links import Failing, failed_again, is_due, is_given_up
from syndicate.ingest.novelty import row_hash
from syndicate.model.source import Row, Source
from syndicate.records import audit, failed_rows
from syndicate.records import sources as source_records
from syndicate.records.connection import one_transaction
from syndicate.records.failed_rows import FailedRow


@dataclass(frozen=True)
class DeadLinks:
    """The failing rows of one source as they were before this look."""

    source: Source
    known: Mapping[str, FailedRow]
    now: datetime

    @property
    def any_due(self) -> bool:
        """Whether a row has to be tried again, so that its list must be read whole."""
        return any(is_due(_failing(row), self.now) for row in self.known.values())

    def waits(self, row: Row) -> bool:
        """Whether a row is left alone at this look: it failed so often that it is a task already."""
        return row.key in self.known and not is_due(_failing(self.known[row.key]), self.now)

    def is_task(self, row: Row) -> bool:
        """Whether a row was a task for a person before this look."""
        return row.key in self.known and self.known[row.key].dead_at is not None

    def failed(self, row: Row, why: Message) -> bool:
        """A row failed once more; True where that makes it a task for a person."""
        before = self.known.get(row.key)
        after = failed_again(_failing(before) if before else None, self.now)
        subject = f"source:{self.source.name}"
        with one_transaction():
            if is_given_up(after, self.now):
                source_records.mark_seen(self.source.name, row.key, None, row_hash(row), self.now)
                failed_rows.forget(self.source.name, [row.key])
                audit.append(SYNC, "article.given_up", subject, {"url": row.url}, self.now)
                return False
            failed_rows.store(_failed_row(self.source, row, after, why))
            if after.dead_at != self.now:
                return False
            audit.append(SYNC, "article.dead", subject, {"url": row.url, "failures": after.failures}, self.now)
        return True

    def read(self, row: Row) -> None:
        """A row was taken in; within the caller's transaction."""
        if row.key in self.known:
            failed_rows.forget(self.source.name, [row.key])

    def listed(self, rows: Sequence[Row]) -> None:
        """A list was read whole: what no longer stands in it can never be read, and nobody has to look for it."""
        left = set(self.known) - {row.key for row in rows}
        if left:
            with one_transaction():
                failed_rows.forget(self.source.name, left)


def dead_links(source: Source, now: datetime) -> DeadLinks:
    """The failing rows of a source."""
    return DeadLinks(source, failed_rows.of_source(source.name), now)


def told(row: FailedRow) -> Message:
    """What a person is told about a row that is a task."""
    why = {"why_zh": row.message.zh, "why_en": row.message.en}
    return Message("sync.dead_link", {"title": row.title, "url": row.url, "count": row.failures, **why})


def _failed_row(source: Source, row: Row, after: Failing, why: Message) -> FailedRow:
    title = row.title or row.url
    return FailedRow(
        source.name, row.key, row.url, title, after.failures, after.first_at, after.last_at, after.dead_at, why
    )


def _failing(row: FailedRow) -> Failing:
    return Failing(row.failures, row.first_at, row.last_at, row.dead_at)
