"""`content/templates/**` → the texts by path. Templates must parse; what they may use is the renderer's business."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from syndicate.config.places import ConfigFile, Problems
from syndicate.render.templates import check_template

FOLDER = "content/templates"
_TEXT = (".j2", ".html", ".xml", ".txt", ".css", ".svg", ".js", ".json")


def is_text(name: str) -> bool:
    """True for the files of the folder that are texts; pictures and fonts beside them are not loaded."""
    return name.endswith(_TEXT)


def read_templates(files: Iterable[ConfigFile], problems: Problems) -> Mapping[str, str]:
    """The texts by path below `content/templates/`; syntax errors are noted with their line."""
    templates: dict[str, str] = {}
    for file in files:
        path = file.name.removeprefix(f"{FOLDER}/")
        templates[path] = file.text
        problem = check_template(file.text, file.name) if path.endswith((".j2", ".html", ".xml")) else None
        if problem is not None:
            problems.found.append(problem)
    return templates
