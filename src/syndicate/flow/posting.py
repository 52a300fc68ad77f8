"""寄出: handing in what the outbox holds, outside every transaction, again and again until it is taken or given up.

A letter is claimed before it is handed in and comes back by itself when this process dies; its Message-ID stays, so
that a mailbox can drop a double.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from syndicate.channels import mail, webhook, wecom
from syndicate.errors import Message, NotFound
from syndicate.flow.letters import MAIL, WEBHOOK, WECOM
from syndicate.flow.report_mail import with_report
from syndicate.flow.workspace import Workspace
from syndicate.model.notice import Envelope, Posted, PostLater, PostOutcome, PostRefused, Webhook, WeCom
from syndicate.records import notices, seat
from syndicate.records.notices import LetterRecord

CLAIM = timedelta(minutes=30)
"""Longer than a batch can take: 20 letters of at most 30 s each, twice over for connecting."""
MOST = 20


@dataclass(frozen=True)
class PostRun:
    """What one run of the outbox did."""

    sent: int
    waiting: int
    given_up: int


def post(workspace: Workspace) -> PostRun:
    """Hand in what is due. Raises NotAllowed in a copy of an office that nobody has taken over."""
    seat.check(workspace.home)
    now = workspace.now()
    claimed = notices.claim_letters(now, now + CLAIM, MOST)
    settled: dict[int, PostOutcome] = {}
    for number, outcome in _outcomes(workspace, claimed):
        letter = next(one for one in claimed if one.id == number)
        _settle(workspace, letter, outcome)
        settled[number] = outcome
    for letter in claimed:
        if letter.id not in settled:
            notices.letter_untouched(letter.id, now + workspace.snapshot.notices.retry[0])
    sent = sum(isinstance(one, Posted) for one in settled.values())
    given_up = sum(isinstance(one, PostRefused) for one in settled.values())
    return PostRun(sent, len(claimed) - sent - given_up, given_up)


def _outcomes(workspace: Workspace, claimed: tuple[LetterRecord, ...]) -> Iterator[tuple[int, PostOutcome]]:
    rules = workspace.snapshot.notices
    mails = [one for one in claimed if one.way == MAIL]
    if rules.mail and mails:
        try:
            password = workspace.hands.secrets.get(rules.mail.secret) if rules.mail.secret else ""
        except NotFound:
            yield mails[0].id, PostLater(Message("mail.no_secret", {"name": rules.mail.secret}))
        else:
            yield from mail.post(rules.mail, password, ((one.id, _envelope(workspace, one)) for one in mails))
    for letter in claimed:
        if letter.way == WECOM and rules.wecom:
            yield letter.id, _to_group(workspace, rules.wecom, letter)
        if letter.way == WEBHOOK and rules.webhook:
            yield letter.id, _to_webhook(workspace, rules.webhook, letter)


def _to_group(workspace: Workspace, group: WeCom, letter: LetterRecord) -> PostOutcome:
    try:
        key = workspace.hands.secrets.get(group.secret)
    except NotFound:
        return PostLater(Message("mail.no_secret", {"name": group.secret}))
    return wecom.post(group.base_url, key, letter.body)


def _to_webhook(workspace: Workspace, hook: Webhook, letter: LetterRecord) -> PostOutcome:
    try:
        key = workspace.hands.secrets.get(hook.secret)
    except NotFound:
        return PostLater(Message("mail.no_secret", {"name": hook.secret}))
    # The part before the domain: a dot divides what is signed, so that none may stand in it.
    identity = letter.message_id.strip("<>").partition("@")[0]
    return webhook.post(hook.url, key, hook.secret, identity, letter.body, workspace.now())


def _envelope(workspace: Workspace, letter: LetterRecord) -> Envelope:
    written = letter.created_at.astimezone(workspace.snapshot.office.timezone)
    envelope = Envelope(letter.address, letter.message_id, letter.subject, letter.body, written)
    return with_report(workspace, letter, envelope) if letter.report else envelope


def _settle(workspace: Workspace, letter: LetterRecord, outcome: PostOutcome) -> None:
    now = workspace.now()
    match outcome:
        case Posted():
            notices.letter_sent(letter.id, now)
        case PostLater(why):
            notices.letter_failed(letter.id, next_try(workspace, letter, now), why)
        case PostRefused(why):
            notices.letter_failed(letter.id, None, why)


def next_try(workspace: Workspace, letter: LetterRecord, now: datetime) -> datetime | None:
    """When a letter is handed in again; None once it has waited too long."""
    rules = workspace.snapshot.notices
    at = now + rules.retry[min(letter.failures, len(rules.retry) - 1)]
    return at if at <= letter.created_at + rules.give_up else None
