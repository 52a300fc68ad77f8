"""`syndicate check`: the monitor as a tool of its own, and its command line."""

from __future__ import annotations

from typing import Annotated

import typer

from syndicate.cli.checking import Format, Wish, fulfil
from syndicate.cli.options import HERE, Home, Json
from syndicate.model.finding import Severity

Targets = Annotated[
    list[str] | None,
    typer.Argument(metavar="[FILE|URL|-]…", help="文件、网址或 -（标准输入）。Files, addresses, or - for stdin."),
]
ShownAs = Annotated[Format, typer.Option("--format", help="输出格式。How findings are shown.")]
Day = Annotated[str, typer.Option("--date", help="稿件日期 YYYY-MM-DD，默认今天。Date of the text; default: today.")]
FailOn = Annotated[Severity, typer.Option(help="达到该程度即以 1 退出。Exit with 1 on findings as grave as this.")]
Explain = Annotated[str, typer.Option("--explain", metavar="RULE", help="说明一条规则。Explain a rule.")]
Batch = Annotated[
    str, typer.Option(metavar="FILE", help="批量：每行一个 JSON 记录，- 为标准输入。A batch, one JSON record a line.")
]


Watch = Annotated[
    bool,
    typer.Option("--watch", help="持续监视文件，改动后重新核校，Ctrl-C 结束。Check again whenever a file changes."),
]


def register(app: typer.Typer) -> None:
    """Hang this verb under `syndicate`."""
    app.command()(check)


def check(
    targets: Targets = None,
    shown_as: ShownAs = Format.TEXT,
    as_json: Json = False,
    day: Day = "",
    fail_on: FailOn = Severity.BLOCK,
    rule: Explain = "",
    jsonl: Batch = "",
    watch: Watch = False,
    home: Home = HERE,
) -> None:
    """核校文字、网页和办公文件。Check texts, pages and office files.

    例 examples: syndicate check 通知.docx · cat 稿件.txt | syndicate check - --format json ·
    syndicate check 公文/*.pdf --fail-on confirm · syndicate check --explain word.typo
    """
    wish = Wish(targets or [], shown_as, as_json, day, fail_on, rule, jsonl, watch, home)
    if fulfil(wish):
        raise typer.Exit(1)
