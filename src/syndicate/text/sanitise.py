"""HTML of others → HTML that may stand in a body: a short list of elements and attributes, nothing that runs.

The only styles kept are alignment and first-line indent, because official documents carry meaning in them.
"""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urljoin

import nh3

from syndicate.errors import InputError

_TAG_NAMES = (
    "a abbr b bdi bdo blockquote br caption center cite code col colgroup dd del dfn div dl dt em figcaption figure "
    "h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp section small span strong sub sup table "
    "tbody td tfoot th thead tr u ul var wbr"
)
_TAGS = frozenset(_TAG_NAMES.split())
_DROPPED_NAMES = (
    "script style template noscript iframe object embed applet svg math button select textarea "
    "audio video canvas frameset noframes title head"
)
_DROPPED_WITH_CONTENT = frozenset(_DROPPED_NAMES.split())
_ALIGNED = frozenset({"align", "style"})
_CELL = _ALIGNED | {"colspan", "rowspan", "valign"}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "td": set(_CELL),
    "th": set(_CELL | {"scope"}),
    "col": {"span"},
    "colgroup": {"span"},
    "ol": {"start"},
    **{name: set(_ALIGNED) for name in ("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "section", "span")},
    "table": {"align"},
}
_VALUES = {
    "align": re.compile(r"left|right|center|justify", re.I),
    "valign": re.compile(r"top|middle|bottom|baseline", re.I),
    "scope": re.compile(r"(row|col)(group)?", re.I),
    **{name: re.compile(r"[1-9][0-9]{0,2}", re.A) for name in ("colspan", "rowspan", "span")},
    "start": re.compile(r"[0-9]{1,6}", re.A),
    **{name: re.compile(r"[0-9]{1,4}(px|%)?", re.A) for name in ("width", "height")},
}
_ADDRESSES = frozenset({"href", "src"})
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_OWN_FILE = re.compile(r"file:[0-9a-f]{64}")
_IN_ADDRESS = str.maketrans("", "", "\t\r\n")
"""Characters that browsers drop from the middle of an address: `java\\nscript:` is `javascript:`."""

_TAG = re.compile(r"<(?:!--|(/?)([a-zA-Z][a-zA-Z0-9:-]*))")
_VOID_NAMES = "area base br col embed hr img input link meta param source track wbr"
_VOID = frozenset(_VOID_NAMES.split())
_END_OPTIONAL_NAMES = "p li dd dt td th tr tbody thead tfoot option optgroup colgroup rt rp html head body"
_END_OPTIONAL = frozenset(_END_OPTIONAL_NAMES.split())
_RAW_NAMES = "script style textarea title xmp noembed noframes iframe"
_RAW = frozenset(_RAW_NAMES.split())
_MOST_DEPTH = 2_000
_MOST_WORK = 20_000_000
"""Sum over all start tags of the number of elements open there: what an HTML5 parser's time grows with."""
_MOST_REFERENCES = 200_000
"""Ampersands: the time of the sanitiser's parser grows with their square (0.3 s here)."""
_MOST_ATTRIBUTES = 2_000
"""Of one tag: a parser seeks duplicate attributes by comparing all pairs."""
_ATTRIBUTE = re.compile(
    r"""[\s/]*[^\s/>"'=][^\s/>=]*(?:\s*=\s*(?:"[^"]*(?:"|\Z)|'[^']*(?:'|\Z)|[^\s>"'][^\s>]*)?)?|[\s/]*["'=]"""
)


_MOST_PASSES = 5
"""A parser mends misnested links anew each time it reads them (an `a` in a table in an `a`); then it comes to rest."""


def sanitise(html: str, base_url: str = "") -> str:
    """The harmless part of `html`, relative addresses resolved against `base_url` (left alone when that is empty).

    Kept schemes: http, https, mailto, tel, and `file:` followed by exactly 64 hex digits (a file of our own store).
    Applying it twice changes nothing. Raises `InputError` where the markup is built to keep a parser busy.
    """
    refuse_hostile(html)

    def check(element: str, name: str, value: str) -> str | None:
        if name in _ADDRESSES:
            return _address(value, base_url, element)
        allowed = _VALUES.get(name)
        value = value.strip()
        return value if allowed is None or allowed.fullmatch(value) else None

    for _ in range(_MOST_PASSES):
        clean = nh3.clean(
            html,
            tags=set(_TAGS),
            clean_content_tags=set(_DROPPED_WITH_CONTENT),
            attributes=_ATTRIBUTES,
            attribute_filter=check,
            url_schemes={"http", "https", "mailto", "tel", "file"},
            filter_style_properties={"text-align", "text-indent"},
            link_rel=None,
        )
        if clean == html:
            break
        html = clean
    return clean


def refuse_hostile(html: str) -> None:
    """Raises `InputError` where nesting, references or attributes would take a parser more than about a second."""
    if html.count("&") > _MOST_REFERENCES:
        raise InputError("ingest.hostile_markup")
    lower = html.lower() if html.isascii() else _ascii_lower(html)
    open_elements: Counter[str] = Counter()
    depth = work = position = 0
    while tag := _TAG.search(lower, position):
        closing, name = tag.groups()
        position = _end_of_tag(lower, tag)
        if name is None or (name in _RAW and not closing):
            position = lower.find("-->" if name is None else f"</{name}", position)
            if position < 0:
                return
        elif closing and open_elements[name]:
            open_elements[name] -= 1
            depth -= 1
        elif not closing:
            work += depth
            if name not in _VOID and name not in _END_OPTIONAL:
                open_elements[name] += 1
                depth += 1
        if depth > _MOST_DEPTH or work > _MOST_WORK:
            raise InputError("ingest.hostile_markup")


def _end_of_tag(lower: str, tag: re.Match[str]) -> int:
    """The position just behind the attributes of a tag."""
    position = tag.end()
    if tag.group(2) is None:
        return position
    for _ in range(_MOST_ATTRIBUTES):
        attribute = _ATTRIBUTE.match(lower, position)
        if attribute is None:
            return position
        position = attribute.end()
    raise InputError("ingest.hostile_markup")


def _ascii_lower(html: str) -> str:
    """Lower case for ASCII letters only, so that no position moves (`İ` would become two characters)."""
    return html.translate(_ASCII_LOWER)


_ASCII_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


def _address(value: str, base_url: str, element: str) -> str | None:
    """The address made absolute, or None where its scheme has no business in a body."""
    address = value.translate(_IN_ADDRESS).strip("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x0e\x0f ")
    scheme = _SCHEME.match(address)
    if scheme is None:
        return _joined(base_url, address) if base_url else value
    name = scheme.group(1).lower()
    if name == "file":
        return address if _OWN_FILE.fullmatch(address) else None
    if name in {"mailto", "tel"}:
        return address if element == "a" else None
    return address if name in {"http", "https"} else None


def _joined(base_url: str, address: str) -> str | None:
    try:
        joined = urljoin(base_url, address)
    except ValueError:
        return None
    return joined if joined.lower().startswith(("http://", "https://")) else None
