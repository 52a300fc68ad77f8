"""The facts of a day 当日事实: everything that a daily report is made of, each part flat and easy to fill.

Flow fills them from the records; `syndicate.inspection` only reads them. Times are aware; None = not measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from syndicate.model.finding import Severity
from syndicate.model.inspection import Judgement
from syndicate.model.period import Period, Span, period_of
from syndicate.model.source import SyncResult
from syndicate.model.trend import TrendPoint, WorkFact, YearlyFact


@dataclass(frozen=True)
class ProbeFact:
    """探测: one attempt to open the home page."""

    at: datetime
    ok: bool
    """True where the page itself came (status 2xx, not a wall or an error page)."""
    seconds: float | None
    """Time until it stood, None when it never did. 15 s and more counts as a failure although `ok`."""
    url: str = ""
    note: str = ""
    """Why it failed, for people."""


@dataclass(frozen=True)
class ColumnFact:
    """栏目: what one column holds at `as_of`. Withdrawn entries do not count."""

    name: str
    title: str
    owner: str
    last_published: datetime | None
    """First publication of its newest entry; None for a blank column or entries without a date (no date = no update)."""
    limit: timedelta
    """Its update duty (`Column.update_within`)."""
    count: int
    """Entries standing in it; 0 is a blank column."""
    new_today: int = 0
    """Entries first published on `day`."""
    on_home: bool = True
    url: str = ""


@dataclass(frozen=True)
class FindingFact:
    """问题: one open finding (neither corrected nor overridden) on the newest revision of an item."""

    rule: str
    severity: Severity
    title: str
    """Title of the item."""
    excerpt: str
    """The text found with ±10 characters around it, masked where it is personal data."""
    message: str
    suggestion: str = ""
    url: str = ""
    published_on: tuple[str, ...] = ()
    """Ids of the channels that hold the revision with the finding; empty for what is not published."""
    reprint: bool = False
    """True: never corrected here, reported to the source instead."""
    found_at: datetime | None = None
    sha256: str = ""
    """Hash of the revision that it stands in."""


@dataclass(frozen=True)
class ReprintFact:
    """转载: one reprint of the period, or one that should have been made."""

    title: str
    source_title: str
    source_time: datetime
    """Publication at the source; where the source gives no time of day, when we first saw it (then `by_first_seen`)."""
    deadline: datetime
    published: Mapping[str, datetime]
    """Channel id → first publication there. Empty: not published anywhere yet."""
    required: bool = True
    """False: reprinted by choice, no duty."""
    by_first_seen: bool = False
    item: int | None = None
    source_url: str = ""
    mismatches: tuple[str, ...] | None = None
    """What differs from the source (题名 来源 链接 正文 附件); empty: equal; None: not compared."""
    listed: int | None = None
    """Its number on the list of required reprints, where that demands it."""


@dataclass(frozen=True)
class ChannelFact:
    """渠道: what one account did on `day` and how it stands at `as_of`."""

    id: str
    title: str
    kind: str
    """ChannelKind value: website weibo wechat app led manual."""
    sent: int = 0
    """Deliveries that reached `delivered` on `day`."""
    failed: int = 0
    """Deliveries in `refused` or `expired` that became so on `day`."""
    retrying: int | None = 0
    """Deliveries in `due`, `sending`, `accepted` or `unsure` with at least one failed attempt; None, here and for the
    three that follow: nobody had looked by then how deliveries stood."""
    waiting: int | None = 0
    needs_person: int | None = 0
    last_success: datetime | None = None
    """When the newest publication reached the channel, ever; None: never."""
    oldest_overdue: datetime | None = None
    """Since when the longest overdue delivery has been due; None: nothing is overdue."""
    usable: bool | None = None
    """App only: it can be downloaded and opened."""
    interactive: bool | None = None
    """It offers working interaction (comments, messages, menus)."""
    running_share: float | None = None
    """LED screen and app: percent of scheduled minutes in which it ran, on `day`."""
    drift: int | None = None
    """Posts whose public form no longer is what was approved (changed, gone, blocked)."""
    unverified: int = 0
    """Posts of the last days that the platform no longer shows to us: 未能核验."""
    url: str = ""


@dataclass(frozen=True)
class SourceFact:
    """信源: what the last look at a source brought."""

    name: str
    title: str
    result: SyncResult | None
    """None: never looked at."""
    last_success: datetime | None = None
    last_new: datetime | None = None
    next_due: datetime | None = None
    new_today: int = 0
    note: str = ""


@dataclass(frozen=True)
class DecisionFacts:
    """审核: the counts of `day`."""

    submitted: int
    approved: int
    """Last-level approvals."""
    returned: int
    overridden: tuple[tuple[str, str, str], ...] = ()
    """Overrides of block findings on `day`: item title, rule id, reason."""


@dataclass(frozen=True)
class DemotedRuleFact:
    """降级规则: a rule that editors found wrong too often, so that its findings are hints only."""

    rule: str
    decisions: int
    right: int
    """How many of the newest decisions said that the finding was an error."""


@dataclass(frozen=True)
class SecondCheckFact:
    """补核: an emergency publication, a withdrawal or a hold that a second person must confirm."""

    what: str
    """What was done, in Chinese: 应急发布, 撤回, 暂停."""
    title: str
    actor: str
    at: datetime
    checked_by: str = ""
    """Empty: not yet."""
    link: str = ""


@dataclass(frozen=True)
class TakedownFact:
    """撤回或更正 of `day`: what, why, and how far it got."""

    what: str
    """撤回 or 更正."""
    title: str
    reason: str
    at: datetime
    done: int
    """Channels where it is carried out."""
    total: int


@dataclass(frozen=True)
class TaskFact:
    """人工事项: something only a person can do, open at `as_of`."""

    text: str
    action: str
    since: datetime
    deadline: datetime | None = None
    link: str = ""


@dataclass(frozen=True)
class ProblemFact:
    """昨日问题: a problem that an earlier report named or that was open within the window, and what became of it."""

    title: str
    opened_at: datetime
    deadline: datetime | None = None
    fixed_at: datetime | None = None
    """None: still open."""
    note: str = ""


@dataclass(frozen=True)
class LinkFact:
    """A link of our pages that does not open, or leads where it must not."""

    page: str
    url: str
    why: str
    on_home: bool = False
    leads_off: bool = False
    """True: opens, but the domain has expired, is parked, changed its title or carries advertisements."""
    seen_at: datetime | None = None


@dataclass(frozen=True)
class PageFact:
    """A page of ours and what is wrong or missing on it, each in a few words."""

    url: str
    missing: tuple[str, ...]
    seen_at: datetime | None = None
    sha256: str = ""
    """Hash of the page as the public got it at that look."""


@dataclass(frozen=True)
class SiteFacts:
    """What the patrol of the public website found at its last round before `as_of`. Every field None = not looked at."""

    pages_checked: int | None = None
    links_checked: int | None = None
    broken_links: tuple[LinkFact, ...] | None = None
    """Both kinds: dead ones and those that lead off."""
    unsure_links: tuple[LinkFact, ...] | None = None
    """Links that a wall, a log-in or a time-out hides: only a person with a browser can say whether they open."""
    tag_gaps: tuple[PageFact, ...] | None = None
    """Pages that lack required meta tags."""
    footer_missing: tuple[str, ...] | None = None
    """Missing elements of the seven of the footer set, by their Chinese names."""
    tampered: tuple[PageFact, ...] | None = None
    """Pages that are not what the generator wrote, still so at `as_of`."""
    backdated: tuple[PageFact, ...] | None = None
    """Pages whose PubDate is earlier than their first publication here."""
    page_problems: tuple[PageFact, ...] | None = None
    """Pages that are blank, without a date, slow, heavy, or that nobody here wrote."""
    load_seconds: float | None = None
    """Median load time of the home page on the last day."""
    addresses: tuple[str, ...] | None = None
    """What the site's name means; empty: it cannot be looked up."""
    certificate_ends: datetime | None = None
    certificate_problem: str = ""
    """Why browsers refuse the certificate, or that it ends soon; empty: nothing is wrong with it, or nobody looked."""
    search_works: bool | None = None
    ipv6_works: bool | None = None
    """Fewer than 5 % of the week's probes over IPv6 failed."""
    government_domain: bool | None = None
    consultation: bool | None = None
    """The site offers online consultation or suggestions (信访 and 纪检举报 do not count)."""
    services: bool | None = None
    """The site offers 办事服务."""
    guides_incomplete: int | None = None
    """办事指南 that lack four or more kinds of required elements."""


@dataclass(frozen=True)
class OpenReportFact:
    """未办结的公众反馈: one error report or complaint that nobody has answered at `as_of`."""

    number: int
    kind: str
    """In Chinese."""
    received_at: datetime
    due_at: datetime
    """The end of its last working day."""
    assignee: str = ""


@dataclass(frozen=True)
class InteractionFacts:
    """互动: messages and error reports from the public. Every field None = not kept here."""

    received: int | None = None
    """Messages on `day`."""
    answered: int | None = None
    open_since: tuple[datetime, ...] | None = None
    """When each message was received that is valid and still unanswered."""
    error_reports_open: int | None = None
    error_reports_late: int | None = None
    """Error reports (我为政府网站找错) past their three working days."""
    satisfaction: float | None = None
    """Percent of satisfied ratings."""
    surveys_in_year: int | None = None
    answered_late: int | None = None
    """Of `answered`, those after their deadline."""
    open_reports: tuple[OpenReportFact, ...] = ()
    """What `open_since` counts, the first to be due first."""
    holidays_unknown: int | None = None
    """A year whose holidays nobody has entered: deadlines that reach into it count weekends only."""


@dataclass(frozen=True)
class DayFacts:
    """Everything a day's report is made of. A field None was not measured; `reasons` says why, by field name.

    `reasons` may also name a field of a part: `site.ipv6_works`, `interaction.received`, `channel.<id>.usable`.
    """

    day: date
    as_of: datetime
    """The moment that ages and open states hold for: the end of a past day, or now for the running one."""
    made_at: datetime
    office: str
    site_name: str
    site_url: str
    sample: bool
    snapshot: str
    """Hash of the configuration used."""
    span: Span = Span.DAY
    """Of the period whose first day is `day`; counts "of the day" are counts of the whole period."""
    probes: tuple[ProbeFact, ...] | None = None
    """All probes of the 7 days before `as_of` (more does no harm: windows are cut here)."""
    columns: tuple[ColumnFact, ...] | None = None
    findings: tuple[FindingFact, ...] | None = None
    reprints: tuple[ReprintFact, ...] | None = None
    """Reprints whose deadline lies within the 7 days before `as_of` or is still to come."""
    channels: tuple[ChannelFact, ...] | None = None
    sources: tuple[SourceFact, ...] | None = None
    decisions: DecisionFacts | None = None
    demoted_rules: tuple[DemotedRuleFact, ...] = ()
    second_checks: tuple[SecondCheckFact, ...] | None = None
    """Those of `day`, and every older one that is still unconfirmed."""
    takedowns: tuple[TakedownFact, ...] | None = None
    tasks: tuple[TaskFact, ...] | None = None
    problems: tuple[ProblemFact, ...] | None = None
    targets: tuple[Judgement, ...] | None = None
    """The office's own targets, judged over the whole period; for a day over the 30 days before its end."""
    site: SiteFacts | None = None
    interaction: InteractionFacts | None = None
    trends: tuple[TrendPoint, ...] | None = None
    departments: tuple[WorkFact, ...] | None = None
    """What each department and each person did within the time of the trends."""
    people: tuple[WorkFact, ...] | None = None
    yearly: tuple[YearlyFact, ...] | None = None
    """Lines of the 政府网站工作年度报表; None but for a year."""
    reasons: Mapping[str, str] = field(default_factory=dict)

    @property
    def period(self) -> Period:
        """The period that the facts are about."""
        return period_of(self.span, self.day)
