"""Templates of the office, run in a sandbox: they may use the values handed in and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from syndicate.errors import ConfigurationError, Message, Problem

TEMPLATE_ERRORS = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError)
"""What a template's own mistakes raise while it is filled."""

_ENVIRONMENTS = {
    markup: ImmutableSandboxedEnvironment(
        autoescape=markup, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=False
    )
    for markup in (False, True)
}


@lru_cache(maxsize=64)
def _compiled(text: str, markup: bool) -> Template:
    return _ENVIRONMENTS[markup].from_string(text)


def fill(text: str, values: Mapping[str, object], *, name: str, body: str | None = None) -> str:
    """The template `text` with `values` in it, outer blanks removed.

    With a `body` (sanitised HTML) the template is HTML: the body stands as it is, every other value is escaped.
    Raises `ConfigurationError` naming the template, the line and the mistake, also for a value it may not use.
    """
    markup = body is not None
    # The only text that is not escaped: it went through text.sanitise before.
    inside = {"body": Markup(body)} if markup else {}  # noqa: S704
    try:
        return _compiled(text, markup).render({**values, **inside}).strip()
    except TEMPLATE_ERRORS as error:
        raise ConfigurationError((template_problem(text, name, error),)) from error


def check_template(text: str, name: str, *, markup: bool = False) -> Problem | None:
    """What is wrong with the syntax of a template, or None."""
    try:
        _compiled(text, markup)
    except TemplateError as error:
        return template_problem(text, name, error)
    return None


def template_problem(text: str, name: str, error: Exception) -> Problem:
    """Which line of the template `name` the error speaks about, and what it says."""
    lines = text.splitlines() or [""]
    line = min(max(_line_of(error), 1), len(lines))
    return Problem(name, line, lines[line - 1], Message("render.template", {"reason": str(error)}))


def _line_of(error: Exception) -> int:
    """Jinja rewrites tracebacks so that the innermost frame of a template carries the template's line."""
    line = getattr(error, "lineno", None)
    trace = error.__traceback__
    while line is None and trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line or 1
