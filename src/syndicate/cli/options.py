"""Options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Home = Annotated[
    Path,
    typer.Option(
        "--home", envvar="SYNDICATE_HOME", help="办公室目录，默认为当前目录。The office's folder.", show_default=False
    ),
]
Json = Annotated[bool, typer.Option("--json", help="输出一个 JSON 文档。Print one JSON document.")]
As = Annotated[
    str,
    typer.Option("--as", help="以谁的名义办理；需其个人令牌（SYNDICATE_TOKEN 或按提示输入）。Whose decision it is."),
]
Limit = Annotated[int, typer.Option(min=1, max=100_000, help="最多多少行。How many rows at most.")]
ItemNumber = Annotated[int, typer.Argument(help="稿件编号，见 syndicate queue。The item's number.")]
DeliveryNumber = Annotated[int, typer.Argument(help="投递编号，见 syndicate deliveries。The delivery's number.")]
HERE = Path()
