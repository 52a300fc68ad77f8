"""How long Weibo thinks a text is, under the worst reading of its rule for links."""

from __future__ import annotations

import re

from syndicate.text.late import late

# A link ends at the first blank or non-ASCII character, as in Weibo's own links.
_LINK = late(r"https?://[!-~]+", re.IGNORECASE)
_OWN_LINK = late(r"https?://(?:[\w-]+\.)*weibo\.(?:com|cn)(?:[/:?#]|$)", re.IGNORECASE)
_SHORT_LINK = 20
_OWN_LINK_LIMIT = 41
_LONG_LINK = 140


def weibo_length(text: str) -> int:
    """Length of a post in 汉字 (rounded up), to be compared with the limit of 140.

    Rule (a public counter of 2013, secondary): half-width 1, full-width 2, a link 20 whatever its length up to 140;
    links to Weibo itself up to 41 characters keep their length. That counter knew `http://` only; what counts for
    `https://` today is unconfirmed, so every link counts by the rule or by its real length, whichever is more.
    Characters beyond the basic plane (emoji, rare characters) count as two, as they do in UTF-16.
    """
    links = _LINK.findall(text)
    half_widths = sum(map(_link_length, links)) + sum(map(_character_length, _LINK.sub("", text)))
    return -(-half_widths // 2)


def _link_length(link: str) -> int:
    if len(link) <= _OWN_LINK_LIMIT and _OWN_LINK.match(link):
        return len(link)
    by_rule = _SHORT_LINK + max(0, len(link) - _LONG_LINK)
    return max(by_rule, len(link))


def _character_length(character: str) -> int:
    if ord(character) > 0xFFFF:
        return 4
    return 2 if ord(character) > 0x80 else 1
