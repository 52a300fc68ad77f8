"""公众反馈: error reports, complaints and ratings that people without an account send in about our own pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class FeedbackKind(StrEnum):
    """What it is about: 文字差错 · 内容不准或过时 · 链接附件打不开 · 泄露个人信息 · 投诉建议 · 其他."""

    WORDING = "wording"
    CONTENT = "content"
    LINK = "link"
    PRIVACY = "privacy"
    COMPLAINT = "complaint"
    OTHER = "other"

    @property
    def is_error(self) -> bool:
        """Whether it is 找错: everything but a complaint or suggestion."""
        return self is not FeedbackKind.COMPLAINT


class FeedbackState(StrEnum):
    """待受理 · 办理中 · 已办结 · 垃圾信息."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    SPAM = "spam"


class FeedbackVerdict(StrEnum):
    """What the office found: 属实 · 部分属实 · 不属实 · 重复反映 · 不属于本站."""

    TRUE = "true"
    PARTLY = "partly"
    UNTRUE = "untrue"
    DUPLICATE = "duplicate"
    ELSEWHERE = "elsewhere"


class FeedbackAction(StrEnum):
    """What can be done with it; each has rows in `review/feedback_transitions.tsv`."""

    ASSIGN = "assign"
    DRAFT = "draft"
    ANSWER = "answer"
    CORRECT = "correct"
    AMEND = "amend"
    SEE_CONTACT = "see_contact"
    SPAM = "spam"
    RESTORE = "restore"


class Satisfaction(StrEnum):
    """The three answers to the one question: 满意 · 基本满意 · 不满意."""

    SATISFIED = "satisfied"
    FAIR = "fair"
    DISSATISFIED = "dissatisfied"


@dataclass(frozen=True)
class FeedbackRules:
    """`content/feedback.yaml`: how soon it is answered and how long contact data is kept."""

    answer_within: int = 3
    """Working days until the answer."""
    pass_on_within: int = 1
    """Working days until somebody has it in hand."""
    contact_kept: timedelta = timedelta(days=90)
    """How long after closing contact data is kept; the text of spam likewise."""
    daily_most: int = 300
    """Reports taken in on one day over the whole site; then people are asked to telephone."""
    daily_reports_each: int = 20
    """Reports taken in on one day from one address; an IPv6 subscriber's network is one."""
    daily_ratings_each: int = 200
    """Ratings counted on one day from one address."""
