"""The article fragment for our own pages and the app: plain HTML that needs neither inline styles nor scripts."""

from __future__ import annotations

from lxml.html import HtmlElement

from syndicate.render.markup import elements, inner

# The page's title is its only h1.
_HEADINGS = {"h1": "h2", "center": "section", "font": "span"}
# A browser keeps the room for a picture whose size it knows; tables and cells lose theirs, to fit on a phone.
_SIZES = frozenset({"width", "height"})
_ALIGNMENTS = frozenset({"center", "right", "left", "justify"})
_DROPPED = (
    "style",
    "class",
    "id",
    "align",
    "valign",
    "bgcolor",
    "border",
    "width",
    "height",
    "cellpadding",
    "cellspacing",
)


def article(root: HtmlElement) -> str:
    """The body with classes in place of styles, tables that scroll and pictures that load late. Changes the tree."""
    for element in elements(root):
        alignment = _alignment(element)
        for name in _DROPPED:
            if not (element.tag == "img" and name in _SIZES and (element.get(name) or "").isdecimal()):
                element.attrib.pop(name, None)
        if alignment:
            element.set("class", f"align-{alignment}")
        element.tag = _HEADINGS.get(element.tag, element.tag)
    for picture in elements(root, "img"):
        picture.set("alt", picture.get("alt") or "")
        picture.set("loading", "lazy")
    for link in elements(root, "a"):
        if (link.get("href") or "").startswith(("http:", "https:")):
            link.set("rel", "noopener noreferrer")
            link.set("class", "external")
    for table in elements(root, "table"):
        _make_scrollable(table)
    return inner(root).strip()


def _alignment(element: HtmlElement) -> str:
    """How the source aligns the element, by style or by the old attribute."""
    if element.tag == "center":
        return "center"
    declarations = [part.partition(":") for part in (element.get("style") or "").lower().split(";")]
    wanted = [value.strip() for name, _, value in declarations if name.strip() == "text-align"]
    alignment = (wanted or [(element.get("align") or "").lower()])[-1]
    return alignment if alignment in _ALIGNMENTS else ""


def _make_scrollable(table: HtmlElement) -> None:
    """A wide table scrolls by itself, with the keyboard too, in place of widening the page."""
    frame = table.makeelement("div", {"class": "table", "role": "region", "tabindex": "0", "aria-label": "表格"})
    frame.tail, table.tail = table.tail, None
    table.addprevious(frame)
    frame.append(table)
