"""Claim codes of rounds: what the receipt of a try without an account shows.

A code is 80 bits in four groups of four characters. It is worked out from the reward's opaque id
with a key of the deployment, so that the receipt can show it again in the visit that sent the try;
kept is only its hash, under another key (ADR 51). Neither the table nor the address of a receipt
gives it away.
"""

from __future__ import annotations

import datetime as dt
import hmac

from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.keys import token_hash
from core.ids import CODE_ALPHABET, clean_code
from crowdtasks.products.models import Award
from participation.models import Engagement

LENGTH = 16
_GROUP = 4
_SALT = "crowdtasks.products.claim_code"
#: How long after the close a code can be used.
CLAIM_TIME = dt.timedelta(days=30)
#: How long after that its hash is kept, so that who is late reads why.
KEPT = dt.timedelta(days=30)


def _code(award: Award, secret: str | bytes) -> str:
    digest = salted_hmac(_SALT, award.public_id, secret=secret, algorithm="sha256").digest()
    number = int.from_bytes(digest[:10])
    letters = []
    for _place in range(LENGTH):
        number, index = divmod(number, len(CODE_ALPHABET))
        letters.append(CODE_ALPHABET[index])
    return "".join(reversed(letters))


def new_code(award: Award) -> str:
    """The code of a reward that is just made, without groups."""
    return _code(award, settings.SECRET_KEY)


def hash_of(code: str) -> str:
    """What is kept of a code."""
    return token_hash(f"claim:{code}")


def code_of(award: Award) -> str:
    """The code again, in groups; '' where it was erased or made under a key that is gone."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        code = _code(award, secret)
        if award.code_hash and hmac.compare_digest(hash_of(code), award.code_hash):
            return "-".join(code[at : at + _GROUP] for at in range(0, LENGTH, _GROUP))
    return ""


def clean_claim_code(text: str) -> str:
    """What somebody typed or pasted as a claim code, or '' where it cannot be one; look-alike
    letters, lower case, spaces and hyphens are forgiven as in a receipt's code."""
    return clean_code(text, length=LENGTH)


def claim_until(engagement: Engagement) -> dt.datetime | None:
    """From when on a code of this round is too late; None for one without a close."""
    if engagement.closes_at is None:
        return None
    return engagement.closes_at + CLAIM_TIME
