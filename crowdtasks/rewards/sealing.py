"""Voucher codes and collection codes at rest: encrypted, with a keyed digest for uniqueness.

Keys come from the environment, the newest first (``KAIFONG["VOUCHER_KEYS"]``): the first seals, all
of them open, so that a key is changed without a pause (``manage.py rotate_voucher_keys``). The
digest is made with a key derived from the pepper, which never changes.

A code in memory is a ``Code``: printed, logged or shown in a traceback it says nothing. ``reveal``
is called where a code is shown to its owner, and where it is sealed; nowhere else.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.views.decorators.debug import sensitive_variables

#: The longest code there is, and how long its sealed form may get (Fernet, base64).
CODE_MAXIMUM = 64
SEALED_MAXIMUM = 255
_DIGEST_LABEL = b"kaifong.rewards.code"


class Unsealable(Exception):
    """No key opens it, or it opens to another code than the row's: says nothing of the code."""


class Code:
    """A secret text that shows itself to nobody but who calls ``reveal``."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The code itself."""
        return self._text

    def __str__(self) -> str:
        return "[code]"

    __repr__ = __str__

    def __reduce__(self) -> str:
        raise TypeError("A code is not written anywhere.")


@lru_cache(maxsize=4)
def _rings(keys: tuple[str, ...]) -> tuple[Fernet, MultiFernet]:
    ring = [Fernet(key) for key in keys]
    return ring[0], MultiFernet(ring)


def _ring() -> tuple[Fernet, MultiFernet]:
    return _rings(tuple(settings.KAIFONG["VOUCHER_KEYS"]))


@sensitive_variables()
def seal(code: Code) -> str:
    """The code encrypted with the newest key."""
    return _ring()[0].encrypt(code.reveal().encode()).decode("ascii")


@sensitive_variables()
def unseal(sealed: str, expected: str) -> Code:
    """The code of a row, checked against its digest, so that two rows cannot change places.

    Raises ``Unsealable``.
    """
    try:
        code = Code(_ring()[1].decrypt(sealed.encode("ascii")).decode())
    except (InvalidToken, UnicodeError):
        raise Unsealable("No key of this installation opens it.") from None
    if not hmac.compare_digest(digest(code), expected):
        raise Unsealable("It opens to a code that is not the row's.")
    return code


def is_newest(sealed: str) -> bool:
    """Whether the newest key alone opens it."""
    try:
        _ring()[0].decrypt(sealed.encode("ascii"))
    except InvalidToken:
        return False
    return True


def resealed(sealed: str) -> str:
    """The same under the newest key. Raises ``Unsealable``."""
    try:
        return _ring()[1].rotate(sealed.encode("ascii")).decode("ascii")
    except InvalidToken:
        raise Unsealable("No key of this installation opens it.") from None


@sensitive_variables()
def digest(code: Code) -> str:
    """64 hexadecimal digits that are the same for the same code, and tell nobody which it is."""
    pepper = settings.KAIFONG["PERSON_KEY_PEPPER"].encode()
    key = hmac.new(pepper, _DIGEST_LABEL, hashlib.sha256).digest()
    return hmac.new(key, code.reveal().encode(), hashlib.sha256).hexdigest()
