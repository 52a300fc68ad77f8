"""What went wrong, told as two sentences in Chinese and English on stderr, and the exit code that goes with it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from typer.exceptions import TyperException

from syndicate.cli.output import printable
from syndicate.errors import ConfigurationError, Message, NotFound, SyndicateError, UsageError

NEEDS_ATTENTION = 1
WRONG_USE = 2
INTERRUPTED = 130
"""What shells expect of a command that Ctrl-C ended."""

_WRONG_USE = (ConfigurationError, UsageError, NotFound)


def tell(error: Exception, arguments: Sequence[str]) -> int:
    """Say on stderr what happened and what to do; returns the exit code. `arguments` are those of the command line."""
    if isinstance(error, BrokenPipeError):
        # Whoever read our output has seen enough; nothing more must be written to it, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NEEDS_ATTENTION
    if isinstance(error, ConfigurationError):
        write("\n".join(_mistakes(error)))
    if isinstance(error, SyndicateError):
        write(str(error.message))
        return WRONG_USE if isinstance(error, _WRONG_USE) else NEEDS_ATTENTION
    if isinstance(error, TyperException):
        return _typed_wrongly(error)
    if isinstance(error, OSError):
        name = error.filename if error.filename is not None else type(error).__name__
        write(str(Message("cli.system", {"name": name, "why": error.strerror or error})))
        return NEEDS_ATTENTION
    if isinstance(error, UnicodeEncodeError) and not all(map(_is_text, arguments)):
        write(str(Message("cli.not_text")))
        return WRONG_USE
    write(str(Message("cli.unexpected", {"error": type(error).__name__, "path": _kept(error)})))
    return NEEDS_ATTENTION


def write(text: str) -> None:
    """Lines for people on stderr."""
    sys.stderr.write(f"{printable(text)}\n")


def _mistakes(error: ConfigurationError) -> Iterator[str]:
    """Every mistake with file:line, the line itself, and what to do, in both languages."""
    for problem in error.problems:
        told = problem.message
        yield f"{problem.file}:{problem.line}: {told.zh}{told.action_zh}"
        if problem.text.strip():
            yield f"    {problem.text.strip()}"
        yield f"    {told.en} {told.action_en}"


def _typed_wrongly(error: TyperException) -> int:
    """Typer's own complaints, which it words in English only."""
    kind = type(error).__name__
    if kind == "NoArgsIsHelpError":  # the help is printed already
        return WRONG_USE
    context, parameter = getattr(error, "ctx", None), getattr(error, "param", None)
    command = context.command_path if context else "syndicate"
    name = getattr(error, "option_name", "") or (parameter.get_error_hint().strip("'") if parameter else "")
    key = {"MissingParameter": "missing", "NoSuchOption": "no_option", "BadParameter": "bad_value"}.get(kind)
    why = error.message if key == "bad_value" and name else error.format_message()
    values = {"name": name, "why": why.strip().rstrip("."), "command": command}
    write(str(Message(f"cli.{key}" if key and name else "cli.wrong_use", values)))
    return WRONG_USE


def _is_text(argument: str) -> bool:
    """False for an argument with bytes that were no text in the terminal's encoding."""
    return argument.isascii() or not any("\ud800" <= character <= "\udfff" for character in argument)


def _kept(error: Exception) -> Path:
    """The file that keeps the traceback for the maintainers; readable by its owner only."""
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", errors="replace", prefix="syndicate-error-", suffix=".txt", delete=False
    ) as file:
        file.writelines(traceback.format_exception(error))
    return Path(file.name)
