"""How `syndicate check` shows findings: as text with a caret, as JSON, as one HTML page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from syndicate.flow.check_files import Checked, CheckedRecord, shown_text
from syndicate.model.finding import Finding, Severity
from syndicate.model.rule import RuleSpec
from syndicate.text.place import Lines, width

_SEVERITY = {Severity.BLOCK: "必须处理 block", Severity.CONFIRM: "需确认 confirm", Severity.HINT: "提示 hint"}
_COLUMNS = 76
"""Columns of the line shown above the caret."""
_STYLE = """
body{font:16px/1.8 "Noto Sans CJK SC","Microsoft YaHei",sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}
pre{white-space:pre-wrap;word-break:break-word;font:inherit;background:#f7f7f5;padding:1rem;border:1px solid #ddd}
mark{padding:0 .1em;background:#fff3bf;border-bottom:2px solid #a15c00}
mark.block{background:#ffe3e3;border-bottom:3px double #b00020}
mark.hint{background:#e7f1ff;border-bottom:2px dotted #1f5fa8}
table{border-collapse:collapse;width:100%}td,th{border:1px solid #ccc;padding:.3rem .5rem;text-align:left;vertical-align:top}
"""


def as_json(documents: Iterable[Checked]) -> dict[str, object]:
    """The document that `--json` prints; the text is there where offsets count in extracted text."""
    return {"documents": [_document(checked) for checked in documents]}


def record_as_json(record: CheckedRecord) -> dict[str, object]:
    """One line of a batch's answer."""
    answer: dict[str, object] = {"id": record.id, "findings": [finding_as_json(one) for one in record.findings]}
    if record.error:
        answer["error"] = record.error.zh
    return answer


def finding_as_json(finding: Finding) -> dict[str, object]:
    """A finding with the keys that scripts rely on."""
    names = ("start", "end", "text", "rule", "severity", "message", "suggestion", "basis", "place")
    return {name: getattr(finding, name) for name in names}


def as_text(checked: Checked) -> Iterator[str]:
    """The lines for people: place, severity, rule, message; the line of the text; a caret; suggestion and basis."""
    yield checked.name
    if checked.error or checked.file is None:
        yield f"  无法读取 unreadable：{checked.error}"
        return
    shown = shown_text(checked.file.text, checked.findings)
    lines = Lines(shown)
    for finding in checked.findings:
        line, column = lines.place(finding.start)
        where = f"{line}:{column}" if not checked.file.extracted else finding.place or f"{line}:{column}"
        yield f"  {where}  [{_SEVERITY[finding.severity]}]  {finding.rule}"
        yield f"    {finding.message}"
        if finding.end > finding.start:
            yield from (f"      {row}" for row in _caret(shown, lines, finding))
        if finding.suggestion:
            yield f"    建议 suggestion：{finding.suggestion}"
        if finding.basis:
            yield f"    依据 basis：{finding.basis}"
    yield f"  {summary(checked.findings)}"


def summary(findings: Sequence[Finding]) -> str:
    """How many findings of each severity."""
    if not findings:
        return "没有发现问题。No findings."
    counts = [(label, sum(one.severity is severity for one in findings)) for severity, label in _SEVERITY.items()]
    return "，".join(f"{label} {count}" for label, count in counts if count)


def as_rule(rule: RuleSpec) -> Iterator[str]:
    """Everything a person may want to know about one rule."""
    state = "启用 enforced" if rule.enforced else "未启用 switched off"
    yield f"{rule.id}  [{_SEVERITY[rule.severity]}]  {rule.kind}  {state}"
    yield f"  {rule.message}"
    yield f"  {rule.message_en}"
    yield f"  依据 basis：{rule.basis}"
    yield from (f"  错例 bad ：{example}" for example in rule.bad)
    yield from (f"  正例 good：{example}" for example in rule.good)
    yield f"  出处 defined in：{rule.where}"


def as_html(documents: Iterable[Checked]) -> str:
    """One page that needs nothing else: every document with its findings marked, and a table of them."""
    body = "".join(_html_document(checked) for checked in documents)
    return (
        '<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>核校结果 Findings</title>'
        f"<style>{_STYLE}</style></head><body><h1>核校结果 Findings</h1>{body}</body></html>\n"
    )


def _document(checked: Checked) -> dict[str, object]:
    answer: dict[str, object] = {"name": checked.name}
    if checked.file and checked.file.extracted:
        answer["text"] = shown_text(checked.file.text, checked.findings)
    answer["findings"] = [finding_as_json(finding) for finding in checked.findings]
    if checked.error:
        answer["error"] = {"zh": checked.error.zh, "en": checked.error.en, "action_zh": checked.error.action_zh}
    return answer


def _caret(text: str, lines: Lines, finding: Finding) -> Iterator[str]:
    """The line around the finding and carets under its words; Chinese takes two columns, long lines are cut."""
    line, column = lines.place(finding.start)
    start, stop = lines.bounds(line)
    words = text[finding.start : min(finding.end, stop)]
    before = _cut(text[start : start + column - 1], (_COLUMNS - min(width(words), _COLUMNS // 2)) // 2, end=True)
    words = _cut(words, _COLUMNS - width(before), end=False)
    after = _cut(text[finding.start + len(words) : stop], max(0, _COLUMNS - width(before) - width(words)), end=False)
    yield _printable(before + words + after)
    yield " " * width(_printable(before)) + "^" * max(1, width(_printable(words)))


def _cut(text: str, columns: int, *, end: bool) -> str:
    """As much of the end (or the beginning) of the text as fits into that many columns."""
    kept: list[str] = []
    used = 0
    part = text[-columns:] if end and columns else text[:columns]
    for character in reversed(part) if end else part:
        used += width(character)
        if used > columns:
            break
        kept.append(character)
    return "".join(reversed(kept) if end else kept)


def _printable(text: str) -> str:
    """Control characters as blanks: a checked text must not drive the terminal."""
    return "".join(character if character.isprintable() or character == "\u3000" else " " for character in text)


def _html_document(checked: Checked) -> str:
    title = f"<h2>{escape(checked.name)}</h2>"
    if checked.error or checked.file is None:
        return f"{title}<p>无法读取 unreadable：{escape(str(checked.error))}</p>"
    rows = "".join(
        f"<tr><td>{escape(finding.place)}</td><td>{_SEVERITY[finding.severity]}</td><td>{escape(finding.text)}</td>"
        f"<td>{escape(finding.message)}</td><td>{escape(finding.suggestion or '')}</td>"
        f"<td>{escape(finding.rule)}<br>{escape(finding.basis)}</td></tr>"
        for finding in checked.findings
    )
    head = "<tr><th>位置</th><th>程度</th><th>原文</th><th>说明</th><th>建议</th><th>规则与依据</th></tr>"
    table = f"<table>{head}{rows}</table>" if rows else ""
    marked = _marked(shown_text(checked.file.text, checked.findings), checked.findings)
    return f"{title}<p>{summary(checked.findings)}</p>{table}<pre>{marked}</pre>"


def _marked(text: str, findings: Sequence[Finding]) -> str:
    """The text with its findings marked; of two that overlap the first is shown."""
    parts: list[str] = []
    position = 0
    for finding in findings:
        if finding.start < position or finding.end <= finding.start:
            continue
        words = escape(text[finding.start : finding.end])
        label = escape(f"{_SEVERITY[finding.severity]}：{finding.message}")
        parts.append(escape(text[position : finding.start]))
        parts.append(f'<mark class="{finding.severity}" title="{label}">{words}</mark>')
        position = finding.end
    return "".join([*parts, escape(text[position:])])
