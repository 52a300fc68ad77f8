"""zip → the names of its files, as far as they are text: what a reader sees before he opens one."""

from __future__ import annotations

from syndicate.text.formats.archive import Archive
from syndicate.text.formats.blocks import Blocks, Extract


def read_listing(data: bytes, name: str) -> Extract:
    """One line for each file of an archive. Raises `InputError` for broken, encrypted and oversized archives."""
    blocks = Blocks(name)
    for member in Archive(data, name).names():
        if not member.endswith("/"):
            blocks.add(_readable(member), "", separator="\n")
    return blocks.extract()


def _readable(member: str) -> str:
    """A name whose bytes were GBK: programs of Chinese Windows do not say so, and zip then means code page 437."""
    try:
        return member.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return member
