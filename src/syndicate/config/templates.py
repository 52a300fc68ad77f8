"""`content/templates/**` → the texts by path. Templates must parse; what they may use is the renderer's business."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from jinja2 import Environment, TemplateSyntaxError

from syndicate.config.places import ConfigFile, Problems
from syndicate.render.templates import check_template
from syndicate.site.kept import Kept

FOLDER = "content/templates"
_CHANNEL = ".j2"
_PAGE = (".html", ".xml")
_TEXT = (_CHANNEL, *_PAGE, ".txt", ".css", ".svg", ".js", ".json")


def is_text(name: str) -> bool:
    """True for the files of the folder that are texts; pictures and fonts beside them are not loaded."""
    return name.endswith(_TEXT)


def read_templates(files: Iterable[ConfigFile], problems: Problems) -> Mapping[str, str]:
    """The texts by path below `content/templates/`; what cannot be a template is noted with its line."""
    templates: dict[str, str] = {}
    for file in files:
        templates[file.name.removeprefix(f"{FOLDER}/")] = file.text
        try:
            _check(file, problems)
        except TemplateSyntaxError as error:
            problems.add(file, error.lineno, "template_syntax", reason=error.message or "")
        except (RecursionError, SyntaxError, MemoryError):
            # Jinja writes Python; what Python's compiler cannot take comes out as its own errors.
            problems.add(file, 1, "template_syntax", reason="nested too deeply")
    return templates


def _check(file: ConfigFile, problems: Problems) -> None:
    """Note what is wrong with a channel's template; pages have filters that only the site knows, so they are parsed."""
    if file.name.endswith(_CHANNEL):
        problem = check_template(file.text, file.name)
        problems.found.extend([problem] if problem else [])
    elif file.name.endswith(_PAGE):
        Environment(autoescape=True, extensions=[Kept]).parse(file.text)
