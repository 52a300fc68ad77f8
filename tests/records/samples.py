"""Invented items, duties and receipts that the records' tests begin with."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from syndicate.model.channel import Rendition
from syndicate.model.delivery import Action, DeliveryState, Receipt, WaitReason
from syndicate.model.item import Content, ItemKind
from syndicate.records import deliveries, items, receipts, reviews
from syndicate.records.connection import close_connections
from syndicate.records.deliveries import Duty
from syndicate.records.values import DeliveryRecord

CONTENT = Content("样例标题", "<p>样例正文</p>", ItemKind.ORIGINAL, "样例县政府办")


def new_item(now: datetime, content: Content = CONTENT) -> tuple[int, int]:
    """A stored draft: item and revision number."""
    return items.create(items.NewItem("news", content.kind, levels=1, created_by="样例编辑"), content, now)


def new_rendition(revision: int, channel: str, now: datetime, text: str = "样例短文") -> int:
    """A stored rendition's row."""
    others = [row.rendition for row in reviews.renditions(revision) if row.rendition.channel != channel]
    reviews.store_renditions(revision, [*others, Rendition(channel, {"text": text}, "")], now)
    return next(row.id for row in reviews.renditions(revision) if row.rendition.channel == channel)


def new_delivery(
    item: int,
    revision: int,
    now: datetime,
    *,
    channel: str = "weibo",
    action: Action = Action.PUBLISH,
    state: DeliveryState = DeliveryState.DUE,
    wait: WaitReason | None = None,
    due_at: datetime | None = None,
) -> int:
    """A stored duty of an item."""
    rendition = new_rendition(revision, channel, now)
    return deliveries.create(Duty(item, revision, rendition, channel, action, state, wait, due_at or now), now)


def receipt(at: datetime, number: str = "1") -> Receipt:
    """A receipt as a driver gives it."""
    return Receipt(number, f"https://example.org/{number}", at, {"mid": number})


def together(*tasks: Callable[[], object]) -> list[object]:
    """What each task brought when all run at once in threads of their own; an exception is a result too."""
    barrier = threading.Barrier(len(tasks))
    results: list[object] = [None] * len(tasks)

    def run(number: int, task: Callable[[], object]) -> None:
        barrier.wait(10)
        try:
            results[number] = task()
        except Exception as error:
            results[number] = error
        finally:
            close_connections()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def kinds(results: Sequence[object]) -> list[str]:
    """Names of the results' types, sorted, for comparing who won and who lost."""
    return sorted(type(result).__name__ for result in results)


def tried(delivery: DeliveryRecord, step: str, now: datetime, *, kind: str = "send", worker: str = "w") -> int:
    """A try as it is written down before its call."""
    (number,) = deliveries.open_attempts([deliveries.Try(delivery, kind, step, worker)], now)
    return number


def kept(delivery: DeliveryRecord, receipt: Receipt) -> int:
    """A receipt as a delivery leaves it; returns its row."""
    return receipts.add([receipts.Arrival(delivery, receipt, "hash")])[delivery.id]
