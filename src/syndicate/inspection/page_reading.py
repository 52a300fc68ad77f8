"""读页: one page of the public site as a visitor's browser gets it, taken apart once for all checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.inspection.wording import page_limits

_NAMING = "a[href],area[href],iframe[src],frame[src]"
_LOADING = "img[src],script[src],link[href],source[src],video[src],audio[src],embed[src],object[data]"
_LOADED_LINKS = frozenset({"stylesheet", "icon", "shortcut icon"})
_UNSEEN = "script,style,noscript,template"
_DEFAULT_PORTS = {"http": 80, "https": 443}
HOME = "index.html"
"""The path of the home page, and the ending of a folder's own page."""


@dataclass(frozen=True)
class PageContent:
    """What a page says of itself, what it shows, and what it leads to."""

    title: str
    metas: tuple[tuple[str, str], ...]
    """Every `<meta name>` in its very spelling, with its content."""
    text: str
    """What a visitor reads."""
    markup: str
    links: tuple[str, ...]
    """What can be clicked, resolved: paths below the site, or whole http(s) addresses beyond it. Each once."""
    files: tuple[str, ...]
    """What is loaded with the page from our own site, as paths."""

    def meta(self, name: str) -> str | None:
        """The content of a tag in exactly this spelling; None where it is not there."""
        return next((content for found, content in self.metas if found == name), None)


def read_page(markup: str, base: str, root: str) -> PageContent:
    """Take a page apart. `base` is its public address, `root` that of the site without a slash at its end."""
    tree = LexborHTMLParser(markup)
    limit = int(page_limits()["links_per_page"])
    places = _Places(base, root)
    links = dict.fromkeys(filter(None, (places.of(address) for address in _named(tree))))
    files = dict.fromkeys(filter(None, (places.own(address) for address in _loaded(tree))))
    metas = tuple(
        (name, (node.attributes.get("content") or "").strip())
        for node in tree.css("meta[name]")
        if (name := (node.attributes.get("name") or "").strip())
    )
    title = tree.css_first("title")
    for node in tree.css(_UNSEEN):
        node.decompose()
    text = tree.body.text(separator="\n") if tree.body else ""
    shown = " ".join(title.text().split()) if title else ""
    return PageContent(shown, metas, text, markup, tuple(links)[:limit], tuple(files)[:limit])


def own_path(address: str, root: str) -> str | None:
    """The path of a public address below the site, `index.html` for folders; None for any other site.

    A query is none of a static page: such an address is not ours to walk, it gives an empty path.
    """
    parts, site = urlsplit(address), urlsplit(root)
    if _host(parts.scheme, parts.netloc) != _host(site.scheme, site.netloc):
        return None
    top = site.path.rstrip("/") + "/"
    path = parts.path or "/"
    if not path.startswith(top) and path + "/" != top:
        return None
    if parts.query:
        return ""
    below = unquote(path[len(top) :], errors="replace")
    below = f"{below}{HOME}" if not below or below.endswith("/") else below
    return below if len(below.encode()) <= page_limits()["bytes_per_address"] and "\0" not in below else ""


class _Places:
    """Addresses of one page, resolved against its own."""

    def __init__(self, base: str, root: str) -> None:
        self._base = base
        self._root = root
        self._known: dict[str, str] = {}

    def of(self, address: str) -> str:
        """The path of what is ours, the whole address of what is not, nothing for what is no web address."""
        if address not in self._known:
            self._known[address] = self._resolved(address)
        return self._known[address]

    def own(self, address: str) -> str:
        """The path of what is ours, nothing for all else."""
        found = self.of(address)
        return "" if "://" in found else found

    def _resolved(self, address: str) -> str:
        clean = "".join(address.split()) if not address.isprintable() else address.strip()
        if not clean or clean.startswith("#"):
            return ""
        try:
            whole = urljoin(self._base, clean).partition("#")[0]
            parts = urlsplit(whole)
            named = parts.scheme in _DEFAULT_PORTS and bool(parts.hostname) and (parts.port or 1) > 0
            path = own_path(whole, self._root) if named else ""
        except ValueError:
            return ""
        if path is not None:
            return path
        return whole if "@" not in parts.netloc and len(whole) <= 2_000 else ""


def _host(scheme: str, netloc: str) -> str:
    """Host and port without the scheme: `http` and `https` of one host are one site."""
    host, _, port = netloc.lower().rpartition(":")
    usual = not host or port == str(_DEFAULT_PORTS.get(scheme, ""))
    return (host or port) if usual else netloc.lower()


def _named(tree: LexborHTMLParser) -> Iterator[str]:
    for node in tree.css(_NAMING):
        attributes = node.attributes
        yield attributes.get("href") or attributes.get("src") or ""


def _loaded(tree: LexborHTMLParser) -> Iterator[str]:
    for node in tree.css(_LOADING):
        attributes = node.attributes
        if node.tag != "link" or _is_loaded(node, attributes):
            yield attributes.get("src") or attributes.get("href") or attributes.get("data") or ""


def _is_loaded(node: LexborNode, attributes: Mapping[str, str | None]) -> bool:
    return (attributes.get("rel") or "").lower() in _LOADED_LINKS
