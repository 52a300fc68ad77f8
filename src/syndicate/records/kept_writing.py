"""暂存: what somebody is writing, kept between two saves. Never a revision; seen by nobody else until its writer has left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from syndicate.records import models
from syndicate.records.plain import plain_text

NEW = 0
"""In place of an item's number: something that is no item yet."""
KEPT_FOR = timedelta(days=30)
"""What nobody came back to for so long is forgotten."""


@dataclass(frozen=True)
class Kept:
    """A form as it was typed: one or several texts for every field."""

    typed: Mapping[str, list[str]]
    at: datetime


def keep(person: str, item: int, typed: Mapping[str, list[str]], now: datetime) -> None:
    """Remember a form in place of what was kept of it before."""
    models.KeptWriting.objects.filter(kept_at__lt=now - KEPT_FOR).delete()
    plain = {plain_text(name): [plain_text(text) for text in texts] for name, texts in typed.items()}
    models.KeptWriting.objects.update_or_create(person=person, item=item, defaults={"typed": plain, "kept_at": now})


def kept(person: str, item: int) -> Kept | None:
    """What was kept of a form, if anything."""
    row = models.KeptWriting.objects.filter(person=person, item=item).first()
    return Kept(row.typed, row.kept_at) if row else None


def forget(person: str, item: int) -> None:
    """The form was saved, or is not wanted any more."""
    models.KeptWriting.objects.filter(person=person, item=item).delete()


def hand_over(person: str, successor: str) -> int:
    """What a leaver was writing is in his successor's hands, except where that one is writing the same; how many forms."""
    his = models.KeptWriting.objects.filter(person=successor).values("item")
    return models.KeptWriting.objects.filter(person=person).exclude(item__in=his).update(person=successor)
