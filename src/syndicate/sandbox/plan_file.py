"""Reads a fault plan (YAML or JSON) and names every mistake at once, each with its line."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

import yaml

from syndicate.errors import ConfigurationError, Message, Problem
from syndicate.sandbox.catalogue import endpoints, error_codes
from syndicate.sandbox.faults import Fault, FaultKind

PLATFORMS = ("weibo", "wechat", "app", "led", "wordpress")
LARGEST_PLAN = 256 * 1024
LONGEST_DELAY = 600.0
_EXPIRED = {
    "wechat": (42001, 40001, 40014),
    "weibo": (21327, 21315, 21332),
    "app": (401,),
    "led": (401,),
    "wordpress": (401,),
}
_WHEN = ("nth", "every", "probability")


def parse_plan(data: bytes, file: str) -> tuple[Fault, ...]:
    """The entries of a plan: a mapping with one key `faults`, a list of mappings.

    `file` is the name shown in problems. Raises `ConfigurationError` with every mistake.
    """
    return _Reader(data, file).read()


class _Reader:
    def __init__(self, data: bytes, file: str) -> None:
        self._data = data
        self._file = file
        self._lines = data.decode("utf-8", "replace").splitlines()
        self._problems: list[Problem] = []

    def read(self) -> tuple[Fault, ...]:
        node = self._compose()
        faults: list[Fault] = []
        for entry in self._entries(node):
            fault = self._fault(entry)
            if fault is not None:
                faults.append(fault)
        if self._problems:
            raise ConfigurationError(tuple(self._problems))
        return tuple(faults)

    def _compose(self) -> yaml.Node | None:
        if len(self._data) > LARGEST_PLAN:
            self._problem(0, "sandbox.plan_size", limit=LARGEST_PLAN)
            return None
        try:
            return yaml.compose(self._data.decode("utf-8-sig"), Loader=yaml.BaseLoader)
        except UnicodeDecodeError:
            self._problem(0, "sandbox.plan_encoding")
        except yaml.MarkedYAMLError as mistake:
            self._problem(mistake.problem_mark.line if mistake.problem_mark else 0, "sandbox.plan_syntax")
        except (yaml.YAMLError, RecursionError):
            self._problem(0, "sandbox.plan_syntax")
        return None

    def _entries(self, node: yaml.Node | None) -> list[yaml.MappingNode]:
        if self._problems:
            return []
        if not isinstance(node, yaml.MappingNode):
            self._problem(node.start_mark.line if node else 0, "sandbox.plan_shape")
            return []
        entries: list[yaml.MappingNode] = []
        names = [key.value for key, _ in node.value]
        if names.count("faults") != 1 or len(names) != 1:
            self._problem(node.start_mark.line, "sandbox.plan_shape")
        for key, value in node.value:
            if key.value != "faults":
                continue
            if not isinstance(value, yaml.SequenceNode):
                self._problem(value.start_mark.line, "sandbox.plan_shape")
                continue
            for entry in value.value:
                if isinstance(entry, yaml.MappingNode):
                    entries.append(entry)
                else:
                    self._problem(entry.start_mark.line, "sandbox.plan_entry")
        return entries

    def _fault(self, node: yaml.MappingNode) -> Fault | None:
        before = len(self._problems)
        values: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value)
            if name not in _FIELDS:
                self._problem(key.start_mark.line, "sandbox.plan_key", name=name, known=", ".join(sorted(_FIELDS)))
            elif name in values:
                self._problem(key.start_mark.line, "sandbox.plan_twice", name=name)
            else:
                values[name] = self._value(name, value)
        line = node.start_mark.line
        for name in ("platform", "kind"):
            if name not in values:
                self._problem(line, "sandbox.plan_missing", name=name)
        if len(self._problems) > before:
            return None
        self._check_together(values, line)
        return None if len(self._problems) > before else Fault(**values)

    def _value(self, name: str, node: yaml.Node) -> object:
        read, expected = _FIELDS[name]
        try:
            return read(node)
        except ValueError:
            self._problem(node.start_mark.line, "sandbox.plan_value", name=name, expected=expected)
            return None

    def _check_together(self, values: dict[str, Any], line: int) -> None:
        """Rules over several keys; fills in the code that a token fault leaves out."""
        platform, kind = values["platform"], values["kind"]
        pattern = values.get("endpoint", "*")
        known = [path for name in PLATFORMS if platform in ("*", name) for path in endpoints(name)]
        if pattern != "*" and not any(fnmatchcase(path, pattern) for path in known):
            self._problem(line, "sandbox.plan_endpoint", endpoint=pattern, platform=platform)
        if sum(name in values for name in _WHEN) > 1:
            self._problem(line, "sandbox.plan_when")
        if kind in (FaultKind.CODE, FaultKind.EXPIRED_TOKEN):
            self._check_code(values, line)
        if kind is FaultKind.PUBLISH_STATUS and (platform != "wechat" or not 0 <= values.get("status", -1) <= 6):
            self._problem(line, "sandbox.plan_publish_status")
        if kind is FaultKind.HTTP_500 and not 400 <= values.get("status", 500) <= 599:
            self._problem(line, "sandbox.plan_status")

    def _check_code(self, values: dict[str, Any], line: int) -> None:
        platform = values["platform"]
        if platform == "*":
            self._problem(line, "sandbox.plan_code_platform")
            return
        if values["kind"] is FaultKind.EXPIRED_TOKEN:
            allowed = _EXPIRED[platform]
            known = values.setdefault("code", allowed[0]) in allowed
        elif platform in ("app", "led", "wordpress"):
            known = 400 <= values.get("code", 0) <= 599
        else:
            known = values.get("code", 0) in error_codes(platform)
        if not known:
            self._problem(line, "sandbox.plan_code", code=values.get("code", ""), platform=platform)

    def _problem(self, line: int, key: str, **values: object) -> None:
        text = self._lines[line] if line < len(self._lines) else ""
        self._problems.append(Problem(self._file, line + 1, text[:200], Message(key, values)))


def _text(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise ValueError(node)
    return str(node.value)


def _platform(node: yaml.Node) -> str:
    text = _text(node)
    if text not in (*PLATFORMS, "*"):
        raise ValueError(text)
    return text


def _endpoint(node: yaml.Node) -> str:
    text = _text(node)
    if not text.startswith(("/", "*")):
        raise ValueError(text)
    return text


def _integer(least: int, most: int) -> Callable[[yaml.Node], int]:
    def read(node: yaml.Node) -> int:
        text = _text(node)
        if len(text) > 12 or not least <= int(text) <= most:
            raise ValueError(text)
        return int(text)

    return read


def _number(most: float) -> Callable[[yaml.Node], float]:
    def read(node: yaml.Node) -> float:
        number = float(_text(node))
        if not 0 <= number <= most:
            raise ValueError(number)
        return number

    return read


def _calls(node: yaml.Node) -> tuple[int, ...]:
    one = _integer(1, 1_000_000)
    if isinstance(node, yaml.SequenceNode):
        if not node.value:
            raise ValueError("empty")
        return tuple(one(entry) for entry in node.value)
    return (one(node),)


def _switch(node: yaml.Node) -> bool:
    if _text(node) not in ("true", "false"):
        raise ValueError(node)
    return _text(node) == "true"


_FIELDS: dict[str, tuple[Callable[[yaml.Node], object], str]] = {
    "platform": (_platform, ", ".join((*PLATFORMS, "*"))),
    "endpoint": (_endpoint, "/…, *"),
    "kind": (lambda node: FaultKind(_text(node)), ", ".join(FaultKind)),
    "nth": (_calls, "1, [1, 3]"),
    "every": (_integer(1, 1_000_000), "1, 2, 3 …"),
    "probability": (_number(1.0), "0 … 1"),
    "seed": (_integer(0, 10**9), "0, 1, 2 …"),
    "after": (_integer(0, 1_000_000), "0, 1, 2 …"),
    "delay": (_number(LONGEST_DELAY), f"0 … {LONGEST_DELAY:g}"),
    "code": (_integer(-1, 99_999_999), "45009, 20019, 503 …"),
    "status": (_integer(0, 599), "500 … 599, 0 … 6"),
    "retry_after": (_integer(0, 86_400), "0 … 86400"),
    "commit": (_switch, "true, false"),
}
