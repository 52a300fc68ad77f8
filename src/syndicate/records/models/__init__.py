"""Django finds models here; everything else imports the module that holds what it needs."""

from syndicate.records.models.accounts import CallCount, ChannelAccount, ChannelNote
from syndicate.records.models.audit import AuditEvent, AuditHead
from syndicate.records.models.crawling import SiteLink, SitePage, SiteProblem, SiteRound
from syndicate.records.models.deliveries import Attempt, Delivery, Receipt, SiteEntry, SitePlace
from syndicate.records.models.failed_rows import FailedRow
from syndicate.records.models.feedback import Feedback, PageRating
from syndicate.records.models.imports import ImportedPage, OldList
from syndicate.records.models.incidents import Incident, RequiredReprint
from syndicate.records.models.items import Attachment, Item, ItemSource, Revision
from syndicate.records.models.kept_facts import FormerFinding, KeptFact
from syndicate.records.models.noise import FindingException, RuleVerdict
from syndicate.records.models.notices import Letter, Notice, NoticeChoice, NoticeMark
from syndicate.records.models.office import ChannelToken, DailyReport, Probe, Pulse, Seat, Snapshot
from syndicate.records.models.originals import Likeness, Original, SitePaging, SiteRobots, SourceIncident
from syndicate.records.models.people import OneTimeLink, PersonalToken, RecoveryCode, SecondFactor, User
from syndicate.records.models.reviewing import Delegation, Emergency, Presence, SavedFilter
from syndicate.records.models.reviews import Decision, Finding, Rendition, Withdrawal
from syndicate.records.models.search import SearchDocument
from syndicate.records.models.silence import Silence, SilenceException
from syndicate.records.models.sources import SeenKey, SourceHealth, SourceLook, SourceSwitch
from syndicate.records.models.writing import KeptWriting

__all__ = [
    "Attachment",
    "Attempt",
    "AuditEvent",
    "AuditHead",
    "CallCount",
    "ChannelAccount",
    "ChannelNote",
    "ChannelToken",
    "DailyReport",
    "Decision",
    "Delegation",
    "Delivery",
    "Emergency",
    "FailedRow",
    "Feedback",
    "Finding",
    "FindingException",
    "FormerFinding",
    "ImportedPage",
    "Incident",
    "Item",
    "ItemSource",
    "KeptFact",
    "KeptWriting",
    "Letter",
    "Likeness",
    "Notice",
    "NoticeChoice",
    "NoticeMark",
    "OldList",
    "OneTimeLink",
    "Original",
    "PageRating",
    "PersonalToken",
    "Presence",
    "Probe",
    "Pulse",
    "Receipt",
    "RecoveryCode",
    "Rendition",
    "RequiredReprint",
    "Revision",
    "RuleVerdict",
    "SavedFilter",
    "SearchDocument",
    "Seat",
    "SecondFactor",
    "SeenKey",
    "Silence",
    "SilenceException",
    "SiteEntry",
    "SiteLink",
    "SitePage",
    "SitePaging",
    "SitePlace",
    "SiteProblem",
    "SiteRobots",
    "SiteRound",
    "Snapshot",
    "SourceHealth",
    "SourceIncident",
    "SourceLook",
    "SourceSwitch",
    "User",
    "Withdrawal",
]
