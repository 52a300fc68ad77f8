"""What the interface takes and gives. Names are those of the glossary; times are ISO 8601 with their zone."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Field, Path, Schema
from pydantic import AfterValidator, ConfigDict, StringConstraints

from syndicate.flow.queues import Tab
from syndicate.model.delivery import DeliveryState
from syndicate.model.feedback import FeedbackKind, FeedbackState, FeedbackVerdict
from syndicate.model.finding import Severity
from syndicate.model.item import ItemKind, ItemState
from syndicate.model.review import Role, Verdict, WithdrawalKind
from syndicate.model.source import SyncResult
from syndicate.model.token import Scope

LARGEST = 2**53 - 1
"""Numbers beyond this are not the same in every JSON reader, and no row has one."""
Number = Annotated[int, Path(ge=1, le=LARGEST)]
"""The number of an item, a delivery or a withdrawal, in an address."""


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("NUL characters cannot be stored")
    return text


_Clean = AfterValidator(_without_nul)
Name = Annotated[str, StringConstraints(max_length=100), _Clean]
Line = Annotated[str, StringConstraints(max_length=500), _Clean]
Paragraph = Annotated[str, StringConstraints(max_length=5_000), _Clean]
Body = Annotated[str, StringConstraints(max_length=1_000_000), _Clean]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=2_000), _Clean]


class Given(Schema):
    """A body that is sent: a name that nobody knows is a mistake, not silence."""

    model_config = ConfigDict(extra="forbid")


class Said(Schema):
    """A text for people, in both languages, with what to do next."""

    key: str
    zh: str
    en: str
    action_zh: str
    action_en: str


class Me(Schema):
    """Whose token it is and what it is good for."""

    name: str
    role: Role
    label: str
    scopes: list[Scope]
    expires_at: datetime | None


class QueueAsked(Schema):
    """Which part of the queue."""

    tab: Tab = Tab.ALL
    source: Name = ""
    column: Name = ""
    text: Annotated[str, StringConstraints(max_length=200), _Clean] = ""
    kind: ItemKind | None = None
    state: ItemState | None = None
    page: int = Field(1, ge=1, le=100_000)
    limit: int = Field(30, ge=1, le=100)


class QueueLine(Schema):
    """One item of the queue."""

    id: int = Field(examples=[1024])
    title: str = Field(examples=["云川县开展安全检查（样例）"])
    state: ItemState
    kind: ItemKind
    column: str
    source_name: str
    level: int
    levels: int
    version: int
    submitter: str
    urgent: bool
    created_at: datetime
    submitted_at: datetime | None
    deadline_at: datetime | None
    hours_left: float | None
    worst: Severity | None
    findings: int
    delivered: int
    channels: int


class QueueLines(Schema):
    """A page of the queue; `more`: another page follows."""

    items: list[QueueLine]
    page: int
    more: bool


class FindingOut(Schema):
    """问题: one hit of a rule. Offsets are code points of the part's source; personal data is masked."""

    rule: str
    severity: Severity
    part: str
    start: int
    end: int
    text: str
    message: str
    message_en: str
    suggestion: str | None
    basis: str
    place: str


class DecisionOut(Schema):
    """审核意见."""

    level: int
    verdict: Verdict
    actor: str
    reason: str
    overrides: dict[str, str]
    approval_hash: str
    at: datetime
    void: bool
    checked: list[str]
    """Which of the five checks were ticked."""
    behalf: str
    """For whom its actor acted; empty: for himself."""


class AttachmentOut(Schema):
    """附件, by content hash."""

    name: str
    sha256: str
    media_type: str
    size: int


class DeliveryOut(Schema):
    """投递."""

    id: int
    item: int
    channel: str
    action: str
    state: DeliveryState
    due_at: datetime
    created_at: datetime
    finished_at: datetime | None
    attempts_made: int
    maybe_sent: bool
    """It may be on the channel already: look before anything is sent again."""
    message: Said | None
    code: str


class WithdrawalOut(Schema):
    """撤稿. `confirmed_by` empty: a second person has not looked at it yet."""

    id: int
    kind: WithdrawalKind
    reason: str
    actor: str
    at: datetime
    confirmed_by: str


class ItemOut(Schema):
    """稿件 with its newest revision. `seen` is what an approval names: the hash of all that would go out now."""

    id: int
    title: str
    state: ItemState
    kind: ItemKind
    column: str
    level: int
    levels: int
    version: int
    submitter: str
    created_by: str
    created_at: datetime
    submitted_at: datetime | None
    approved_at: datetime | None
    first_published_at: datetime | None
    deadline_at: datetime | None
    urgent: bool
    revision: int
    body: str
    summary: str
    source_name: str
    source_url: str
    fields: dict[str, Any]
    attachments: list[AttachmentOut]
    actions: list[str]
    """What the token's person may do with it now."""
    seen: str | None
    """None: its channels' versions cannot be made; nothing can be approved then."""
    findings: list[FindingOut]
    decisions: list[DecisionOut]
    deliveries: list[DeliveryOut]
    withdrawals: list[WithdrawalOut]


class Draft(Given):
    """A new original item. `body` is HTML and is sanitised."""

    title: Line = Field(examples=["云川县开展安全检查（样例）"])
    body: Body = Field(examples=["<p>检查企业十二家，发现的问题已全部整改。</p>"])
    column: Name = Field(examples=["news"])
    summary: Paragraph = ""
    source_name: Annotated[str, StringConstraints(max_length=255), _Clean] = ""
    submit: bool = False


class Edit(Given):
    """A new revision of an own item. `version` is that of the item as it was read; fields left out stay as they are."""

    version: int = Field(ge=0, le=LARGEST, examples=[3])
    title: Line | None = None
    body: Body | None = None
    summary: Paragraph | None = None
    source_name: Annotated[str, StringConstraints(max_length=255), _Clean] | None = None


class VoteGiven(Given):
    """One decision. An approval names the hash of what was seen and the five checks that were made."""

    verdict: Verdict
    level: int = Field(ge=1, le=9, examples=[1])
    seen: Annotated[str, StringConstraints(max_length=64), _Clean] = ""
    reason: Annotated[str, StringConstraints(max_length=2_000), _Clean] = ""
    overrides: dict[Name, Reason] = Field(default_factory=dict)
    checked: list[Name] = Field([], examples=[["politics", "law", "policy", "secrecy", "wording"]])


class Decided(Schema):
    """The item after a decision; `sent_back` are new blocking findings for which the gate returned it instead."""

    id: int
    state: ItemState
    level: int
    version: int
    sent_back: list[FindingOut]


class WithdrawalGiven(Given):
    """Take an item down on every channel."""

    kind: WithdrawalKind
    reason: Reason = Field(examples=["数字有误（样例）"])


class ReasonGiven(Given):
    """Why."""

    reason: Reason


class Moved(Schema):
    """Where an item stands now."""

    id: int
    state: ItemState
    level: int
    version: int


class DeliveriesAsked(Schema):
    """Which deliveries; no state: all."""

    state: DeliveryState | None = None
    page: int = Field(1, ge=1, le=100_000)
    limit: int = Field(30, ge=1, le=100)


class DeliveryLine(DeliveryOut):
    """投递 with the title of its item."""

    title: str


class DeliveryLines(Schema):
    """A page of the ledger; `more`: another page follows."""

    deliveries: list[DeliveryLine]
    page: int
    more: bool


class FeedbackAsked(Schema):
    """Which reports of the public; no state: the open ones, first due first."""

    state: FeedbackState | None = None
    page: int = Field(1, ge=1, le=100_000)
    limit: int = Field(30, ge=1, le=100)


class FeedbackOut(Schema):
    """公众反馈: one report. Contacts are not told here; whoever looks at one at the desk is written down."""

    id: int
    kind: FeedbackKind
    state: FeedbackState
    page: str
    item: int | None
    text: str
    has_contact: bool
    received_at: datetime
    pass_on_due_at: datetime
    answer_due_at: datetime
    assignee: str
    verdict: FeedbackVerdict | None
    answer: str
    answered_at: datetime | None


class FeedbackLines(Schema):
    """A page of reports; `more`: another page follows."""

    feedback: list[FeedbackOut]
    page: int
    more: bool


class Resolution(Given):
    """A person's answer after looking: `delivered` at an address, `absent` (send it), or `cancel` (leave it)."""

    answer: Annotated[str, StringConstraints(pattern="^(delivered|absent|cancel)$")] = Field(examples=["delivered"])
    url: Annotated[str, StringConstraints(max_length=2_000), _Clean] = ""


class SourceOut(Schema):
    """信源 and how it is. `result` None: never looked at."""

    id: str
    title: str
    result: SyncResult | None
    failures: int
    last_look_at: datetime | None
    last_success_at: datetime | None
    last_new_at: datetime | None
    next_look_at: datetime | None
    message: Said | None
