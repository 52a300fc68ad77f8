"""查页: what is wrong with one page as the public gets it: tags, footer, dates, weight, time. Rules are data beside this module."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache

from syndicate.inspection.page_reading import PageContent
from syndicate.inspection.wording import number, page_limits, rows, say


class PageKind(StrEnum):
    """What a page of the site is; decides which tags it needs and how often it is looked at."""

    HOME = "home"
    COLUMN = "column"
    ARTICLE = "article"
    PAGE = "page"
    """Any other page: the map, the directory, a notice of withdrawal, a column's former address."""
    FILE = "file"


class ProblemKind(StrEnum):
    """What can be wrong with the site; the words for people are `problem_<value>` of `words.tsv`."""

    LINK = "link"
    """A link that does not open."""
    OFF = "off"
    """A link that opens onto something else: a parked, expired or foreign domain."""
    UNSURE = "unsure"
    """A link of which nobody can say from here whether it opens."""
    TAG = "tag"
    FOOTER = "footer"
    BACKDATED = "backdated"
    UNDATED = "undated"
    BLANK = "blank"
    SLOW = "slow"
    HEAVY = "heavy"
    CHANGED = "changed"
    """What the public gets is not what was written."""
    MISSING = "missing"
    """The public does not get a page that was written."""
    FOREIGN = "foreign"
    """A page of the site that nobody here wrote."""
    TEXT = "text"
    """A mistake in a text that the public gets."""


PAGE_PROBLEMS = (
    ProblemKind.TAG,
    ProblemKind.FOOTER,
    ProblemKind.BACKDATED,
    ProblemKind.UNDATED,
    ProblemKind.BLANK,
    ProblemKind.SLOW,
    ProblemKind.CHANGED,
    ProblemKind.MISSING,
    ProblemKind.FOREIGN,
    ProblemKind.TEXT,
)
"""What a look at the page itself decides; links and weights follow from other looks too."""


@dataclass(frozen=True)
class Identity:
    """Whose site it is: what the tags of every page must say."""

    name: str
    domain: str
    code: str
    """网站标识码; empty where the office has none yet."""


@dataclass(frozen=True)
class Gap:
    """One thing that is wrong, in a few words for people."""

    kind: ProblemKind
    detail: str


def tag_gaps(page: PageContent, kind: PageKind, site: Identity) -> tuple[Gap, ...]:
    """Tags that are missing, empty, misspelt, of another form, or another site's."""
    ours = {"SiteName": site.name, "SiteDomain": site.domain, "SiteIDCode": site.code}
    found = [_tag_gap(page, row, ours) for row in rows("page_tags.tsv") if kind in row["kinds"].split()]
    return tuple(Gap(ProblemKind.TAG, what) for what in found if what)


def _tag_gap(page: PageContent, row: Mapping[str, str], ours: Mapping[str, str]) -> str:
    name = row["name"]
    content = page.meta(name)
    if content is None:
        alike = next((found for found, _ in page.metas if found.lower() == name.lower()), "")
        return say("tag_spelling", name=name, found=alike) if alike else say("tag_missing", name=name)
    if content.lower() in ("", "null", "undefined", "none"):
        return say("tag_empty", name=name, content=content or "—")
    if row["form"] and not _compiled(row["form"]).fullmatch(content):
        return say("tag_form", name=name, content=content)
    if ours.get(name) and content.removeprefix("https://").removeprefix("http://").rstrip("/") != ours[name]:
        return say("tag_foreign", name=name, content=content)
    return ""


def footer_gaps(page: PageContent) -> tuple[Gap, ...]:
    """Elements of the footer set that the home page lacks, by their Chinese names."""
    text = " ".join(page.text.split())
    return tuple(
        Gap(ProblemKind.FOOTER, row["name"])
        for row in rows("footer_elements.tsv")
        if not _compiled(row["sign"]).search(page.markup if row["where"] == "markup" else text)
    )


_SHOWN_DATE = re.compile(r"\d{4}\s?[-—－/.年]\s?\d{1,2}\s?[-—－/.月]\s?\d{1,2}")


def date_gaps(page: PageContent, published_at: datetime | None) -> tuple[Gap, ...]:
    """An article that shows no date (it counts as no update), or one earlier than its first publication here.

    `published_at` is that of our own records in the office's zone; None where they do not know the page.
    """
    found = []
    if not _SHOWN_DATE.search(page.text):
        found.append(Gap(ProblemKind.UNDATED, say("page_undated")))
    said = said_date(page)
    if said is not None and published_at is not None:
        first = published_at.replace(second=0, microsecond=0, tzinfo=None)
        if said < first:
            shown = f"{first:%Y-%m-%d %H:%M}"
            found.append(Gap(ProblemKind.BACKDATED, say("page_backdated", said=f"{said:%Y-%m-%d %H:%M}", first=shown)))
    return tuple(found)


def said_date(page: PageContent) -> datetime | None:
    """What the tag PubDate says, without a zone; None where it says nothing that is a date."""
    try:
        return datetime.fromisoformat((page.meta("PubDate") or "")[:16])
    except ValueError:
        return None


def slow(milliseconds: int) -> tuple[Gap, ...]:
    """A page that took longer than a page may."""
    most = page_limits()["slow_milliseconds"]
    if milliseconds <= most:
        return ()
    return (Gap(ProblemKind.SLOW, say("page_slow", seconds=number(most / 1000))),)


def heavy(kilobytes: int) -> tuple[Gap, ...]:
    """A page that weighs more than a page should, with everything that it loads."""
    if kilobytes <= page_limits()["heavy_kilobytes"]:
        return ()
    return (Gap(ProblemKind.HEAVY, say("page_heavy", megabytes=kilobytes // 1000)),)


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression)
