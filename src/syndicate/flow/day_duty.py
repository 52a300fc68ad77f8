"""应转载 in the facts of a day: what flagged sources brought and what lists demand, as it was known at a moment."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from syndicate.flow.workspace import Workspace
from syndicate.ingest.dates import to_the_minute
from syndicate.ingest.documents import plain
from syndicate.model.facts import ReprintFact
from syndicate.model.item import Content, ItemState
from syndicate.records import figures, items, originals, past, required_reprints
from syndicate.records.required_reprints import RequiredReprint
from syndicate.records.values import ItemRecord

WEEK = timedelta(days=7)
_MADE_WITHIN = timedelta(days=92)
"""An item that is older than its demand by more than this is another document of the same title."""
_LONGEST = 200_000
"""Characters of a text that are compared."""


def reprints(workspace: Workspace, moment: datetime) -> tuple[ReprintFact, ...]:
    """Reprints that were known at `moment` and are due from a week before on, compared with their originals."""
    facts = uncompared_reprints(workspace, moment)
    compared = mismatches(workspace, [fact.item for fact in facts if fact.item is not None], moment)
    return tuple(replace(fact, mismatches=compared.get(fact.item)) if fact.item else fact for fact in facts)


def uncompared_reprints(
    workspace: Workspace, moment: datetime, since: datetime | None = None
) -> tuple[ReprintFact, ...]:
    """Reprints that were known at `moment` and are due from `since` (default: a week before) on.

    What somebody had decided against is none any more. What a list demands and nobody has begun stands there without
    an item.
    """
    since = since or moment - WEEK
    demands = required_reprints.counting(moment, since)
    listed = _of_items(demands, moment)
    rows = {row.id: row for row in figures.reprints(since) if row.created_at < moment}
    rows |= {number: row for number, row in items.several(sorted(listed)).items() if row.created_at < moment}
    states = past.item_states(list(rows), moment)
    numbers = [number for number in rows if states[number] is not ItemState.DISCARDED]
    begun = {demand.id for number in numbers if (demand := listed.get(number))}
    facts = [*_begun(workspace, [rows[number] for number in numbers], listed, moment)]
    facts += [_not_begun(demand) for demand in demands if demand.id not in begun]
    return tuple(sorted(facts, key=lambda fact: fact.deadline))


def _of_items(demands: Sequence[RequiredReprint], moment: datetime) -> dict[int, RequiredReprint]:
    """Item → the demand that it fulfils: by the address of its original, else by its title."""
    at = required_reprints.items_at({one.address for one in demands})
    called = required_reprints.items_called({one.title for one in demands}, moment - _MADE_WITHIN)
    found: dict[int, RequiredReprint] = {}
    for demand in demands:
        item = at.get(demand.address) if demand.address else None
        item = item or called.get(demand.title)
        if item is not None:
            found.setdefault(item, demand)
    return found


def _not_begun(demand: RequiredReprint) -> ReprintFact:
    return ReprintFact(
        title=demand.title,
        source_title=demand.source_title,
        source_time=demand.listed_at,
        deadline=demand.deadline,
        published={},
        by_first_seen=True,
        source_url=demand.url,
        listed=demand.id,
    )


def _begun(
    workspace: Workspace, rows: Sequence[ItemRecord], listed: Mapping[int, RequiredReprint], moment: datetime
) -> list[ReprintFact]:
    numbers = [row.id for row in rows]
    latest = items.latest_revisions(numbers, before=moment)
    published = figures.first_receipts(numbers, moment)
    sources = originals.sources_of(numbers)
    followed, facts = workspace.snapshot.sources, []
    for row in rows:
        content, demand = latest[row.id].content, listed.get(row.id)
        known = [followed[name] for name in sources.get(row.id, ()) if name in followed]
        exact = to_the_minute(content.published_at, workspace.snapshot.office.timezone)
        facts.append(
            ReprintFact(
                title=content.title,
                source_title=known[0].title if known else content.source_name,
                source_time=exact or row.created_at,
                deadline=_deadline(row, demand, moment),
                published=published.get(row.id, {}),
                required=demand is not None or not known or any(source.must_reprint for source in known),
                by_first_seen=exact is None,
                item=row.id,
                source_url=content.source_url,
                listed=demand.id if demand else None,
            )
        )
    return facts


def _deadline(row: ItemRecord, demand: RequiredReprint | None, moment: datetime) -> datetime:
    """The earlier one of what the source's rule and a list say."""
    said = [at for at in (row.deadline_at, demand.deadline if demand else None) if at is not None]
    return min(said, default=moment)


def mismatches(workspace: Workspace, numbers: Collection[int], moment: datetime) -> dict[int, tuple[str, ...]]:
    """What differs between what the public was shown at a moment and the original as it was last read by then.

    Only items are named that stood somewhere and whose original was read here: the others cannot be compared.
    """
    read = originals.last_read(numbers, moment)
    site = workspace.website() or workspace.snapshot.cms
    shown: dict[int, int] = {}
    for item, held in past.holdings(list(read), moment).items():
        first = next((one for one in held if site is not None and one.channel == site.id), held[0])
        shown[item] = first.revision
    revisions = items.revisions_numbered({*shown.values(), *(read[item] for item in shown)})
    return {item: differences(revisions[read[item]].content, revisions[ours].content) for item, ours in shown.items()}


def differences(original: Content, ours: Content) -> tuple[str, ...]:
    """题名 来源 链接 正文 附件: which of them are not the same; files by their hash, texts by what a reader sees."""
    pairs = {
        "题名": (original.title.strip(), ours.title.strip()),
        "来源": (original.source_name, ours.source_name),
        "链接": (original.source_url, ours.source_url),
        "正文": (_read(original), _read(ours)),
        "附件": (_files(original), _files(ours)),
    }
    return tuple(name for name, (theirs, our_own) in pairs.items() if theirs != our_own)


def _read(content: Content) -> str:
    return "".join(plain(content.body, _LONGEST).split())


def _files(content: Content) -> list[str]:
    return sorted(file.sha256 for file in content.attachments)
