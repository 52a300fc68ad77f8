"""`syndicate`: all verbs under one roof, errors as two sentences, exit codes 0, 1 and 2."""

from __future__ import annotations

import logging
import sys

import typer

from syndicate.cli import audit, check, delivery, demo, desk, item, office, sandbox, source, user
from syndicate.errors import ConfigurationError, SyndicateError, UsageError

app = typer.Typer(
    name="syndicate",
    help="政务信息同源发布：采集、核校、审核、分发、日报。One reviewed item to website, Weibo, WeChat, app and LED.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for module in (office, demo, source, check, item, delivery, audit, desk, sandbox):
    module.register(app)
app.add_typer(user.app, name="user", help="人员、角色、密码和令牌。People, roles, passwords and tokens.")


def run() -> None:
    """Entry point. 0 done, 1 done but something needs attention, 2 wrong use or configuration."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    try:
        app()
    except (ConfigurationError, UsageError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
    except SyndicateError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)
