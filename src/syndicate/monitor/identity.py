"""Numbers that identify people and organisations: check digits, birth dates, and how such numbers are shown.

Sources: resident identity numbers GB 11643-1999, unified social credit codes GB 32100-2015, bank cards ISO/IEC 7812-1.
"""

from __future__ import annotations

import re
from datetime import date

from syndicate.text.late import late

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_DIGITS = "10X98765432"
_PROVINCES = frozenset(
    [*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83]
)
_CREDIT_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_FEWEST_DIGITS = 11
_LONG_NUMBER = late(r"(?<![0-9])\d(?:[ \xa0\-]?[\dXx*]){10,}")


def birth_date(number: str, day: date | None) -> date | None:
    """The birth date in an identity number of 18 or 15 characters, None when it is no date from 1900 to `day`."""
    digits = number[6:14] if len(number) == 18 else "19" + number[6:12]
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
    return born if born.year >= 1900 and born <= (day or date.max) and born.year < 2100 else None


def is_id_shape(number: str, day: date | None) -> bool:
    """18 characters with an assigned province and a possible birth date; the check digit is not looked at."""
    return (
        len(number) == 18
        and number[:17].isdecimal()
        and number[17] in "0123456789Xx"
        and int(number[:2]) in _PROVINCES
        and birth_date(number, day) is not None
    )


def is_id_number(number: str, day: date | None) -> bool:
    """A resident identity number of 18 characters: shape and check digit (GB 11643-1999, MOD 11-2)."""
    if not is_id_shape(number, day):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _ID_WEIGHTS, strict=False))
    return number[17].upper() == _ID_DIGITS[total % 11]


def is_old_id_number(number: str, day: date | None) -> bool:
    """A resident identity number of the old form: 15 digits with province and birth date; it has no check digit."""
    return (
        len(number) == 15
        and number.isdecimal()
        and int(number[:2]) in _PROVINCES
        and birth_date(number, day) is not None
    )


def is_credit_code(number: str) -> bool:
    """A unified social credit code of an organisation (GB 32100-2015, MOD 31)."""
    if len(number) != 18 or any(character not in _CREDIT_DIGITS for character in number):
        return False
    values = [_CREDIT_DIGITS.index(character) for character in number]
    total = sum(value * weight for value, weight in zip(values, _CREDIT_WEIGHTS, strict=False))
    return values[17] == (31 - total % 31) % 31


def passes_luhn(number: str) -> bool:
    """The check digit of bank cards."""
    total = 0
    for position, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + position % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def masked(number: str) -> str:
    """A number as it may be shown: an identity number as 3 + 4, a mobile as 3 + 4, anything else its last 4."""
    compact = re.sub(r"[ \xa0\-]", "", number)
    if len(compact) in (11, 15, 18):
        return compact[:3] + "*" * (len(compact) - 7) + compact[-4:]
    return "*" * (len(compact) - 4) + compact[-4:]


def without_numbers(text: str) -> str:
    """The text with every number of eleven digits or more masked, whatever it is: for words shown around a finding."""
    if len(text) < _FEWEST_DIGITS:
        return text
    return _LONG_NUMBER.sub(lambda match: _hidden(match.group()), text)


def _hidden(number: str) -> str:
    return re.sub(r"[\dXx]", "*", number[:-2]) + number[-2:]
