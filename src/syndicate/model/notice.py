"""通知: what people are told, to whom it goes, how, and what became of a letter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum

from syndicate.errors import Message
from syndicate.model.period import Span

ADDRESS = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){0,6}"
"""The plain form of a mail address (RFC 5321): no quoted parts, which hide things, and nothing that needs SMTPUTF8."""


class Event(StrEnum):
    """What somebody may have to hear of."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"
    NEEDS_PERSON = "needs_person"
    WITHDRAWN = "withdrawn"
    EMERGENCY = "emergency"
    SOURCE = "source"
    OVERDUE = "overdue"
    DEADLINE = "deadline"
    COLUMN = "column"
    ACCOUNT = "account"
    TOKEN = "token"  # noqa: S105 the name of an event
    FEEDBACK = "feedback"
    FEEDBACK_IN_HAND = "feedback_in_hand"
    DAILY = "daily"
    ALARM = "alarm"
    """An incident that no other event is about."""


class Addressee(StrEnum):
    """Whom an event concerns: everybody of a role, or the people it is about."""

    EDITOR = "editor"
    REVIEWER = "reviewer"
    PUBLISHER = "publisher"
    ADMIN = "admin"
    AUTHOR = "author"
    """Who wrote or submitted the item."""
    DECIDERS = "deciders"
    """Who may decide on the item at its present level."""
    HOLDER = "holder"
    """Whose token it is, or who has the report of the public in hand."""


class How(StrEnum):
    """A mail at once, a line of the daily mail, or only at the desk."""

    NOW = "now"
    DIGEST = "digest"
    DESK = "desk"


class Security(StrEnum):
    """How the connection to the mail server is protected. `none` only on this very machine."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True)
class Routing:
    """Who hears of an event, and how unless he chose otherwise."""

    to: tuple[Addressee, ...]
    how: How


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in. The password stands under the name `secret`; no `user`: the server asks for none."""

    host: str
    port: int
    security: Security
    sender: str
    user: str = ""
    secret: str = ""


@dataclass(frozen=True)
class WeCom:
    """企业微信群机器人: a group that hears of some events. The robot's key stands under the name `secret`."""

    base_url: str
    secret: str
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Webhook:
    """Where incidents are posted as JSON, signed as Standard Webhooks asks. The key stands under the name `secret`."""

    url: str
    secret: str


@dataclass(frozen=True)
class NoticeRules:
    """`content/notices.yaml`: events, ways and times. An event that is not listed is told to nobody."""

    events: Mapping[Event, Routing] = field(default_factory=dict)
    desk: str = ""
    """Where people reach the desk; links in mails begin with it."""
    digest_at: time = time(8)
    retry: tuple[timedelta, ...] = (timedelta(minutes=5),)
    give_up: timedelta = timedelta(hours=72)
    keep: timedelta = timedelta(days=180)
    """How long notices are kept."""
    mail: MailServer | None = None
    wecom: WeCom | None = None
    webhook: Webhook | None = None
    reports: Mapping[Span, tuple[str, ...]] = field(default_factory=dict)
    """Which addresses get the reports of which spans."""


@dataclass(frozen=True)
class Enclosure:
    """A file that goes along with a letter."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True)
class Envelope:
    """One letter ready to be handed in. `message_id` is the same at every try, so that a mailbox can drop a double."""

    address: str
    message_id: str
    subject: str
    body: str
    at: datetime
    page: str = ""
    """The same as an HTML page, for readers that show one."""
    enclosures: tuple[Enclosure, ...] = ()


@dataclass(frozen=True)
class Posted:
    """It was taken."""


@dataclass(frozen=True)
class PostLater:
    """It was not taken now; the same letter may be handed in again."""

    why: Message


@dataclass(frozen=True)
class PostRefused:
    """It is refused for good: address, sender or content must be changed by a person."""

    why: Message


PostOutcome = Posted | PostLater | PostRefused
