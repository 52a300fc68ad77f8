"""What an approval is bound to."""

from collections.abc import Iterable

from syndicate.model.channel import Rendition
from syndicate.model.hashing import digest
from syndicate.model.item import Content


def approval_hash(content: Content, column: str, renditions: Iterable[Rendition]) -> str:
    """SHA-256 over the text with its files, the column and every rendition: any change voids the approval."""
    return digest([content.hash, column, sorted(rendition.hash for rendition in renditions)])
