"""Where a sign-in may lead afterwards: a path of this very site, or home."""

import re
from urllib.parse import unquote, urlsplit

# Anything a browser drops or turns while reading an address: controls, blanks, backslashes.
_TRICKS = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029\ufeff]")
_LONGEST = 2000
_ROUNDS = 3
#: Pages that make no sense after signing in.
_NOT_AFTER = re.compile(r"/(?:[a-z-]+/)?account/sign-(?:in|out)(?:/|\Z|\?)")


def safe_next(value: object, default: str = "") -> str:
    """``value`` if it is a plain path of this site (with query), else ``default`` (A10).

    Refused: other hosts in every spelling (``//evil``, ``/\\evil``, ``/%09/evil``, ``https:evil``),
    schemes, absolute addresses even of this host, and the sign-in pages themselves.
    """
    if not isinstance(value, str) or len(value) > _LONGEST or _TRICKS.search(value):
        return default
    path = value.partition("#")[0].partition("?")[0]
    try:
        parts = urlsplit(value)
    except ValueError:
        return default
    plain = _stays_plain(path) and not parts.scheme and not parts.netloc
    return value if plain and not _NOT_AFTER.match(parts.path) else default


def _stays_plain(path: str) -> bool:
    """Whether the path is one of this site however often something on the way decodes it."""
    for _round in range(_ROUNDS):
        if not path.startswith("/") or path.startswith("//") or _TRICKS.search(path):
            return False
        decoded = unquote(path)
        if decoded == path:
            return True
        path = decoded
    return False
