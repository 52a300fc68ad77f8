"""What the patrol knew of the public website at a moment, for the facts of a day, and why it did not know the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from statistics import median

from syndicate.errors import Message
from syndicate.flow.crawl_limits import crawl_limits
from syndicate.flow.page_verdicts import telling
from syndicate.flow.probes import CONSULTATION, NAMES, REACHED, REACHED_6, SEARCH, SERVICES, last_certificate
from syndicate.flow.public_site import PublicSite, public_site
from syndicate.flow.workspace import Workspace
from syndicate.inspection.page_checks import ProblemKind
from syndicate.model.facts import FindingFact, LinkFact, PageFact, SiteFacts
from syndicate.model.finding import Severity
from syndicate.records import crawling, site_problems
from syndicate.records import office as office_records
from syndicate.records.crawling import RoundRecord
from syndicate.records.office import ProbeRecord
from syndicate.records.site_problems import ProblemRecord

_WEEK, _DAY = timedelta(days=7), timedelta(days=1)
_OF_PAGES = (ProblemKind.BLANK, ProblemKind.UNDATED, ProblemKind.SLOW, ProblemKind.HEAVY, ProblemKind.FOREIGN)
_PERCENT = 100


@dataclass(frozen=True)
class SiteAt:
    """The public website as it was known at one moment."""

    workspace: Workspace
    moment: datetime

    def facts(self) -> SiteFacts:
        """Everything that was measured by then; what was not is None, and `reasons` says why."""
        last, whole = self._round, self._is_measured
        ends, certificate_problem = self._certificate
        return SiteFacts(
            pages_checked=last.pages - last.waiting if last else None,
            links_checked=last.pages - last.waiting + last.links if last else None,
            broken_links=self._links(ProblemKind.LINK, ProblemKind.OFF) if whole else None,
            unsure_links=self._links(ProblemKind.UNSURE) if whole else None,
            tag_gaps=self._pages(ProblemKind.TAG) if whole else None,
            footer_missing=tuple(one.detail for one in self._of(ProblemKind.FOOTER)) if last else None,
            tampered=self._tampered(),
            backdated=self._pages(ProblemKind.BACKDATED) if whole else None,
            page_problems=self._pages(*_OF_PAGES) if whole else None,
            load_seconds=self._load_seconds(),
            addresses=self._addresses(),
            certificate_ends=ends,
            certificate_problem=certificate_problem,
            search_works=self._works(SEARCH),
            ipv6_works=self._ipv6(),
            government_domain=self.workspace.snapshot.office.domain.endswith(".gov.cn"),
            consultation=self._works(CONSULTATION),
            services=self._works(SERVICES),
        )

    def findings(self) -> tuple[FindingFact, ...]:
        """Mistakes on live pages that no item's own check covers."""
        website = self.workspace.website()
        found = []
        for one in self._of(ProblemKind.TEXT) if website else ():
            rule, text, message, suggestion = telling(one)
            title = Message("patrol.live_page", {"page": one.page}).zh
            held = (website.id,) if website else ()
            found.append(
                FindingFact(
                    rule, Severity.BLOCK, title, text, message, suggestion, url=self._url(one.page), published_on=held
                )
            )
        return tuple(found)

    def reasons(self) -> Mapping[str, str]:
        """Why a field of the site's facts is None, by field name with `site.` before it."""
        settings = self._site.channel.settings if self._site else {}
        walk = self._why_not_walked()
        direct = Message("patrol.only_from_outside").zh if settings.get("probe_base_url") else ""
        never = Message("patrol.not_probed").zh
        no_https = "" if not self._site or self._site.base.startswith("https:") else Message("patrol.no_https").zh
        walked = ("pages_checked", "links_checked", "broken_links", "unsure_links", "tag_gaps", "footer_missing")
        return {
            **{f"site.{name}": walk for name in (*walked, "tampered", "backdated", "page_problems")},
            "site.load_seconds": never,
            "site.addresses": direct or never,
            "site.certificate_ends": direct or no_https or self._certificate[1] or never,
            "site.ipv6_works": direct or (Message("patrol.no_ipv6_here").zh if self._addresses() else never),
            "site.search_works": never if settings.get("search_url") else Message("patrol.no_search").zh,
            "site.consultation": self._why_no_entry("consultation_url"),
            "site.services": self._why_no_entry("services_url"),
            "site.guides_incomplete": Message("patrol.no_guides").zh,
        }

    @cached_property
    def _site(self) -> PublicSite | None:
        return public_site(self.workspace)

    @cached_property
    def _round(self) -> RoundRecord | None:
        last = crawling.last_round(self.moment)
        return last if last is not None and last.at >= self.moment - _WEEK else None

    @property
    def _is_measured(self) -> bool:
        """Whether enough of the site was seen to say that something is not there."""
        last = self._round
        return last is not None and _PERCENT * (last.pages - last.waiting) >= crawl_limits()["measured"] * last.pages

    @cached_property
    def _problems(self) -> tuple[ProblemRecord, ...]:
        return site_problems.problems_at(self.moment)

    def _of(self, *kinds: ProblemKind) -> Iterable[ProblemRecord]:
        return (one for one in self._problems if one.kind in kinds)

    def _links(self, *kinds: ProblemKind) -> tuple[LinkFact, ...]:
        return tuple(
            LinkFact(self._url(one.page), one.url, one.detail, one.on_home, one.kind == ProblemKind.OFF, one.opened_at)
            for one in self._of(*kinds)
        )

    def _pages(self, *kinds: ProblemKind) -> tuple[PageFact, ...]:
        by_page: dict[str, list[ProblemRecord]] = {}
        for one in self._of(*kinds):
            by_page.setdefault(one.page, []).append(one)
        return tuple(
            PageFact(self._url(page), tuple(one.detail for one in found), found[0].opened_at)
            for page, found in by_page.items()
        )

    def _tampered(self) -> tuple[PageFact, ...] | None:
        """Files on the disk and pages as the public gets them that are not what was written."""
        looks = office_records.probes_between(self.moment - _WEEK, self.moment, "verify")
        last = max((row.at for row in looks), default=None)
        if last is None:
            return None
        disk = tuple(PageFact(row.target, (row.detail,), row.at) for row in looks if row.at == last and not row.ok)
        return (*disk, *self._pages(ProblemKind.CHANGED, ProblemKind.MISSING))

    def _load_seconds(self) -> float | None:
        rows = office_records.probes_between(self.moment - _DAY, self.moment, REACHED)
        taken = [row.milliseconds / 1000 for row in rows if row.ok]
        return median(taken) if taken else None

    def _addresses(self) -> tuple[str, ...] | None:
        row = self._last(NAMES)
        return None if row is None else tuple(row.detail.split()) if row.ok else ()

    @cached_property
    def _certificate(self) -> tuple[datetime | None, str]:
        shown = last_certificate(self.moment)
        return (shown.ends, shown.problem) if shown else (None, "")

    def _ipv6(self) -> bool | None:
        """Judged as reachability is: the share of failures in seven days."""
        looks = [row.ok for row in office_records.probes_between(self.moment - _WEEK, self.moment, REACHED_6)]
        if not looks:
            return None
        return _PERCENT * looks.count(False) < crawl_limits()["ipv6_failing"] * len(looks)

    def _works(self, kind: str) -> bool | None:
        row = self._last(kind)
        return None if row is None else row.ok

    def _last(self, kind: str) -> ProbeRecord | None:
        return crawling.last_look(kind, self.moment - _WEEK, self.moment)

    def _url(self, page: str) -> str:
        return self._site.url(page) if self._site else page

    def _why_not_walked(self) -> str:
        last = self._round
        if last is None:
            return Message("patrol.first_walk").zh
        return Message("patrol.walk_under_way", {"seen": last.pages - last.waiting, "pages": last.pages}).zh

    def _why_no_entry(self, setting: str) -> str:
        named = self._site is not None and self._site.channel.settings.get(setting)
        return Message("patrol.not_probed").zh if named else Message("patrol.no_entry", {"setting": setting}).zh
