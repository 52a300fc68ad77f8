"""Kind `pii`: numbers of people that must not stand unmasked in a publication.

Parameters: `datum` (id_number | altered_id | old_id | mobile | bank_card, required), `keywords` (list: one of them must
stand up to `reach` characters before the number or in the head of its table; empty: none is needed), `not_behind`
(list: no finding where one of these stands so near before the number), `published` (list: labels of numbers that are
published on purpose, outside tables) with the severity `published_severity`, `prefixes` (first digits of a card),
`reach` (default 20 characters). Numbers grouped by blanks or hyphens are read too. The finding shows the masked number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from syndicate.model.finding import Severity
from syndicate.model.rule import RuleSpec
from syndicate.monitor.identity import (
    is_credit_code,
    is_id_number,
    is_id_shape,
    is_old_id_number,
    masked,
    passes_luhn,
)
from syndicate.monitor.numbers import Candidate
from syndicate.monitor.parameters import Parameters
from syndicate.monitor.view import Check, Hit, View
from syndicate.text.late import late

_DATA = ("id_number", "altered_id", "old_id", "mobile", "bank_card")
_CREDIT_LABEL = late(r"信用代码|机构代码|纳税人识别号|索引号")
_MOBILE = late(r"(?:86)?(1[3-9]\d{9})")
_MOBILE_GROUPS = ((3, 4, 4), (3, 3, 5), (11,))


@dataclass(frozen=True)
class PersonalNumber:
    """One sort of number."""

    rule: RuleSpec
    datum: str
    keywords: tuple[str, ...]
    not_behind: tuple[str, ...]
    published: tuple[str, ...]
    published_severity: Severity | None
    prefixes: tuple[str, ...]
    reach: int

    def hits(self, view: View) -> Iterator[Hit]:
        """Every number of that sort, masked."""
        last = -1
        for candidate in view.numbers:
            if candidate.start < last or not self._is_one(candidate, view) or not self._belongs(candidate, view):
                continue
            last = candidate.end
            shown = masked(candidate.digits)
            severity = self.published_severity if self._is_published(candidate, view) else None
            yield Hit(self.rule, candidate.start, candidate.end, shown, severity, masked=shown)

    def _is_one(self, candidate: Candidate, view: View) -> bool:
        digits = candidate.digits
        match self.datum:
            case "id_number":
                return is_id_number(digits, view.day)
            case "altered_id":
                return is_id_shape(digits, view.day) and not is_id_number(digits, view.day)
            case "old_id":
                return len(candidate.groups) == 1 and is_old_id_number(digits, view.day)
            case "mobile":
                return self._is_mobile(candidate)
            case _:
                return self._is_card(candidate)

    def _is_mobile(self, candidate: Candidate) -> bool:
        groups = candidate.groups[1:] if candidate.groups[0] == 2 else candidate.groups
        if groups == (13,):
            groups = (11,)
        return groups in _MOBILE_GROUPS and _MOBILE.fullmatch(candidate.digits) is not None

    def _is_card(self, candidate: Candidate) -> bool:
        digits = candidate.digits
        if not 16 <= len(digits) <= 19 or not digits.isdecimal() or not digits.startswith(self.prefixes):
            return False
        grouped = len(candidate.groups) == 1 or all(size == 4 for size in candidate.groups[:-1])
        return grouped and passes_luhn(digits)

    def _belongs(self, candidate: Candidate, view: View) -> bool:
        """Whether the words around the number allow it to be what its digits say."""
        before = self._before(candidate, view)
        if any(word in before for word in self.not_behind):
            return False
        if _CREDIT_LABEL.search(before) and is_credit_code(candidate.digits):
            return False
        if view.addresses.around(candidate.start, candidate.end):
            return False
        if not self.keywords or any(word in before for word in self.keywords):
            return True
        table = view.tables.around(candidate.start)
        return table is not None and any(word in table.head for word in self.keywords)

    def _is_published(self, candidate: Candidate, view: View) -> bool:
        if not self.published or view.tables.around(candidate.start):
            return False
        before = self._before(candidate, view)
        return any(word in before for word in self.published)

    def _before(self, candidate: Candidate, view: View) -> str:
        line = view.text.rfind("\n", max(0, candidate.start - self.reach), candidate.start) + 1
        return view.text[max(line, candidate.start - self.reach) : candidate.start]


def compile_check(rule: RuleSpec, parameters: Parameters) -> Check:
    """The check of one rule."""
    return PersonalNumber(
        rule,
        parameters.choice("datum", _DATA),
        parameters.texts("keywords"),
        parameters.texts("not_behind"),
        parameters.texts("published"),
        parameters.severity("published_severity"),
        parameters.texts("prefixes"),
        int(parameters.number("reach", 20, least=1, most=200)),
    )
