"""`syndicate`: all verbs under one roof, errors as two sentences, exit codes 0, 1 and 2."""

from __future__ import annotations

import gc
import io
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typer

VERBS = {
    "office": ("init", "backup", "restore", "takeover", "move", "tidy"),
    "demo": ("demo",),
    "source": ("sync", "source"),
    "check": ("check",),
    "item": ("queue", "show", "review", "amend", "withdraw", "recheck", "item"),
    "delivery": ("work", "deliveries", "retry", "resolve", "site"),
    "patrol": ("patrol",),
    "report": ("report",),
    "audit": ("audit",),
    "desk": ("desk",),
    "public": ("public",),
    "sandbox": ("sandbox",),
    "silence": ("urgent", "silence"),
    "site_import": ("site",),
    "app_backend": ("app-backend",),
    "drill": ("drill",),
    "channel": ("channel",),
    "notify": ("notify",),
    "incidents": ("incidents",),
    "feedback": ("feedback",),
    "user": ("user",),
    "doctor": ("doctor", "upgrade"),
}
"""The modules of `cli` that hold verbs, in the order of the help, with their verbs."""
_ALLOCATIONS = 50_000
"""So many new objects before Python looks for garbage; its own 700 are meant for smaller programs."""


def command_line(words: Sequence[str] = ()) -> typer.Typer:
    """All verbs; those beside the first word where it is one: reading in all of them takes time and memory."""
    import typer

    app = typer.Typer(
        name="syndicate",
        help="政务信息同源发布：采集、核校、审核、分发、日报。One reviewed item to website, Weibo, WeChat, app and LED.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_verbs)
    for name in [name for name, verbs in VERBS.items() if words and words[0] in verbs] or VERBS:
        import_module(f"syndicate.cli.{name}").register(app)
    return app


def _verbs() -> None:
    """Nothing; with it a command line of one verb still begins with the verb."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code: 0 done, 1 done but something needs attention, 2 wrong use or configuration."""
    if arguments is None:
        # What is loaded stays: looking through it for garbage again and again takes longer than loading it.
        gc.set_threshold(_ALLOCATIONS, 20, 10)
    words = sys.argv[1:] if arguments is None else arguments
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that lacks a character is no reason to fail
    try:
        code = _done(words)
        sys.stdout.flush()
    except KeyboardInterrupt:
        from syndicate.cli.mistakes import INTERRUPTED, write
        from syndicate.errors import Message

        write(str(Message("cli.interrupted")))
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 the last place where an error can be told to a person
        from syndicate.cli.mistakes import tell

        return tell(error, words)
    return code


def _done(words: Sequence[str]) -> int:
    """Does what the words say; the exit code."""
    if list(words[:1]) == ["check"]:
        from syndicate.cli.quick_check import plain_wish

        wish = plain_wish(words[1:])
        if wish is not None:
            from syndicate.cli.checking import fulfil

            return int(fulfil(wish))
    from syndicate.cli import logs
    from syndicate.cli.mistakes import INTERRUPTED, write
    from syndicate.errors import Message

    logs.begin()
    code = command_line(words)(words, prog_name="syndicate", standalone_mode=False)
    if code == INTERRUPTED:
        write(str(Message("cli.interrupted")))
    return int(code or 0)
