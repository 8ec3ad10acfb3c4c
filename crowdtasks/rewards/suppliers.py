"""Outside suppliers of voucher codes: one small question, asked again with the same key.

    POST <url>   Idempotency-Key: <key>   Authorization: Bearer <token>
    {"product": "…"}            ->  200 or 201 {"code": "…"}
                                    410: for this key no code was made, and none will be

The same key always gets the same code, and a 410 is final for its key: that is what a supplier
promises. Anything else leaves unknown whether a code was made: ``Unknown``, to be asked again with
the same key. That holds for a time-out, a broken connection and an answer that cannot be read, and
for other statuses too: a 409 says that a request with this key is under way or was answered, a 422
that it came with another body before (draft-ietf-httpapi-idempotency-key-header, 2.7), a 404 that
the address is wrong. None of them says that there is no
code. Set up in ``KAIFONG["VOUCHER_SUPPLIERS"]``, by name:
``{"coffee": {"url": "https://…", "token": "…"}}``.
"""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from crowdtasks.rewards.codes_csv import fault_of
from crowdtasks.rewards.sealing import Code

#: Seconds for each step of a request, and the longest answer that is read.
TIMEOUT = 10.0
_LONGEST = 4_096
_NO = 410


class Unknown(Exception):
    """Nobody can say whether a code was given. ``why`` is a word of ours, never of the answer."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NoCode(Exception):
    """The supplier said that it gives none for this key."""


class Supplier(Protocol):
    """Whoever gives one code for a key, and the same code for the same key."""

    def code_for(self, *, key: str, product: str) -> Code:
        """Raises ``NoCode`` or ``Unknown``."""
        ...


@dataclass(frozen=True, slots=True)
class HttpSupplier:
    """A supplier asked over HTTP. No redirect is followed: the key and token go to one place."""

    url: str
    token: str = ""
    timeout: float = TIMEOUT

    @sensitive_variables()
    def code_for(self, *, key: str, product: str) -> Code:
        """One request. Raises ``NoCode`` or ``Unknown``."""
        status, body = self._ask(key, product)
        if status == _NO:
            raise NoCode
        if status not in {200, 201}:
            raise Unknown(f"status {status}")
        try:
            text = json.loads(body)["code"]
        except (ValueError, KeyError, TypeError):
            raise Unknown("answer") from None
        if not isinstance(text, str) or fault_of(text) is not None:
            raise Unknown("answer")
        return Code(text)

    @sensitive_variables()
    def _ask(self, key: str, product: str) -> tuple[int, bytes]:
        parts = urlsplit(self.url)
        kind = (
            http.client.HTTPSConnection if parts.scheme == "https" else (http.client.HTTPConnection)
        )
        connection = kind(parts.hostname or "", parts.port, timeout=self.timeout)
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            connection.request("POST", parts.path or "/", json.dumps({"product": product}), headers)
            answer = connection.getresponse()
            return answer.status, answer.read(_LONGEST)
        except (OSError, http.client.HTTPException) as error:
            raise Unknown(type(error).__name__) from None
        finally:
            connection.close()


def supplier_of(name: str) -> Supplier:
    """The supplier of that name. Raises ``Unknown`` where it is not set up (any more)."""
    found = settings.KAIFONG["VOUCHER_SUPPLIERS"].get(name)
    if found is None:
        raise Unknown("not set up")
    return HttpSupplier(**found)
