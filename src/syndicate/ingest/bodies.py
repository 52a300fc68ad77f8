"""Where the text of an article begins and ends, and what of it is no text of the article."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import readability
from lxml.etree import LxmlError
from selectolax.lexbor import LexborNode

from syndicate.errors import InputError
from syndicate.ingest.addresses import absolute
from syndicate.ingest.documents import find_all, plain
from syndicate.ingest.files import role_of
from syndicate.ingest.pages import Page, fragment
from syndicate.ingest.tables import column, table
from syndicate.text.sanitise import sanitise

_LEAST_TEXT = 10
"""Characters below which an element with a promising name is an empty shell."""
_LONGEST_TEXT = 100_000
"""Characters that two extractors are compared by."""
_MOST_TAGS = 100_000
"""Of a page whose text must be guessed; both extractors together take up to 0.1 ms for each."""
_LONGEST_PAGE = 3_000_000
_MOST_STRUCTURES = 1_000
"""Tables and lists of a page: trafilatura's time grows with their square (1 s here)."""
_STRUCTURES = re.compile(r"<(?:table|ul|ol|dl)\b", re.I)
_CREDIT = re.compile(r"[（(\[【]?(?:责任编辑|责编|网站编辑)[:：][^，。；]{1,25}[)）\]】]?")
"""A line that names the site's editor; it is no text of the article."""
_LONGEST_BAR = 100
_LEAST_READABLE = 50
"""Below this readability has found nothing (measurements §10)."""
_LEAST_OVERLAP = 0.6
"""Share of sentences that both extractors must find (measurements §10)."""
DOUBTFUL = "ingest.doubtful_extraction"
_MARKS = re.compile(r"[，。；：！？、]")
_BLOCKS = "div, td, article, section, main"
_PARAGRAPH_NAMES = "-text p br span font strong b em i u a ul ol blockquote table h2 h3 h4 section center figure pre"
_PARAGRAPHS = frozenset(_PARAGRAPH_NAMES.split())
_LEAST_SHARE = 0.75
"""Share of an extractor's sentence marks that an element must hold to be taken for the article's own (measured: §10's pages)."""
_SURE_SHARE = 0.9
"""Below this share a person must look."""
_WITHIN = 0.9
"""Share of an element's sentences that the extractor must have found too: a thread of comments is none of the article."""
_BEGINNING = 15
"""Characters by which a text or a title is found again on its page."""
_NEAR = 1_000
"""Characters between a title and its text: date, source, share buttons, a box with 索引号 and 发文字号."""
_MOST_READ = 1_000_000
"""Characters of all elements together; elements that lie in each other are read again and again."""
_SHORT = 40
"""Characters of a line that is no sentence: a label, a credit, a signature."""
_LINES_OF_SIGNATURE = 4
_DATE = re.compile(
    r"(?:\d{4}|[〇○零一二三四五六七八九]{4})年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日"
)
_SENTENCE = re.compile(r"[^。！？!?；;\n]{8,}")
_BLANKS = re.compile(r"[\s\u3000\xa0]+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_LAZY = ("data-src", "data-original", "data-lazy-src", "_src", "original", "zoomfile")
# Its tracebacks say nothing that the article's own error does not.
logging.getLogger("readability").addHandler(logging.NullHandler())
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")
_PAGES = re.compile(
    r"(?:首页|上一?页|前一页|下一?页|后一页|尾页|末页|共\d+页|第\d+页|当前第?\d+页?|\d{1,3}|[\[\]【】()（）<>《》«»|/.…·-]){2,40}"
)
"""The bar between the pages of one article."""
_DIGITS = re.compile(r"\d{1,3}", re.A)
_LEAVES = "p, div, span, a, li, td, h3, h4, h5, h6, font, em"


@dataclass(frozen=True)
class Body:
    """A body, sanitised, and the ids of the rules that its extraction fired."""

    html: str
    warnings: tuple[str, ...] = ()
    guessed: bool = False
    """True where no selector said where it stands."""


def find_body(page: Page, selector: str, remove: Sequence[str]) -> Body:
    """The article's body: the source's selector, selectors of known systems, readability, trafilatura.

    The element it was found in is taken out of the page, so that what is left is not the article.
    Raises `InputError` where no text is found.
    """
    missed: tuple[str, ...] = ()
    if selector:
        body = _first_body(page, [selector], remove)
        if body is not None:
            return body
        missed = ("ingest.selector_missed",)
    body = _first_body(page, [row["selector"] for row in table("body_selectors")], remove) or _guessed(page, remove)
    return Body(body.html, (*missed, *body.warnings), body.guessed)


def clean_body(html: str, base: str, remove: Sequence[str] = ()) -> Body:
    """A fragment as a body: without hidden and foreign parts, pictures and addresses as they are meant, sanitised."""
    node = fragment(html)
    return _cleaned(node, base, remove) if node is not None else Body("")


def _first_body(page: Page, selectors: Sequence[str], remove: Sequence[str]) -> Body | None:
    """The body that the first fitting selector finds; what holds nothing once it is cleaned does not fit."""
    for selector in selectors:
        node = _fullest(find_all(page.tree, selector))
        if node is not None:
            body = _cleaned(node, page.base, remove)
            cleaned = fragment(body.html)
            if cleaned is not None and _fullest([cleaned]) is not None:
                node.decompose()
                return body
    return None


def _fullest(nodes: Sequence[LexborNode]) -> LexborNode | None:
    """The longest of several matches that holds text, a picture or a file."""
    filled = [node for node in nodes if len(_BLANKS.sub("", node.text())) >= _LEAST_TEXT or _carries_files(node)]
    return max(filled, key=lambda node: len(node.text()), default=None)


def _carries_files(node: LexborNode) -> bool:
    links = (link.attributes.get("href") or "" for link in node.css("a[href]"))
    return node.css_first("img") is not None or any(role_of(absolute(link, "http://x/")) for link in links)


def _guessed(page: Page, remove: Sequence[str]) -> Body:
    """What readability finds, held against what trafilatura finds; doubtful where the two disagree."""
    if page.text.count("<") > _MOST_TAGS:
        return _densest(page, remove)
    source = _DECLARATION.sub("", page.text)
    first, second = _readable(source), _second_opinion(source)
    first_text, second_text = (plain(html, _LONGEST_TEXT) for html in (first, second))
    doubtful = len(first_text) < _LEAST_READABLE or _overlap(first_text, second_text) < _LEAST_OVERLAP
    if len(first_text) < _LEAST_READABLE and len(second_text) > len(first_text):
        first = second
    found = plain(first, _LONGEST_TEXT)
    closest, share = _closest(page, found)
    if closest is not None:
        _trim(page, closest, found)
        first = f"{closest.inner_html or ''}{_signature(closest)}"
    body = clean_body(first, page.base, remove)
    if len(plain(body.html)) < _LEAST_TEXT:
        raise InputError("ingest.no_body", url=page.base)
    doubtful = doubtful or (closest is not None and share < _SURE_SHARE)
    return Body(body.html, (*body.warnings, *((DOUBTFUL,) if doubtful else ())), guessed=True)


def _closest(page: Page, found: str) -> tuple[LexborNode | None, float]:
    """The element whose own paragraphs hold most sentences of a text that was found, and the share of all it holds.

    Extractors take in what stands around: lines above the title, notes, comments. The page's own element does not,
    and it still has the tables and pictures that extractors drop. None where no element holds enough.
    """
    whole = len(_MARKS.findall(found))
    best, most, read = None, 0, 0
    for node in page.tree.css(_BLOCKS):
        own = "".join(child.text() for child in node.iter(include_text=True) if child.tag in _PARAGRAPHS)
        read += len(own)
        if read > _MOST_READ:
            break
        marks = len(_MARKS.findall(own))
        if marks > most and marks >= _LEAST_SHARE * whole and _overlap(own, found) >= _WITHIN:
            best, most = node, marks
    return best, len(_MARKS.findall(best.text())) / whole if best is not None else 0.0


def _densest(page: Page, remove: Sequence[str]) -> Body:
    """Of a page too long for the extractors: the element whose own paragraphs hold the most marks of sentences."""
    marks: dict[int, int] = {}
    parents: dict[int, LexborNode] = {}
    for paragraph in page.tree.css("p"):
        if (parent := paragraph.parent) is not None:
            parents[parent.mem_id] = parent
            marks[parent.mem_id] = marks.get(parent.mem_id, 0) + len(_MARKS.findall(paragraph.text()))
    if not marks or not max(marks.values()):
        raise InputError("ingest.no_body", url=page.base)
    body = _cleaned(parents[max(marks, key=lambda key: marks[key])], page.base, remove)
    return Body(body.html, (*body.warnings, DOUBTFUL), guessed=True)


def _trim(page: Page, node: LexborNode, found: str) -> None:
    """Take out short pieces at both ends of an element that the extractor did not find: labels, buttons, credits."""
    whole = _BLANKS.sub("", found)
    children = [child for child in node.iter() if child.tag != "-text"]
    for pieces in (children, children[::-1]):
        for piece in pieces:
            text = _BLANKS.sub("", piece.text())
            if text and (len(text) > _SHORT or text in whole or _DATE.search(text) or _leads_on(piece, page.base)):
                break
            if text:
                piece.decompose()


def _leads_on(node: LexborNode, base: str) -> bool:
    """Whether an element holds a table or a link that leads somewhere."""
    links = (link.attributes.get("href") or "" for link in node.css("a[href]"))
    return node.css_first("table") is not None or any(absolute(one, base) and one[:1] != "#" for one in links)


def _signature(node: LexborNode) -> str:
    """Unit and date of an official document that stand directly behind the element with its text."""
    lines: list[str] = []
    following = node.next
    while following is not None and len(lines) < _LINES_OF_SIGNATURE:
        text = _BLANKS.sub("", following.text())
        if text and (len(text) > _SHORT or following.css_first("a[href], form") is not None):
            break
        if text:
            lines.append(f"<p>{escape(text)}</p>")
            if _DATE.search(text):
                return "".join(lines)
        following = following.next
    return ""


def near_title(page: Page, body: str, title: str) -> bool:
    """Whether a page shows its title at the beginning of the body or shortly before it (measurements §10)."""
    text = page.tree.body.text() if page.tree.body else ""
    shown, start = _BLANKS.sub("", text), _BLANKS.sub("", plain(body))[:_BEGINNING]
    wanted = _BLANKS.sub("", title)[:_BEGINNING]
    at = shown.find(start) if start else -1
    while at >= 0:
        if wanted in shown[max(at - _NEAR, 0) : at + _NEAR]:
            return True
        at = shown.find(start, at + 1)
    return False


def _readable(source: str) -> str:
    try:
        return str(readability.Document(source).summary(html_partial=True))
    except (readability.readability.Unparseable, LxmlError, ValueError, TypeError, AttributeError, RecursionError):
        return ""  # its many steps fail on odd pages in many ways; the second opinion stands in


def _second_opinion(source: str) -> str:
    """What trafilatura finds; nothing for pages on which its time grows out of hand."""
    if len(source) > _LONGEST_PAGE or len(_STRUCTURES.findall(source)) > _MOST_STRUCTURES:
        return ""
    # Half a second to import, and only for pages that no selector fits.
    from trafilatura import extract

    return extract(source, output_format="html", include_comments=False, include_links=True) or ""


def _overlap(first: str, second: str) -> float:
    sentences = [_BLANKS.sub("", sentence) for sentence in _SENTENCE.findall(first)]
    other = _BLANKS.sub("", second)
    return sum(sentence in other for sentence in sentences) / len(sentences) if sentences else 0.0


def _cleaned(node: LexborNode, base: str, remove: Sequence[str]) -> Body:
    warnings = []
    for unwanted in [match for selector in remove for match in find_all(node, selector)]:
        unwanted.decompose()
    for hidden in node.css("[hidden], [style]"):
        if "hidden" in hidden.attributes or _HIDDEN.search(hidden.attributes.get("style") or ""):
            hidden.decompose()
    _take_out_furniture(node)
    if _set_pictures(node):
        warnings.append("ingest.inline_image_dropped")
    if _replace_videos(node, base):
        warnings.append("ingest.video_replaced")
    if node.css_first("iframe[src], object, embed"):
        warnings.append("ingest.embedded_dropped")
    return Body(sanitise(node.inner_html or "", base).strip(), tuple(warnings))


def _take_out_furniture(node: LexborNode) -> None:
    """Tool bars, the editor's credit, the bar between the pages of an article."""
    furniture = column("furniture", "text")
    for leaf in node.css(_LEAVES):
        text = _BLANKS.sub("", leaf.text()[:500])
        credit = _CREDIT.fullmatch(text) and leaf.css_first("table") is None
        if credit or (text in furniture and leaf.css_first("img, table, a[href]") is None):
            leaf.decompose()
    for bar in node.css("p, div, ul, center, td"):
        text = _BLANKS.sub("", bar.text()) if bar.css_first("a[href]") is not None else ""
        if (
            len(text) <= _LONGEST_BAR
            and _PAGES.fullmatch(text)
            and ("页" in text or _counts_up(bar.text(separator=" ")))
        ):
            bar.decompose()


def _counts_up(text: str) -> bool:
    """Whether a bar says 1, 2, 3 … and nothing else."""
    numbers = [int(number) for number in _DIGITS.findall(text)]
    return len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1))


def _set_pictures(node: LexborNode) -> bool:
    """Pictures that a script would load get their address; True where one exists only inside the page."""
    dropped = False
    for image in node.css("img"):
        attributes = image.attributes
        lazy = next((attributes[name] for name in _LAZY if attributes.get(name)), None)
        if lazy:
            image.attrs["src"] = lazy
        elif (attributes.get("src") or "").strip().lower().startswith("data:"):
            dropped = True
    return dropped


def _replace_videos(node: LexborNode, base: str) -> bool:
    """A video becomes its cover picture and a link to it."""
    found = False
    for video in node.css("video"):
        inner = video.css_first("source[src]")
        address = absolute(video.attributes.get("src") or (inner.attributes.get("src") if inner else "") or "", base)
        poster = absolute(video.attributes.get("poster") or "", base)
        picture = f'<img src="{escape(poster)}" alt="视频封面">' if poster else ""
        link = f'<a href="{escape(address)}">观看视频</a>' if address else ""
        # In the text itself, so that every channel's version says so.
        note = "（原文此处为视频，以封面和链接代替）" if picture and link else "（原文此处为视频）"
        replacement = fragment(f"<p>{picture}{link}{note}</p>")
        if replacement is not None and (picture or link):
            video.replace_with(replacement.css_first("p") or "")
        found = True
    return found
