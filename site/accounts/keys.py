"""Person keys: what makes two accounts one person (decision 5, product promise)."""

import hashlib
import hmac

from django.conf import settings


def person_key(issuer: str, subject: str) -> str:
    """HMAC-SHA256 of issuer and subject under the deployment's pepper, in hex (64 characters).

    A plain hash of an identity number could be enumerated in seconds; the pepper is what stands
    in the way. Issuers: ``email`` (subject: canonical address) or an identity provider's name.
    """
    pepper = settings.KAIFONG["PERSON_KEY_PEPPER"].encode()
    # Lengths are part of the message, so that no two pairs share one encoding.
    message = f"{len(issuer)}:{issuer}:{len(subject)}:{subject}".encode()
    return hmac.new(pepper, message, hashlib.sha256).hexdigest()


def token_hash(token: str) -> str:
    """How secrets sent by mail are kept: keyed, so a stolen table opens nothing."""
    pepper = settings.KAIFONG["PERSON_KEY_PEPPER"].encode()
    return hmac.new(pepper, b"token:" + token.encode(), hashlib.sha256).hexdigest()
