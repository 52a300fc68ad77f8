"""A page that somebody wants to follow → how it could be followed: family, kind, selectors and the rows they give."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.errors import InputError
from syndicate.ingest.addresses import absolute
from syndicate.ingest.dates import read_date
from syndicate.ingest.documents import decoded, one_line, text_of
from syndicate.ingest.feeds import read_json
from syndicate.ingest.lists import read_list
from syndicate.ingest.pages import Page, open_page
from syndicate.ingest.paging import proposed_paging
from syndicate.model.source import Document, ListRules, Paging, Preset, Row, Source, SourceKind

_LEAST_ROWS = 3
_LEAST_TITLE = 6
"""Characters of a link below which it is navigation."""
_ROW_TAGS = ("li", "tr", "dd", "dl", "article", "div", "p")
_NAME = re.compile(r"[A-Za-z][\w-]{0,40}", re.A)
_NEWS = re.compile(r"(?:^|[-_])(?:active|current|first|last|odd|even|on)(?:$|[-_])", re.I)
"""Classes that mark one row only."""
_ADDRESS = re.compile(r"(?:https?:/)?[./][^\s<>]{2,}|[^\s<>]{1,200}\.s?html?", re.I)
_PAGER = re.compile(r"[\[【]?(?:下一?页|后一页|尾页|末页|\d{1,4}|next)[\]】]?\s*[>»]*|[>»]+", re.I)
"""What links between the pages of a list say."""
_MOST_LINKS = 3_000
_MOST_SAMPLES = 50


@dataclass(frozen=True)
class Proposal:
    """How a page could be followed. `rows` are what that gives; `elsewhere` are better addresses that the page names."""

    kind: SourceKind
    rows: tuple[Row, ...]
    preset: str = ""
    list_rules: ListRules | None = None
    title: str = ""
    organ: str = ""
    signs: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    paging: Paging | None = None
    """Of a page that no preset fits: how its further pages seem to be numbered."""


def propose(document: Document, presets: Mapping[str, Preset]) -> Proposal:
    """Look at a page and say how to follow it. Raises `InputError` where no list can be seen in it."""
    text = decoded(document).text.lstrip("\ufeff \t\r\n")
    if text.startswith(("{", "[")):
        return _json(document, text, presets)
    for kind in (SourceKind.SITEMAP, SourceKind.FEED):
        try:
            return Proposal(kind, read_list(_source(document, kind), document), title="")
        except InputError:
            continue
    return _page(document, presets)


def _source(document: Document, kind: SourceKind, rules: ListRules | None = None, only: str = "") -> Source:
    return Source("proposed", "", kind, document.url, "", "", list_rules=rules, only=only)


def _rows(document: Document, kind: SourceKind, rules: ListRules | None, only: str = "") -> tuple[Row, ...]:
    try:
        return read_list(_source(document, kind, rules, only), document)
    except InputError:
        return ()


def _page(document: Document, presets: Mapping[str, Preset]) -> Proposal:
    page = open_page(document, "")
    window = page.first_text("title")
    head, _, tail = window.rpartition("_") if "_" in window else window.rpartition("-")
    organ = page.meta.get("sitename", "") or tail.strip() or window
    named = Proposal(
        SourceKind.HTML,
        (),
        title=(head or window).strip("-_ "),
        organ=organ,
        elsewhere=_elsewhere(page.tree, page.text, page.base),
    )
    for preset, signs in _families(page.text, presets):
        rows = _rows(document, preset.kind, preset.list_rules, preset.only)
        if len(rows) >= _LEAST_ROWS:
            return replace(named, rows=rows, preset=preset.name, kind=preset.kind, signs=signs)
    for rules in _guesses(page.tree, page.base, document):
        rows = _rows(document, SourceKind.HTML, rules)
        if len(rows) >= _LEAST_ROWS:
            return replace(named, rows=rows, list_rules=rules, paging=proposed_paging(_pager(page), document.url))
    raise InputError("ingest.no_list_seen", url=document.url, elsewhere="、".join(named.elsewhere) or "—")


def _pager(page: Page) -> list[str]:
    """Where the links to further pages of a list lead."""
    links = (link for link in page.tree.css("a[href]") if _PAGER.fullmatch(one_line(link.text(), 20)))
    return [url for link in links if (url := absolute(link.attributes.get("href") or "", page.base))]


def _families(text: str, presets: Mapping[str, Preset]) -> list[tuple[Preset, tuple[str, ...]]]:
    """The families whose signs the text holds, the surest first."""
    found = []
    for preset in presets.values():
        signs = [sign for sign in preset.signs if re.search(sign.text, text)]
        if signs:
            weight = sum(2 if sign.confirmed else 1 for sign in signs)
            found.append((weight, preset, tuple(sign.text for sign in signs)))
    found.sort(key=lambda one: -one[0])
    return [(preset, signs) for _, preset, signs in found]


def _elsewhere(tree: LexborHTMLParser, text: str, base: str) -> tuple[str, ...]:
    """Feeds that the page declares, and JSON lists that its scripts load."""
    feeds = [
        node.attributes.get("href") or ""
        for node in tree.css("link[rel='alternate'][href]")
        if "xml" in (node.attributes.get("type") or "") or "json" in (node.attributes.get("type") or "")
    ]
    lists = re.findall(r"""["']([^"'\s<>]{1,200}\.json)["']""", text)
    return tuple(dict.fromkeys(url for one in (*feeds, *lists) if (url := absolute(one, base))))[:5]


@dataclass(frozen=True)
class _Link:
    """A link that may be a row's, the element that would be the row, and what encloses it."""

    row: LexborNode
    node: LexborNode
    selector: str


def _guesses(tree: LexborHTMLParser, base: str, document: Document) -> Iterable[ListRules]:
    """Rules for groups of links that stand alike, the likeliest first."""
    links = [link for node in tree.css("a[href]")[:_MOST_LINKS] if (link := _link(node, base))]
    groups: dict[str, list[_Link]] = {}
    for link in links:
        groups.setdefault(link.selector, []).append(link)
    scored = []
    for selector, group in groups.items():
        if len(group) >= _LEAST_ROWS:
            dated = _date_rule(group, document)
            length = sum(len(_title(link.node)) for link in group) / len(group)
            scored.append((len(group) * min(length, 30) * (3 if dated else 1), selector, group, dated))
    for _, selector, group, dated in sorted(scored, key=lambda one: -one[0])[:5]:
        whole = sum(bool(link.node.attributes.get("title")) for link in group) * 2 > len(group)
        yield ListRules(selector, "a@href", "a@title || a" if whole else "a", dated)


def _link(node: LexborNode, base: str) -> _Link | None:
    if len(_title(node)) < _LEAST_TITLE or not absolute(node.attributes.get("href") or "", base):
        return None
    row = node.parent
    while row is not None and row.tag not in _ROW_TAGS:
        row = row.parent
    if row is None:
        return None
    first = row.css_first("a[href]")
    if first is None or first.mem_id != node.mem_id:
        return None
    steps = [_step(row)]
    above = row.parent
    while above is not None and above.tag not in ("body", "html") and len(steps) < 3:
        step = _step(above)
        if step != above.tag or above.tag in ("ul", "ol", "table", "dl"):
            steps.append(step)
            if "#" in step:
                break
        above = above.parent
    return _Link(row, node, " ".join(reversed(steps)))


def _step(node: LexborNode) -> str:
    """An element as a step of a selector: its id, its first telling class, or its name."""
    tag = node.tag or "div"
    identity = (node.attributes.get("id") or "").strip()
    if _NAME.fullmatch(identity) and not re.search(r"\d{2}", identity):
        return f"{tag}#{identity}"
    classes = (node.attributes.get("class") or "").split()
    name = next((one for one in classes if _NAME.fullmatch(one) and not _NEWS.search(one)), "")
    return f"{tag}.{name}" if name else tag


def _title(node: LexborNode) -> str:
    return one_line(node.attributes.get("title") or "") or text_of(node)


def _date_rule(group: Sequence[_Link], document: Document) -> str:
    """The selector of the element that holds the date in most rows; empty where there is none."""
    found: Counter[str] = Counter()
    for link in group[:_MOST_SAMPLES]:
        for node in link.row.css("span, em, i, b, td, time, div, p, small, font, dd"):
            text = text_of(node)
            if node.mem_id != link.row.mem_id and len(text) <= 30 and read_date(text, document.fetched_at):
                found[_step(node) if node.tag != "td" else "td:last-child"] += 1
                break
    best = found.most_common(1)
    return best[0][0] if best and best[0][1] * 2 >= min(len(group), _MOST_SAMPLES) else ""


def _json(document: Document, text: str, presets: Mapping[str, Preset]) -> Proposal:
    value = read_json(text, document.url)
    if isinstance(value, dict) and str(value.get("version", "")).startswith("https://jsonfeed.org/"):
        rows = _rows(document, SourceKind.FEED, None)
        return Proposal(SourceKind.FEED, rows, title=one_line(str(value.get("title") or "")))
    for preset, signs in _families(f"{document.url}\n{text}", presets):
        rows = _rows(document, preset.kind, preset.list_rules) if preset.kind is SourceKind.JSON else ()
        if len(rows) >= _LEAST_ROWS:
            return Proposal(SourceKind.JSON, rows, preset=preset.name, signs=signs)
    for path, members in _lists(value, (), 0):
        rules = _fields(path, members, document)
        rows = _rows(document, SourceKind.JSON, rules) if rules else ()
        if rows:
            return Proposal(SourceKind.JSON, rows, list_rules=rules)
    raise InputError("ingest.no_list_seen", url=document.url, elsewhere="—")


def _lists(value: Any, path: tuple[str, ...], depth: int) -> Iterable[tuple[str, list[dict[str, Any]]]]:
    """Every list of mappings in a document and its path, the longest first at each level."""
    if isinstance(value, list):
        members = [one for one in value[:_MOST_SAMPLES] if isinstance(one, dict)]
        if members:
            yield ".".join(path), members
    elif isinstance(value, dict) and depth < 6:
        for name, inner in sorted(value.items(), key=lambda one: -len(one[1]) if isinstance(one[1], list) else 0):
            if "." not in name and name != "*":
                yield from _lists(inner, (*path, name), depth + 1)


def _fields(path: str, members: Sequence[dict[str, Any]], document: Document) -> ListRules | None:
    """Which field is the address, which the title, which the time, by what stands in them."""
    names = [name for name in dict.fromkeys(key for one in members for key in one) if name and "." not in name]
    texts = {name: [str(one[name]) for one in members if isinstance(one.get(name), str | int)] for name in names}
    addresses = [name for name in names if texts[name] and all(_ADDRESS.fullmatch(text) for text in texts[name])]
    dated = [n for n in names if texts[n] and all(len(t) <= 30 and read_date(t, document.fetched_at) for t in texts[n])]
    others = [name for name in names if texts[name] and name not in addresses and name not in dated]
    if not addresses or not others:
        return None
    titled = [name for name in others if "title" in name.lower() or "标题" in name]
    longest = max(
        titled or others, key=lambda name: sum(len(text) for text in texts[name]) if not titled else -len(name)
    )
    url = next((name for name in addresses if "url" in name.lower() or "link" in name.lower()), addresses[0])
    return ListRules(path, url, longest, dated[0] if dated else "")
