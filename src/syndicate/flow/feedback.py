"""公众反馈, the public's side: taking a report in, saying how it stands, and counting ratings."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from urllib.parse import unquote, urlsplit

from cryptography.fernet import Fernet, InvalidToken

from syndicate.config.secrets import office_key
from syndicate.errors import InputError, NotAllowed, NotFound
from syndicate.flow.workspace import Workspace
from syndicate.model.calendar import working_days_after
from syndicate.model.feedback import FeedbackKind, Satisfaction
from syndicate.model.review import Actor, Role
from syndicate.records import audit, feedback
from syndicate.records.connection import one_transaction
from syndicate.records.feedback import FeedbackRecord, NewFeedback

PUBLIC = Actor("public", Role.SYSTEM, "system")
SHORTEST, LONGEST, LONGEST_CONTACT = 5, 2_000, 100
FORM_LIVES = timedelta(hours=24)
_PAGE = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*){0,9}")
_LONGEST_PAGE = 255
_HOME = "index.html"
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: nothing that is read aloud or copied by hand can be taken for something else."""
_RECEIPT_CHARACTERS = 16
_ALIKE = str.maketrans("OIL", "011")


@dataclass(frozen=True)
class Sent:
    """What somebody sent in, as it came."""

    kind: str
    page: str
    text: str
    contact: str
    form: str
    """The token of the form that was filled in."""


def own_page(workspace: Workspace, typed: str) -> str:
    """The path of one of our own pages, from a path or a whole address; empty for none. Raises InputError for others'."""
    typed = typed.strip()
    if not typed:
        return ""
    try:
        parts = urlsplit(typed[:2_000])
    except ValueError:
        raise InputError("feedback.foreign_page") from None
    site = urlsplit(workspace.snapshot.office.site_url)
    path = unquote(parts.path)
    if parts.netloc or parts.scheme:
        if parts.scheme not in ("http", "https") or parts.netloc.lower() != site.netloc.lower():
            raise InputError("feedback.foreign_page")
        path = path.removeprefix(site.path)
    path = path.removeprefix(f"{site.netloc}/").strip("/") or _HOME
    if not _PAGE.fullmatch(path) or len(path) > _LONGEST_PAGE:
        raise InputError("feedback.foreign_page")
    return path


def new_form(workspace: Workspace) -> str:
    """A token for one form: when it was made, and that we made it. The same words sent twice with it are one report."""
    made = f"{secrets.token_hex(12)}.{int(workspace.now().timestamp())}"
    return f"{made}.{_signature(workspace, made)}"


def receive(workspace: Workspace, sent: Sent) -> str:
    """Take a report in; returns the receipt, which nobody else can guess and we do not keep.

    Raises InputError for what cannot be taken, NotAllowed where the day's limit is reached.
    """
    text, contact = plain(sent.text), " ".join(plain(sent.contact).split())
    if sent.kind not in set(FeedbackKind):
        raise InputError("feedback.no_kind")
    if not SHORTEST <= len(text) <= LONGEST:
        raise InputError("feedback.length", shortest=SHORTEST, longest=LONGEST, length=len(text))
    if len(contact) > LONGEST_CONTACT:
        raise InputError("feedback.contact_length", longest=LONGEST_CONTACT)
    page = own_page(workspace, sent.page)
    _check_form(workspace, sent.form)
    receipt = _receipt(workspace, sent.form, sent.kind, page, text, contact)
    now, rules, calendar = workspace.now(), workspace.snapshot.feedback, workspace.snapshot.calendar
    if feedback.received_since(datetime.combine(now.date(), time.min, now.tzinfo)) >= rules.daily_most:
        raise NotAllowed("feedback.full", telephone=workspace.snapshot.office.telephone)
    new = NewFeedback(
        kind=FeedbackKind(sent.kind),
        page=page,
        item=_item(workspace, page),
        text=text,
        contact=_cipher(workspace).encrypt(contact.encode()) if contact else None,
        receipt_hash=_hash(receipt),
        received_at=now,
        pass_on_due_at=working_days_after(now, rules.pass_on_within, calendar),
        answer_due_at=working_days_after(now, rules.answer_within, calendar),
    )
    with one_transaction():
        kept, made = feedback.add(new)
        if made:
            data = {"kind": kept.kind, "page": kept.page}
            audit.append(PUBLIC, "feedback.received", f"feedback:{kept.id}", data, now)
    return shown_receipt(receipt)


def shown_receipt(receipt: str) -> str:
    """A receipt as people write it down, in groups of four."""
    return "-".join(receipt[start : start + 4] for start in range(0, len(receipt), 4))


def look_up(typed: str) -> FeedbackRecord:
    """The report of a receipt, typed in any way people write it down. Raises NotFound."""
    receipt = re.sub(r"[\s-]", "", typed[:100]).upper().translate(_ALIKE)
    found = feedback.by_receipt(_hash(receipt)) if len(receipt) == _RECEIPT_CHARACTERS else None
    if found is None:
        raise NotFound("feedback.no_receipt")
    return found


def rate(workspace: Workspace, page: str, choice: str) -> None:
    """Count one rating of a page. Raises InputError for a choice or a page that we do not have."""
    if choice not in set(Satisfaction):
        raise InputError("feedback.no_choice")
    known = rated_page(workspace, page)
    with one_transaction():
        feedback.rate(workspace.now().date(), known, Satisfaction(choice))


def rated_page(workspace: Workspace, typed: str) -> str:
    """Which page a rating counts for: an article, else its column, else the home page, so that none can be invented."""
    page = own_page(workspace, typed) or _HOME
    if _item(workspace, page) is not None:
        return page
    column = page.partition("/")[0]
    return f"{column}/{_HOME}" if column in workspace.snapshot.columns else _HOME


def contact_of(workspace: Workspace, number: int) -> str:
    """What the sender left to be reached by; empty for nothing. Raises InputError for what another key encrypted."""
    found = feedback.contact_of(number)
    if found is None:
        return ""
    try:
        return _cipher(workspace).decrypt(found).decode()
    except InvalidToken:
        raise InputError("feedback.contact_sealed") from None


def _item(workspace: Workspace, page: str) -> int | None:
    website = workspace.website()
    return feedback.site_item(website.id, page) if website and page else None


def plain(text: str) -> str:
    """Text as it was typed, without what nobody can type: control characters, marks of direction, halves of pairs."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join("".join(one for one in line if one.isprintable() or one == "　") for line in lines).strip()


def _check_form(workspace: Workspace, token: str) -> None:
    made, _, signature = token.rpartition(".")
    at = made.rpartition(".")[2]
    signed = hmac.compare_digest(_signature(workspace, made).encode(), signature.encode("utf-8", "replace"))
    if not signed or workspace.now().timestamp() - int(at) > FORM_LIVES.total_seconds():
        raise InputError("feedback.form_outdated")


def _signature(workspace: Workspace, made: str) -> str:
    return hmac.new(_key(workspace, "forms"), made.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]


def _receipt(workspace: Workspace, *sent: str) -> str:
    """The receipt of what was sent: a form that a browser brought back and that says something else is another report."""
    digest = hmac.digest(_key(workspace, "receipts"), json.dumps(sent).encode(), "sha256")
    number = int.from_bytes(digest[:10], "big")
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in range(_RECEIPT_CHARACTERS))


def _hash(receipt: str) -> str:
    return hashlib.sha256(receipt.encode("utf-8", "replace")).hexdigest()


def _cipher(workspace: Workspace) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_key(workspace, "contacts")))


def _key(workspace: Workspace, purpose: str) -> bytes:
    return hashlib.sha256(f"syndicate feedback {purpose}".encode() + office_key(workspace.home)).digest()
