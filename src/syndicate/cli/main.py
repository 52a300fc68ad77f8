"""`syndicate`: all verbs under one roof, errors as two sentences, exit codes 0, 1 and 2."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Sequence

import typer

from syndicate.cli import (
    app_backend,
    audit,
    channel,
    check,
    delivery,
    demo,
    desk,
    item,
    office,
    public,
    sandbox,
    silence,
    site_import,
    source,
    user,
)
from syndicate.cli.mistakes import INTERRUPTED, tell, write
from syndicate.errors import Message

app = typer.Typer(
    name="syndicate",
    help="政务信息同源发布：采集、核校、审核、分发、日报。One reviewed item to website, Weibo, WeChat, app and LED.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for module in (
    office,
    demo,
    source,
    check,
    item,
    delivery,
    audit,
    desk,
    public,
    sandbox,
    silence,
    site_import,
    app_backend,
):
    module.register(app)
app.add_typer(channel.app, name="channel", help="渠道账号、额度、暂停与恢复。Channel accounts, quotas, stop and start.")
app.add_typer(user.app, name="user", help="人员、角色、密码和令牌。People, roles, passwords and tokens.")


def run(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code: 0 done, 1 done but something needs attention, 2 wrong use or configuration."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    words = sys.argv[1:] if arguments is None else arguments
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that lacks a character is no reason to fail
    try:
        code = app(words, prog_name="syndicate", standalone_mode=False)
        sys.stdout.flush()
    except Exception as error:  # noqa: BLE001 the last place where an error can be told to a person
        return tell(error, words)
    if code == INTERRUPTED:
        write(str(Message("cli.interrupted")))
    return int(code or 0)
