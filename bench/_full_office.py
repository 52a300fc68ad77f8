"""A full office in bulk, as the flow would have left it: invented rows with a fixed seed. Shared by the benches of desk and office."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

FINDINGS_EACH = 10
CHANNELS = ("website", "weibo", "wechat", "app", "led")
PUBLISHER, REVIEWER, EDITOR = "样例签发", "样例审核", "样例编辑"
CHARACTERS = "县镇乡村局委办公开展组织部署推进检查总结建设服务群众企业项目安全生产教育医疗交通农业水利环境保护改革发展计划资金管理监督"
STATES = ("published",) * 980 + ("submitted",) * 10 + ("draft",) * 5 + ("returned",) * 3 + ("approved",) * 2
COLUMNS = ("news", "reprints", "notices", "policy", "interpretation")


def words(chosen: random.Random, length: int) -> str:
    return "".join(chosen.choices(CHARACTERS, k=length))


def insert(model: Any, rows: Iterable[Mapping[str, object]]) -> None:
    """Rows in bulk; fields that are not named have the model's defaults."""
    from django.db import connection

    fields = list(model._meta.concrete_fields)
    blank = model()
    defaults = {one.attname: getattr(blank, one.attname) for one in fields}
    names = ", ".join(f'"{one.column}"' for one in fields)
    marks = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({marks})"  # names of our own tables
    waiting = iter(rows)
    while batch := list(islice(waiting, 5_000)):
        values = [
            [one.get_db_prep_save({**defaults, **row}[one.attname], connection) for one in fields] for row in batch
        ]
        with connection.cursor() as cursor:
            cursor.executemany(statement, values)


@dataclass(frozen=True)
class FullOffice:
    """Tables of `total` items, one every five minutes until `now`. `site`: where the receipts say that things are.

    `waits` False, for an office at work: nothing is left approved and undelivered, which a worker would begin to send,
    and what was published has hints only; otherwise every fourth finding of every text is still open.
    """

    total: int
    now: datetime
    site: str = "https://www.example.gov.cn"
    waits: bool = True

    def state(self, number: int) -> str:
        state = STATES[number * 7919 % 1000]
        return state if self.waits or state != "approved" else "published"

    def created(self, number: int) -> datetime:
        return self.now - timedelta(minutes=5 * (self.total - number))

    def items(self, chosen: random.Random) -> Iterator[dict[str, object]]:
        for number in range(1, self.total + 1):
            state, reprint, at = self.state(number), number % 3 > 0, self.created(number)
            out = state == "published"
            yield {
                "id": number,
                "title": words(chosen, chosen.randint(12, 30)),
                "column": COLUMNS[number % 5],
                "kind": "reprint" if reprint else "original",
                "state": state,
                "level": 1 + (number % 2 if state == "submitted" else 1),
                "levels": 2,
                "submitter": "sync" if reprint else EDITOR,
                "created_by": "sync" if reprint else EDITOR,
                "created_at": at,
                "deadline_at": at + timedelta(hours=24) if reprint else None,
                "submitted_at": None if state == "draft" else at,
                "approved_at": at if state in ("approved", "published") else None,
                "first_published_at": at if out else None,
            }

    def revisions(self, chosen: random.Random, titles: Mapping[int, str]) -> Iterator[dict[str, object]]:
        bodies = ["".join(f"<p>{words(chosen, 80)}。</p>" for _ in range(10)) for _ in range(200)]
        for number in range(1, self.total + 1):
            yield {
                "id": number,
                "item_id": number,
                "number": 1,
                "title": titles[number],
                "body": bodies[number % 200],
                "kind": "reprint" if number % 3 else "original",
                "source_name": "示例省人民政府" if number % 3 else "云川县人民政府办公室",
                "source_url": f"https://www.example.gov.cn/{number}.html" if number % 3 else "",
                "published_at": self.created(number),
                "content_hash": f"{number:064x}",
                "created_by": "sync" if number % 3 else EDITOR,
                "created_at": self.created(number),
            }

    def findings(self) -> Iterator[dict[str, object]]:
        for number in range(1, self.total + 1):
            for place in range(FINDINGS_EACH):
                severity = "block" if (number + place) % 97 == 0 else ("confirm" if place % 3 == 0 else "hint")
                if not self.waits and self.state(number) == "published":
                    severity = "hint"  # what was more than a hint was settled before
                start = 3 + place * 88
                yield {
                    "revision_id": number,
                    "rule": f"word.sample{place}",
                    "severity": severity,
                    "part": "body",
                    "start": start,
                    "end": start + 4,
                    "text": "样例文字",
                    "message": "样例：此处文字需要核对，依据见规则说明。",
                    "message_en": "Sample: look at this passage.",
                    "basis": "样例规定",
                    "snapshot": "0" * 64,
                    "found_at": self.created(number),
                }

    def sent(self, table: str) -> Iterator[dict[str, object]]:
        """Renditions, deliveries or receipts of everything that was approved; one in five hundred deliveries stopped."""
        row = 0
        for number in range(1, self.total + 1):
            state = self.state(number)
            if state not in ("approved", "published"):
                continue
            for channel in CHANNELS:
                row += 1
                stopped = row % 500 == 0
                delivery = "needs_person" if stopped else ("delivered" if state == "published" else "waiting")
                common = {"id": row, "channel": channel, "created_at": self.created(number)}
                if table == "renditions":
                    yield {**common, "revision_id": number, "purpose": "publish", "fields": {"text": "样例"}, "body": "<p>样例</p>", "files": [], "hash": f"{row:064x}"}  # fmt: skip
                elif table == "deliveries":
                    yield {**common, "item_id": number, "revision_id": number, "rendition_id": row, "action": "publish", "state": delivery, "due_at": self.created(number), "wait_reason": "undo" if delivery == "waiting" else "", "attempts_made": 1}  # fmt: skip
                elif delivery == "delivered":
                    yield {"delivery_id": row, "item_id": number, "channel": channel, "remote_id": str(row), "url": f"{self.site}/sample/{row}", "at": self.created(number), "rendition_hash": f"{row:064x}"}  # fmt: skip

    def decisions(self) -> Iterator[dict[str, object]]:
        for number in range(1, self.total + 1):
            state = self.state(number)
            levels = {"published": (1, 2), "approved": (1, 2), "submitted": (1,) if number % 2 else ()}.get(state, ())
            for level in levels:
                yield {"revision_id": number, "level": level, "verdict": "approve", "actor": REVIEWER if level == 1 else PUBLISHER, "approval_hash": "0" * 64, "snapshot": "0" * 64, "at": self.created(number)}  # fmt: skip

    def audited(self) -> Iterator[dict[str, object]]:
        row = 0
        for number in range(1, self.total + 1):
            for action in ("item.created", "item.submitted", "item.approved"):
                row += 1
                yield {"number": row, "at": self.created(number), "actor": EDITOR, "via": "desk", "action": action, "subject": f"item:{number}", "data": {"level": 1}, "previous_hash": "0" * 64, "hash": f"{row:064x}"}  # fmt: skip

    def fill(self) -> None:
        """A full office in bulk, as the flow would have left it."""
        from django.db import transaction

        from syndicate.model.review import Role
        from syndicate.records import models, people

        chosen = random.Random(7)
        with transaction.atomic():
            for name, role in ((PUBLISHER, Role.PUBLISHER), (REVIEWER, Role.REVIEWER), (EDITOR, Role.EDITOR)):
                people.add(name, role)
            insert(models.Item, self.items(chosen))
            titles = dict(models.Item.objects.values_list("id", "title"))
            insert(models.Revision, self.revisions(chosen, titles))
            seen = ({"item_id": n, "source": f"sample-{n % 20}", "key": str(n), "url": f"www.example.gov.cn/{n}", "seen_at": self.created(n)} for n in range(1, self.total + 1) if n % 3)  # fmt: skip
            insert(models.ItemSource, seen)
            insert(models.Finding, self.findings())
            insert(models.Rendition, self.sent("renditions"))
            insert(models.Delivery, self.sent("deliveries"))
            insert(models.Receipt, self.sent("receipts"))
            insert(models.Decision, self.decisions())
            insert(models.AuditEvent, self.audited())
            models.AuditHead.objects.update_or_create(
                id=1, defaults={"number": self.total * 3, "hash": f"{self.total * 3:064x}"}
            )
