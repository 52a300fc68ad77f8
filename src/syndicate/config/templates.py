"""`content/templates/**` → the texts by path. Templates must parse; what they may use is the renderer's business."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from jinja2 import Environment, TemplateSyntaxError

from syndicate.config.places import ConfigFile, Problems

FOLDER = "content/templates"
_TEXT = (".j2", ".html", ".xml", ".txt", ".css", ".svg", ".js", ".json")


def is_text(name: str) -> bool:
    """True for the files of the folder that are texts; pictures and fonts beside them are not loaded."""
    return name.endswith(_TEXT)


def read_templates(files: Iterable[ConfigFile], problems: Problems) -> Mapping[str, str]:
    """The texts by path below `content/templates/`; syntax errors are noted with their line."""
    # Only parsed here, never run: no template of an office gets a chance to do anything while loading.
    parser = Environment(autoescape=True)
    templates: dict[str, str] = {}
    for file in files:
        path = file.name.removeprefix(f"{FOLDER}/")
        templates[path] = file.text
        if not path.endswith(".j2"):
            continue
        try:
            parser.parse(file.text)
        except TemplateSyntaxError as error:
            problems.add(file, error.lineno, "template_syntax", reason=error.message or "")
        except RecursionError:
            problems.add(file, 1, "template_syntax", reason="nested too deeply")
    return templates
