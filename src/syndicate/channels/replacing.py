"""The only change a driver makes to a rendition: `file:<sha256>` becomes what the platform knows the file by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

_IMAGE = re.compile(r"""<img\b(?:[^>"']|"[^"]*"|'[^']*')*>""", re.IGNORECASE)
_FILE = re.compile(r"file:([0-9a-f]{64})")


def replace_files(html: str, addresses: Mapping[str, str]) -> str:
    """`html` with every known `file:<sha256>` replaced; an image whose file has no address is left out whole."""

    def image(match: re.Match[str]) -> str:
        named = _FILE.search(match[0])
        return "" if named and named[1] not in addresses else match[0]

    return _FILE.sub(lambda m: escape(addresses.get(m[1], m[0])), _IMAGE.sub(image, html))
