"""A rule for passwords that Django does not bring: how long one may be."""

from __future__ import annotations

from django.core.exceptions import ValidationError

LONGEST = 128
"""Characters; hashing what is longer only keeps the processor busy. OWASP ASVS 4.0.3, V2.1.2."""


class NoLongerThan:
    """Refuses a password of more than `LONGEST` characters."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError for one that is too long."""
        if len(password) > LONGEST:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        """What the rule asks for."""
        return f"密码最多 {LONGEST} 位。"
