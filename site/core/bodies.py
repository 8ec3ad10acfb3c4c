"""Request bodies that are too large are refused before anything of them is kept (U3, C3).

Django looks at a body's size when a view reads it. Before that an ASGI server's whole body has been
written to a file, and the files of a multipart form count for nothing. So the size is judged twice:
``BodyGuard`` stands before Django under ASGI and reads no more than the limit,
``BodyLimitMiddleware`` answers, and alone refuses what a WSGI server announces.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.datastructures import MultiValueDict

from core import views
from core.languages import chosen_language, language_of_path

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

#: In the scope of a request whose body was refused; Django's request keeps the scope.
REFUSED = "kaifong.body_refused"
# A socket closed with unread bytes resets the connection, and the sender never sees the answer:
# this much more is read, and thrown away, for this long, while its bytes keep coming. A sender is
# gone after several quiet waits, not after one long one: a server that stood still itself for some
# seconds has seen one wait end, with the bytes there.
DRAIN_BYTES = 16 * 1024 * 1024
DRAIN_SECONDS = 30.0
QUIET_SECONDS = 1.0
QUIET_WAITS = 5
_ABOUT_THE_BODY = {b"content-length", b"transfer-encoding", b"expect"}


def limit_for(path: str) -> int:
    """How many bytes the body of a request to this path may have."""
    if path.startswith(tuple(settings.UPLOAD_PATHS)):
        return int(settings.UPLOAD_BODY_MAX_BYTES)
    if _takes_files(path):
        return int(settings.FILE_BODY_MAX_BYTES)
    if path.startswith("/cms/"):
        return int(settings.CMS_BODY_MAX_BYTES)
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0)


def _takes_files(path: str) -> bool:
    return any(re.search(pattern, path) for pattern in settings.FILE_FORM_PATHS)


class BodyLimitMiddleware:
    """Answers 413 for a body over the limit, in the language of the address, without reading it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Refuse, or pass on."""
        announced = str(request.META.get("CONTENT_LENGTH") or "0")
        over = announced.isdecimal() and int(announced) > limit_for(request.path_info)
        if not over and not getattr(request, "scope", {}).get(REFUSED):
            return self.get_response(request)
        # Whoever asks for the form, the page of the error too, finds it empty and reads nothing.
        vars(request).update(_post=QueryDict(), _files=MultiValueDict())
        language = language_of_path(request.path_info) or chosen_language(request)
        with translation.override(language):
            response = views.too_large(request)
        response.headers["Content-Language"] = language
        # CommonMiddleware, which sets it, stands behind this one.
        response.headers["Content-Length"] = str(len(response.content))
        return response


class _Counted:
    """A body as it streams in. Past the limit the sender is as good as gone: Django then drops
    what it has and answers nothing."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._left = limit
        self.over = False

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            self.over = True
            return {"type": "http.disconnect"}
        return message


class BodyGuard:
    """ASGI: refuses an announced length at once, and a streamed body at the limit's last byte."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is small enough; answer the rest by the same application, without body."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = limit_for(scope["path"])
        if _announced(scope) > limit:
            await self._refuse(scope, receive, send)
            return
        counted = _Counted(receive, limit)
        await self.app(scope, counted, send)
        if counted.over:
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [pair for pair in scope["headers"] if pair[0].lower() not in _ABOUT_THE_BODY]
        bare = {**scope, "headers": headers, REFUSED: True}
        empty: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

        async def receive_nothing() -> Message:
            if empty:
                return empty.pop()
            # What comes now is body: reading it to learn of a disconnect would be reading it.
            return await asyncio.Future()

        async def send_and_close(message: Message) -> None:
            if message["type"] == "http.response.start" and scope["http_version"] < "2":
                message = {**message, "headers": [*message["headers"], (b"connection", b"close")]}
            is_last = message["type"] == "http.response.body" and not message.get("more_body")
            if not is_last:
                await send(message)
                return
            # The answer is whole by its Content-Length; only its end waits.
            await send({**message, "more_body": True})
            await _drain(receive)
            await send({"type": "http.response.body", "body": b"", "more_body": False})

        await self.app(bare, receive_nothing, send_and_close)


def _announced(scope: Scope) -> int:
    lengths = [value for name, value in scope["headers"] if name.lower() == b"content-length"]
    return max((int(value) for value in lengths if value.isdigit()), default=0)


async def _drain(receive: Receive) -> None:
    loop = asyncio.get_running_loop()
    end, left, quiet = loop.time() + DRAIN_SECONDS, DRAIN_BYTES, 0
    coming: asyncio.Future[Message] = asyncio.ensure_future(receive())
    try:
        while left > 0 and quiet < QUIET_WAITS and loop.time() < end:
            await asyncio.wait({coming}, timeout=QUIET_SECONDS)
            if not coming.done():
                quiet += 1
                continue
            message = coming.result()
            if message["type"] != "http.request" or not message.get("more_body"):
                return
            left, quiet = left - len(message.get("body", b"")), 0
            coming = asyncio.ensure_future(receive())
    finally:
        coming.cancel()
