"""Refusals of the domain: what an action raises and every channel translates.

The page, the API, the socket and the CMS each turn one of these into their own answer; the
sentence is for people, ``code`` is for machines, ``status`` is the HTTP status, ``data`` is a
small JSON-ready dict for the channel (never personal data).
"""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A refusal with a sentence for people, a code for machines and an HTTP status."""

    default_message: str | Promise = _("This cannot be done.")
    default_code = "refused"
    default_status = 400

    def __init__(
        self,
        message: str | Promise | None = None,
        *,
        code: str | None = None,
        status: int | None = None,
        data: dict[str, Any] | None = None,
    ) -> None:
        self.message: str | Promise = self.default_message if message is None else message
        self.code = code or self.default_code
        self.status = status or self.default_status
        self.data: dict[str, Any] = dict(data or {})
        super().__init__(self.message)

    def __str__(self) -> str:
        """The sentence in the language active now (it may be lazily translated)."""
        return str(self.message)


class Invalid(DomainError):
    """What was sent cannot be taken as it is (422); ``field`` names the form field at fault.

    ``name`` is what programs call it, where that is another word than the form's.
    """

    default_message = _("Check what you entered.")
    default_code = "invalid"
    default_status = 422

    def __init__(
        self,
        message: str | Promise | None = None,
        *,
        field: str = "",
        name: str = "",
        code: str | None = None,
        status: int | None = None,
        data: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message, code=code, status=status, data=data)
        self.field = field
        self.name = name or field
        if field:
            self.data.setdefault("field", field)


class Refused(DomainError):
    """This person may not do this (403)."""

    default_message = _("You may not do this.")
    default_code = "refused"
    default_status = 403


class SignInNeeded(DomainError):
    """Nobody is signed in, and somebody must be (401)."""

    default_message = _("Sign in first.")
    default_code = "sign_in_needed"
    default_status = 401


class Absent(DomainError):
    """Not there, or hidden from this person: the two look the same on purpose (404)."""

    default_message = _("There is nothing at this address.")
    default_code = "absent"
    default_status = 404


class Conflict(DomainError):
    """Somebody else was first (409), or the same key came with another body (422)."""

    default_message = _("Somebody else changed this in the meantime.")
    default_code = "conflict"
    default_status = 409


class Closed(DomainError):
    """The phase does not allow this now: not yet open, closed, or paused (409)."""

    default_message = _("This is not open now.")
    default_code = "closed"
    default_status = 409


class TooMany(DomainError):
    """A limit is spent (429); ``retry_after`` is whole seconds, at least one."""

    default_message = _("Too many attempts. Wait a little and try again.")
    default_code = "too_many"
    default_status = 429

    def __init__(
        self,
        message: str | Promise | None = None,
        *,
        retry_after: int = 60,
        code: str | None = None,
        status: int | None = None,
        data: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message, code=code, status=status, data=data)
        self.retry_after = max(1, int(retry_after))
        self.data.setdefault("retry_after", self.retry_after)


class Unavailable(DomainError):
    """Something of ours is missing now (503): nothing is lost, and it can be tried again later."""

    default_message = _("This does not work at the moment. Nothing is lost. Try again later.")
    default_code = "unavailable"
    default_status = 503


class TooLarge(DomainError):
    """The body or file is over the limit (413)."""

    default_message = _("What you sent is too large.")
    default_code = "too_large"
    default_status = 413


class Overtaken(DomainError):
    """Others were writing the same at this moment, again and again (503); see ``core.again``."""

    default_message = _(
        "Others were writing at the same moment, and this step was not done. Nothing was lost: "
        "wait a second and press again."
    )
    default_code = "overtaken"
    default_status = 503
    #: Whole seconds.
    retry_after = 1
