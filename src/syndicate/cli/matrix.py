"""What a withdrawal or a correction does on each channel, printed before it is decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from syndicate.cli.output import moment, print_table
from syndicate.errors import Message

if TYPE_CHECKING:
    from syndicate.flow.matrix import MatrixRow


def print_matrix(title: str, rows: Sequence[MatrixRow]) -> None:
    """One line per channel: who does it, what happens, until when, and what stands there now."""
    table = [
        (
            row.title,
            Message(f"word.means_{row.means}").zh,
            row.what.zh if row.what.action_zh == "—" else f"{row.what.zh} {row.what.action_zh}",
            moment(row.deadline),
            "\n".join(row.addresses),
        )
        for row in rows
    ]
    print_table(title, ("渠道", "由谁办", "结果", "人工限期", "现在的地址"), table)
