"""Which addresses a build may be tried at.

Officers type them and citizens follow them; the server never does, so nothing is looked up. What
can be told from the address alone is refused: other schemes, names and numbers of private networks,
and names with a password in them. Hosts are read as browsers read them (WHATWG URL Standard, host
parsing): a name whose last part is a number is an IPv4 address however it is written.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from core.exceptions import Invalid

LENGTH = 500
#: Names that are never public: RFC 6761, 6762, 7686, 8375, 9476, ICANN's .internal, and the usual
#: names of office networks.
_NEVER_PUBLIC = frozenset(
    (
        *("alt", "arpa", "example", "internal", "invalid", "local", "localhost", "onion", "test"),
        *("corp", "home", "intranet", "lan", "localdomain", "private"),
    )
)
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
#: The only IPv6 addresses that IANA gives out for the public network: what lies outside of them is
#: of a site (fec0::/10), leads to an IPv4 address inside (64:ff9b::/96, ::/96) or is nobody's yet.
_ALLOCATED = ipaddress.ip_network("2000::/3")
#: For documentation (RFC 9637), which Python 3.11 does not know of.
_EXAMPLES = ipaddress.ip_network("3fff::/20")
_WHERE = _("The address must be of a public web server: no private network, no bare number.")


def check_link(text: str, *, field: str = "builds") -> str:
    """The address as it is kept. Raises ``Invalid`` with what is wrong with it."""
    link = text.strip()
    if len(link) > LENGTH or any(ch <= " " or ch in '\\<>"`\x7f' for ch in link):
        raise Invalid(_("This is no web address."), field=field, code="link")
    try:
        parts = urlsplit(link)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Invalid(_("This is no web address."), field=field, code="link") from None
    if parts.scheme != "https":
        raise Invalid(_("The address must begin with https://."), field=field, code="scheme")
    if "@" in parts.netloc:
        raise Invalid(
            _("The address must not carry a name or a password."), field=field, code="credentials"
        )
    if port == 0 or not is_public_host(host):
        raise Invalid(_WHERE, field=field, code="private")
    return link


def is_public_host(host: str) -> bool:
    """Whether the host can be one that everybody reaches, as far as its name tells."""
    if ":" in host:
        return _is_public_address(host)
    try:
        name = host.rstrip(".").encode("idna").decode().lower()
    except UnicodeError:
        return False
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return _is_public_address(name)
    return (
        len(labels) > 1
        and len(name) <= 253
        and all(_LABEL.fullmatch(label) for label in labels)
        and labels[-1] not in _NEVER_PUBLIC
    )


def _is_public_address(text: str) -> bool:
    """Only as four plain numbers or as IPv6: other ways to write one serve to hide it.

    A zone is of one machine alone.
    """
    if "%" in text:
        return False
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.sixtofour
        if found not in _ALLOCATED or found in _EXAMPLES or (inner and not inner.is_global):
            return False
    return found.is_global and not found.is_multicast
