"""The facts of a day, from the records: everything the report says comes from here, and what is not kept says so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from pathlib import Path

from syndicate.errors import Message
from syndicate.flow.channel_accounts import troubled
from syndicate.flow.dead_links import told
from syndicate.flow.drift import DRIFT, drift_target
from syndicate.flow.exceptions import judged_rules
from syndicate.flow.following import open_alarms
from syndicate.flow.gone import still_visible
from syndicate.flow.matrix import deadline_of
from syndicate.flow.screens import screen_share
from syndicate.flow.workspace import Workspace
from syndicate.ingest.dates import to_the_minute
from syndicate.model.account import AccountState
from syndicate.model.channel import Channel, ChannelKind
from syndicate.model.delivery import Action, DeliveryState
from syndicate.model.facts import (
    ChannelFact,
    ColumnFact,
    DayFacts,
    DecisionFacts,
    DemotedRuleFact,
    FindingFact,
    PageFact,
    ProbeFact,
    ReprintFact,
    SecondCheckFact,
    SiteFacts,
    SourceFact,
    TakedownFact,
    TaskFact,
)
from syndicate.model.finding import Finding, Severity
from syndicate.model.item import ItemKind, ItemState
from syndicate.records import audit, deliveries, emergencies, failed_rows, figures, items, queues, receipts, reviews
from syndicate.records import findings as finding_records
from syndicate.records import office as office_records
from syndicate.records import sources as source_records
from syndicate.records.accounts import AccountRecord
from syndicate.records.values import AuditRecord, ItemSourceRecord, RevisionRecord

WEEK = timedelta(days=7)


def day_facts(workspace: Workspace, day: date, as_of: datetime | None = None) -> DayFacts:
    """Everything known about one day. `as_of` defaults to its end, or to now while it runs."""
    office = workspace.snapshot.office
    now = workspace.now()
    start = datetime.combine(day, time.min, office.timezone)
    moment = as_of or min(start + timedelta(days=1), now)
    return DayFacts(
        day=day,
        as_of=moment,
        made_at=now,
        office=office.name,
        site_name=office.site_name,
        site_url=office.site_url,
        sample=office.sample,
        snapshot=workspace.snapshot.hash,
        probes=_probes(moment),
        columns=_columns(workspace, start, moment),
        findings=_findings(workspace),
        reprints=_reprints(workspace, moment),
        channels=tuple(_channel(workspace.home, one, start, moment) for one in workspace.snapshot.channels.values()),
        sources=_sources(workspace, start, moment),
        decisions=_decisions(audit.between(start, moment)),
        demoted_rules=_demoted_rules(workspace),
        second_checks=_second_checks(start, moment),
        takedowns=_takedowns(start, moment),
        tasks=_tasks(workspace),
        site=_site(workspace, moment),
        reasons=_reasons(),
    )


def _reasons() -> dict[str, str]:
    """Why a field is not filled, for the fields no record is kept for."""
    crawl = Message("report.not_kept_site").zh
    return {
        "problems": Message("report.not_kept_problems").zh,
        "interaction": Message("report.not_kept_interaction").zh,
        **{f"site.{one.name}": crawl for one in fields(SiteFacts)},
    }


def _probes(moment: datetime) -> tuple[ProbeFact, ...] | None:
    rows = [row for row in office_records.probes_between(moment - WEEK, moment) if row.kind == "site"]
    facts = (
        ProbeFact(row.at, row.ok, row.milliseconds / 1000 if row.ok else None, row.target, row.detail) for row in rows
    )
    return tuple(facts) or None


def _columns(workspace: Workspace, start: datetime, moment: datetime) -> tuple[ColumnFact, ...] | None:
    website = workspace.website()
    if website is None:
        return None
    found = figures.columns(website.id, start, moment)
    empty = figures.ColumnFigures(0, None, 0)
    site = workspace.snapshot.office.site_url
    return tuple(
        ColumnFact(
            name=column.name,
            title=column.title,
            owner=column.owner,
            last_published=found.get(column.name, empty).last_published,
            limit=column.update_within,
            count=found.get(column.name, empty).count,
            new_today=found.get(column.name, empty).new,
            on_home=column.home,
            url=f"{site}/{column.name}/",
        )
        for column in workspace.snapshot.columns.values()
    )


def _demoted_rules(workspace: Workspace) -> tuple[DemotedRuleFact, ...]:
    judged = (one for one in judged_rules(workspace) if one.demoted)
    return tuple(DemotedRuleFact(one.rule, one.decisions, one.right) for one in judged)


def _findings(workspace: Workspace) -> tuple[FindingFact, ...]:
    """Open findings of the newest revision of every item: overridden ones are decided and not listed."""
    found = []
    numbers = figures.items_with_findings()
    latest = items.latest_revisions(numbers)
    by_revision = finding_records.of_revisions([revision.id for revision in latest.values()])
    revision_of = {one.id: one.revision for sent in deliveries.of_items(numbers).values() for one in sent}
    for item, revision in latest.items():
        overridden = {rule for decision in reviews.decisions(revision.id) for rule in decision.overrides}
        standing = (one for one in receipts.held(item) if revision_of.get(one.delivery) == revision.id)
        held = tuple(sorted({receipt.channel for receipt in standing}))
        for finding in by_revision.get(revision.id, ()):
            if finding.severity is not Severity.HINT and finding.rule not in overridden:
                found.append(_finding(workspace, revision, finding, held))
    return tuple(found)


def _finding(workspace: Workspace, revision: RevisionRecord, finding: Finding, held: tuple[str, ...]) -> FindingFact:
    content = revision.content
    return FindingFact(
        rule=finding.rule,
        severity=finding.severity,
        title=content.title,
        excerpt=_excerpt(content.title if finding.part == "title" else content.body, finding),
        message=finding.message,
        suggestion=finding.suggestion or "",
        url=_address(held, revision.item),
        published_on=held,
        reprint=content.kind is ItemKind.REPRINT,
    )


def _address(held: tuple[str, ...], item: int) -> str:
    addresses = (receipt.receipt.url for receipt in receipts.held(item) if receipt.channel in held)
    return next(addresses, "")


def _excerpt(source: str, finding: Finding) -> str:
    """The text found with ten characters on each side; long numbers beside it are masked, they may be personal."""
    if not finding.text or finding.part not in ("title", "body"):
        return finding.text
    before = _bare(source[max(0, finding.start - 200) : finding.start])[-10:]
    after = _bare(source[finding.end : finding.end + 200])[:10]
    return f"{before}{finding.text}{after}"


def _bare(markup: str) -> str:
    text = re.sub(r"^[^<]*>|<[^>]*>|<[^<]*$", "", markup)
    return re.sub(r"[0-9Xx]{6,}", "***", re.sub(r"\s+", "", text))


def _reprints(workspace: Workspace, moment: datetime) -> tuple[ReprintFact, ...]:
    """Those that were known at `moment` and not set aside: what somebody decided against is no duty any more."""
    known = figures.reprints(moment - WEEK)
    rows = [row for row in known if row.created_at < moment and row.state is not ItemState.DISCARDED]
    numbers = [row.id for row in rows]
    latest = items.latest_revisions(numbers)
    published = figures.first_receipts(numbers)
    facts = []
    for row in rows:
        content = latest[row.id].content
        sources = items.sources(row.id)
        title = (
            workspace.snapshot.sources[sources[0].source].title if _known(workspace, sources) else content.source_name
        )
        exact = to_the_minute(content.published_at, workspace.snapshot.office.timezone)
        facts.append(
            ReprintFact(
                title=content.title,
                source_title=title,
                source_time=exact or row.created_at,
                deadline=row.deadline_at or moment,
                published=published.get(row.id, {}),
                by_first_seen=exact is None,
                item=row.id,
                source_url=content.source_url,
            )
        )
    return tuple(facts)


def _known(workspace: Workspace, sources: tuple[ItemSourceRecord, ...]) -> bool:
    return bool(sources) and sources[0].source in workspace.snapshot.sources


def _channel(home: Path, channel: Channel, start: datetime, moment: datetime) -> ChannelFact:
    found = figures.channel(channel.id, start, moment, moment)
    return ChannelFact(
        id=channel.id,
        title=channel.title,
        kind=channel.kind,
        sent=found.sent,
        failed=found.failed,
        retrying=found.retrying,
        waiting=found.waiting,
        needs_person=found.needs_person,
        last_success=found.last_success,
        oldest_overdue=found.oldest_overdue,
        drift=_drift(channel.id, start, moment),
        running_share=screen_share(home, channel, start, moment) if channel.kind is ChannelKind.LED else None,
    )


def _drift(channel: str, start: datetime, moment: datetime) -> int | None:
    """Receipts whose public form had changed or gone at the last look of the day; None when nothing was looked at."""
    looks = [
        row
        for row in office_records.probes_between(start, moment)
        if row.kind == DRIFT and row.target.startswith(drift_target(channel))
    ]
    last = {row.target: row for row in looks}
    return sum(not row.ok for row in last.values()) if looks else None


def _sources(workspace: Workspace, start: datetime, moment: datetime) -> tuple[SourceFact, ...]:
    looks = source_records.looks_between(start, moment)
    facts = []
    for source in workspace.snapshot.sources.values():
        health = source_records.health(source.name)
        facts.append(
            SourceFact(
                name=source.name,
                title=source.title,
                result=health.result,
                last_success=health.last_success_at,
                last_new=health.last_new_at,
                next_due=health.next_look_at,
                new_today=sum(look.new for look in looks if look.source == source.name),
                note=health.message.zh if health.message else "",
            )
        )
    return tuple(facts)


def _decisions(events: Iterable[AuditRecord]) -> DecisionFacts:
    rows = list(events)
    overridden = []
    for row in rows:
        overrides = row.data.get("overrides")
        if isinstance(overrides, dict) and overrides:
            title = items.latest_revision(int(row.subject.removeprefix("item:"))).content.title
            overridden += [(title, rule, str(reason)) for rule, reason in overrides.items()]
    return DecisionFacts(
        submitted=sum(row.action == "item.submitted" for row in rows),
        approved=sum(row.action == "item.approved_last" for row in rows),
        returned=sum(row.action in ("item.returned", "item.sent_back") for row in rows),
        overridden=tuple(overridden),
    )


def _second_checks(start: datetime, moment: datetime) -> tuple[SecondCheckFact, ...]:
    """What one person did alone: all that nobody has checked yet, and the day's."""
    alone = {row.id: row for row in (*emergencies.unchecked(), *emergencies.between(start, moment))}
    taken_down = {row.id: row for row in (*reviews.open_withdrawals(), *reviews.withdrawals_between(start, moment))}
    numbers = [*(row.item for row in alone.values()), *(row.item for row in taken_down.values())]
    titles = queues.titles(numbers)
    facts = (
        *(SecondCheckFact("应急发布", titles[row.item], row.actor, row.at, row.checked_by) for row in alone.values()),
        *(
            SecondCheckFact("撤回", titles[row.item], row.actor, row.at, row.confirmed_by)
            for row in taken_down.values()
        ),
    )
    return tuple(fact for fact in facts if fact.at < moment)


def _takedowns(start: datetime, moment: datetime) -> tuple[TakedownFact, ...]:
    facts = []
    for row in reviews.withdrawals_between(start, moment):
        duties = [one for one in deliveries.of_item(row.item) if one.action is Action.RETRACT]
        done = sum(one.state in (DeliveryState.DELIVERED, DeliveryState.CANCELLED) for one in duties)
        title = items.latest_revision(row.item).content.title
        facts.append(TakedownFact("撤回", title, row.reason, row.at, done, len(duties)))
    return tuple(facts)


def _tasks(workspace: Workspace) -> tuple[TaskFact, ...]:
    """Everything that only a person can do."""
    return (
        *_accounts(workspace),
        *_stopped(workspace),
        *_visible(workspace),
        *_gone_originals(workspace),
        *_dead_links(),
    )


def _visible(workspace: Workspace) -> tuple[TaskFact, ...]:
    """What was withdrawn and is still seen by the public."""
    rows = ((row, Message("matrix.still_visible", {"where": row.target})) for row in still_visible(workspace.now()))
    return tuple(TaskFact(why.zh, why.action_zh, row.at) for row, why in rows)


def _accounts(workspace: Workspace) -> tuple[TaskFact, ...]:
    """Accounts that do not work, will soon not, or are stopped."""
    return tuple(
        TaskFact(
            text=f"{_title(workspace, one.channel)}：{Message(f'word.account_{one.state}').zh}。{one.message.zh if one.message else ''}",
            action=_account_action(one),
            since=one.since or workspace.now(),
        )
        for one in troubled(workspace)
    )


def _account_action(account: AccountRecord) -> str:
    """What a person does about an account; a missing right ends only when somebody says so."""
    action = account.message.action_zh if account.message else ""
    return action + Message("account.then_release").action_zh * (account.state is AccountState.NO_PERMISSION)


def _stopped(workspace: Workspace) -> tuple[TaskFact, ...]:
    open_ones = deliveries.listed((DeliveryState.NEEDS_PERSON, DeliveryState.REFUSED), limit=200)
    latest = items.latest_revisions([one.item for one in open_ones])
    return tuple(
        TaskFact(
            text=f"《{latest[one.item].content.title}》→ {_title(workspace, one.channel)}：{one.message.zh if one.message else one.outcome}",
            action=one.message.action_zh if one.message else "",
            since=one.due_at,
            deadline=deadline_of(one),
        )
        for one in open_ones
    )


def _gone_originals(workspace: Workspace) -> tuple[TaskFact, ...]:
    """Reprints whose original was taken down: a person decides whether ours follows."""
    facts = []
    for one in open_alarms():
        title = items.latest_revision(one.item).content.title
        why = Message("sync.original_gone", {"item": one.item, "title": title, "url": one.url})
        facts.append(TaskFact(text=why.zh, action=why.action_zh, since=one.gone_at or workspace.now(), link=one.url))
    return tuple(facts)


def _dead_links() -> tuple[TaskFact, ...]:
    """Articles that a list names and nobody can read: a person looks what they are."""
    rows = ((row, told(row)) for row in failed_rows.dead())
    return tuple(TaskFact(why.zh, why.action_zh, row.dead_at or row.last_at, link=row.url) for row, why in rows)


def _title(workspace: Workspace, channel: str) -> str:
    known = workspace.snapshot.channels.get(channel)
    return known.title if known else channel


def _site(workspace: Workspace, moment: datetime) -> SiteFacts:
    """What the patrol knows of the website; the crawl of links, tags and footer is not there yet."""
    rounds = [row for row in office_records.probes_between(moment - WEEK, moment) if row.kind == "verify"]
    last = max((row.at for row in rounds), default=None)
    foreign = tuple(PageFact(row.target, (row.detail,)) for row in rounds if row.at == last and not row.ok)
    return SiteFacts(
        tampered=foreign if last else None,
        government_domain=workspace.snapshot.office.domain.endswith(".gov.cn"),
    )
