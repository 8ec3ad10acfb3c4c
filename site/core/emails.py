"""E-mail addresses: what may be one, and the one form a person's key is made of.

Mail is only ever sent to the address as it was stored; the canonical form is for telling whether
two addresses are one person's, so it may be coarser than what a mail server would say.
"""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from core.exceptions import Invalid

EMAIL_MAXIMUM = 254
# Providers that read a.b@ and ab@ as one box, and the other names of the same provider.
_DOTLESS = {"gmail.com"}
_ALIASES = {"googlemail.com": "gmail.com"}
_ASCII = re.compile(r"[\x21-\x7e]+\Z")


def clean_email(value: object, *, field: str = "email") -> str:
    """The address as it is stored and mailed: trimmed, the domain in lower-case ASCII (IDNA).

    The local part is kept as typed but must be plain ASCII, so that no look-alike of another
    person's address can be made. Raises ``Invalid``.
    """
    fault = Invalid(_("Enter an e-mail address, like name@example.com."), field=field, code="email")
    if not isinstance(value, str) or len(value) > EMAIL_MAXIMUM + 64:
        raise fault
    local, at, domain = value.strip().rpartition("@")
    if not at or not _ASCII.match(local):
        raise fault
    if not domain.isascii():
        # A full-width or otherwise compatible form of another domain is refused, not translated:
        # it would reach somebody else's box.
        if unicodedata.normalize("NFKC", domain) != domain:
            raise fault
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            raise fault from None
    address = f"{local}@{domain.lower().rstrip('.')}"
    if len(address) > EMAIL_MAXIMUM:
        raise fault
    try:
        validate_email(address)
    except ValidationError:
        raise fault from None
    return address


def canonical_email(value: object, *, field: str = "email") -> str:
    """The form in which two spellings of one address are equal; raises ``Invalid``.

    Lower case, without ``+tag``, without the dots a provider ignores, with a provider's other
    names brought to one.
    """
    local, _at, domain = clean_email(value, field=field).rpartition("@")
    domain = _ALIASES.get(domain, domain)
    local = local.lower()
    plain = local.partition("+")[0]
    if plain:
        local = plain
    if domain in _DOTLESS:
        local = local.replace(".", "") or local
    return f"{local}@{domain}"
