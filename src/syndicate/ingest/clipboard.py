"""What Word, WPS, Excel and browsers put on the clipboard → the few elements a body is made of. Pure.

Numbers of lists stay as they are written (一、（一）1.), because documents are cited by them; round marks become a list.
Comments, tracked deletions, hidden text and everything only Word understands are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from lxml import html
from lxml.html import HtmlElement

from syndicate.errors import InputError
from syndicate.ingest.documents import CONTROLS
from syndicate.text.sanitise import refuse_hostile, sanitise

LONGEST = 5_000_000
"""Characters, with pictures in the markup itself; more is a file to be uploaded."""
_FRAGMENT = re.compile(r"<!--\s*StartFragment\s*-->(.*)<!--\s*EndFragment\s*-->", re.S | re.I)
_CONDITIONAL = re.compile(r"<!--\[if[^\]]*\]>.*?<!\[endif\]-->|<!\[(?:if[^\]]*|endif)\]>", re.S | re.I)
_REVEALED = re.compile(r"<!--\[(?:if[^\]]*|endif)\]-->", re.I)
_FOREIGN = re.compile(r"</?(?:o|w|m|v|st1|x):[^>]*>", re.I)
_STYLE = re.compile(r"([\w-]+)\s*:\s*([^;]+)")
_LEFT_OUT_CLASSES = frozenset({"msocommentreference", "msocommenttext", "msocommentsubject", "msocomanchor"})
_BULLET_FONTS = ("wingdings", "symbol", "webdings")
_BULLETS = frozenset("·•●○■□◆◇▪▫Ø§nlu")
_BLOCKS = frozenset(["p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "blockquote"])
_EMPTY = re.compile(r"<(p|div|h[1-6])(?:\s[^>]*)?>(?:\s|&nbsp;|\xa0|\u3000|<br>)*</\1>")
_LEADING = re.compile(r"(<(?:p|div)(?:\s[^>]*)?>(?:<(?:strong|b|span)(?:\s[^>]*)?>)*)(?:&nbsp;|[\s\xa0\u3000])+")
_RENAMED = {"b": "strong", "i": "em", "ins": "span"}
_MOST_PASSES = 3


@dataclass(frozen=True)
class Clipboard:
    """A harmless fragment. `pictures` are addresses (`data:`) that stand in it as `src`; `missed` could not come along."""

    html: str
    pictures: tuple[str, ...] = ()
    missed: int = 0


def clean_clipboard(markup: str) -> Clipboard:
    """The text of a clipboard's HTML. Raises InputError where it is too long or built to keep a parser busy."""
    if len(markup) > LONGEST:
        raise InputError("ingest.hostile_markup")
    found = _FRAGMENT.search(markup)
    markup = _REVEALED.sub("", found[1] if found else markup)
    markup = CONTROLS.sub("", _FOREIGN.sub("", _CONDITIONAL.sub("", markup)))
    refuse_hostile(markup)
    if not markup.strip():
        return Clipboard("")
    try:
        return _cleaned(markup)
    except ValueError as error:  # a reference to a character that no document may hold, such as &#1;
        raise InputError("ingest.hostile_markup") from error


def _cleaned(markup: str) -> Clipboard:
    root = cast(HtmlElement, html.fragment_fromstring(markup, create_parent="div"))
    _leave_out(root)
    _make_lists(root)
    _read_styles(root)
    pictures, missed = _pictures(root)
    inner = (root.text or "") + "".join(html.tostring(child, encoding="unicode") for child in root)
    return Clipboard(_tidy(sanitise(inner)), pictures, missed)


def _elements(root: HtmlElement, *tags: str) -> list[HtmlElement]:
    return [one for one in root.iterdescendants(*tags) if isinstance(one.tag, str)]


def _styles(element: HtmlElement) -> dict[str, str]:
    pairs = _STYLE.findall(element.get("style") or "")
    return {name.lower(): value.strip().lower() for name, value in pairs}


def _leave_out(root: HtmlElement) -> None:
    """Comments, tracked deletions, hidden text: a reader never saw them as part of the text."""
    for element in _elements(root):
        styles = _styles(element)
        classes = {name.lower() for name in (element.get("class") or "").split()}
        gone = (
            element.tag in ("del", "script", "style", "title", "meta", "link", "xml")
            or classes & _LEFT_OUT_CLASSES
            or styles.get("mso-element", "").startswith("comment")
            or styles.get("display") == "none"
            or styles.get("mso-hide") == "all"
        )
        if gone and element.getparent() is not None:
            element.drop_tree()


def _make_lists(root: HtmlElement) -> None:
    """Paragraphs that Word marks with a round sign become a list; a written number stays text."""
    last: HtmlElement | None = None
    for paragraph in _elements(root, "p"):
        mark = next((one for one in _elements(paragraph, "span") if _styles(one).get("mso-list") == "ignore"), None)
        if mark is None or "mso-list" not in _styles(paragraph):
            continue
        text = "".join((mark.text_content() or "").split())
        if not _is_bullet(mark, text):
            _replace_text(mark, text)
            continue
        mark.drop_tree()
        follows = last is not None and paragraph.getprevious() is last and not (last.tail or "").strip()
        if not follows:
            last = paragraph.makeelement("ul", {})
            paragraph.addprevious(last)
        assert last is not None
        tail, paragraph.tail = paragraph.tail, None
        last.append(paragraph)
        last.tail = tail
        paragraph.tag = "li"


def _is_bullet(mark: HtmlElement, text: str) -> bool:
    fonts = (_styles(one).get("font-family", "") for one in (mark, *_ancestors(mark), *_elements(mark)))
    return text in _BULLETS and (not text.isascii() or any(name in font for font in fonts for name in _BULLET_FONTS))


def _ancestors(element: HtmlElement) -> Iterable[HtmlElement]:
    return cast(Iterable[HtmlElement], element.iterancestors("span"))


def _replace_text(element: HtmlElement, text: str) -> None:
    for child in list(element):
        child.drop_tree()
    element.text = text if text.endswith(("、", "）", ")")) else f"{text} "


def _read_styles(root: HtmlElement) -> None:
    """Bold by style is bold; headings move one level down, as the page's title is its only first one."""
    for element in _elements(root):
        styles = _styles(element)
        weight = styles.get("font-weight", "")
        if element.tag == "span" and (weight in ("bold", "bolder") or (weight.isdecimal() and int(weight) >= 600)):
            element.tag = "strong"
        if element.tag == "h1" or "msotitle" in (element.get("class") or "").lower():
            element.tag = "h2"
        if element.tag in _RENAMED:
            element.tag = _RENAMED[element.tag]
        aligned = styles.get("text-align", "")
        for name in [name for name in element.attrib if name in ("style", "class", "lang", "id", "name")]:
            del element.attrib[name]
        if aligned in ("center", "right") and element.tag in _BLOCKS:
            element.set("style", f"text-align:{aligned}")
    for element in _elements(root, "span", "font", "a"):
        if element.tag != "a" or not (element.get("href") or "#").startswith(("http:", "https:", "mailto:", "tel:")):
            element.drop_tag()


def _pictures(root: HtmlElement) -> tuple[tuple[str, ...], int]:
    """Addresses of pictures that came along in the markup; those on somebody's disk or site are missed."""
    found: list[str] = []
    missed = 0
    for picture in _elements(root, "img"):
        source = picture.get("src") or ""
        if source.startswith("data:image/"):
            found.append(source)
            picture.set("src", f"file:{len(found) - 1:064x}")
            picture.set("alt", picture.get("alt") or "")
        elif not source.startswith("file:") or len(source) != 69:
            missed += 1
            picture.drop_tree()
    return tuple(found), missed


def _tidy(markup: str) -> str:
    """Without empty paragraphs and blanks that stand for an indent."""
    for _ in range(_MOST_PASSES):
        markup = _EMPTY.sub("", markup)
    return _LEADING.sub(r"\1", markup).strip()
