"""The live numbers of one engagement. The socket only speaks; what it is told is nearly nothing.

Foreign origins are refused before this (``config.asgi``). A page that loses the socket polls
``live.json``, so every refusal here only costs a little freshness.
"""

import asyncio
import json
import time
import uuid
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from accounts.sockets import SIGNED_OUT, topics_of
from core import clock, limits, live
from core.exceptions import Absent, SignInNeeded
from participation import live as counts
from participation import socket_seats
from participation.access import access_engagement

#: Nothing a page has to say is long.
LONGEST = 64 * 1024
#: Messages in any ten seconds before the socket is closed.
MESSAGES, WINDOW = 20, 10.0

NOT_HERE, POLICY, NOT_JSON, TOO_BIG = 4404, 1008, 1003, 1009


class EngagementConsumer(AsyncWebsocketConsumer):
    """Says ``{"comments", "voters", "at"}`` at the start and at most every two seconds."""

    public_id = ""
    source = ""
    _name = ""
    _groups: Sequence[str] = ()
    _seat = ""
    _seated: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        """Let in readers of public engagements, a few from each address."""
        self.public_id = self.scope["url_route"]["kwargs"]["public_id"]
        self._pending: asyncio.Task[None] | None = None
        self._said: dict[str, Any] | None = None
        self._times: list[float] = []
        self.source = _source(self.scope)
        self._name = uuid.uuid4().hex
        try:
            self._seat = await database_sync_to_async(socket_seats.take)(self.source, self._name)
        except socket_seats.NoSeat:
            await self.close(code=POLICY)
            return
        self._seated = asyncio.create_task(self._stay_seated())
        now = await self._counts()
        if now is None:
            # Not every server says that a refused socket has gone.
            await self._stand_up()
            await self.close(code=NOT_HERE)
            return
        live.remember_loop()
        try:
            await self._join()
        except SignInNeeded:
            await self._leave()
            await self.close(code=SIGNED_OUT)
            return
        await self.accept()
        await self._say(now)
        # What was announced just before this socket came may hide a change just after: look once
        # more when that window is over.
        self._pending = asyncio.create_task(self._say_later())

    async def _join(self) -> None:
        """Listen to the engagement, and to the end of the reader's session where there is one."""
        topics = await database_sync_to_async(_own_topics)(self.scope)
        self._groups = [live.group_name(name) for name in [*topics, counts.topic(self.public_id)]]
        for group in self._groups:
            await self.channel_layer.group_add(group, self.channel_name)
        # What ended between reading the session and joining told nobody yet.
        if topics and await database_sync_to_async(_own_topics)(self.scope) != topics:
            raise SignInNeeded

    async def _leave(self) -> None:
        groups, self._groups = self._groups, ()
        for group in groups:
            await self.channel_layer.group_discard(group, self.channel_name)
        await self._stand_up()

    async def disconnect(self, code: int) -> None:
        """Leave no task, no membership and no count behind."""
        if self._pending is not None:
            self._pending.cancel()
        await self._leave()

    async def kaifong_hang_up(self, event: dict[str, Any]) -> None:
        """The reader signed out, or a right behind this socket has ended (W5)."""
        await self.close(code=SIGNED_OUT)

    async def _stay_seated(self) -> None:
        while True:
            await asyncio.sleep(socket_seats.KEEP_EVERY)
            await database_sync_to_async(socket_seats.keep)(self._seat, self._name)

    async def _stand_up(self) -> None:
        if self._seated is not None:
            self._seated.cancel()
        seat, self._seat = self._seat, ""
        await database_sync_to_async(socket_seats.leave)(seat, self._name)

    async def receive(
        self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any
    ) -> None:
        """Only ``{"type": "ping"}`` means anything; what cannot be read closes the socket."""
        if bytes_data is not None or text_data is None:
            await self.close(code=NOT_JSON)
            return
        if len(text_data.encode("utf-8", "surrogatepass")) > LONGEST:
            await self.close(code=TOO_BIG)
            return
        moment = time.monotonic()
        self._times = [past for past in self._times if past > moment - WINDOW][-MESSAGES:]
        self._times.append(moment)
        if len(self._times) > MESSAGES:
            await self.close(code=POLICY)
            return
        try:
            message = json.loads(text_data)
        except (ValueError, RecursionError):
            message = None
        if not isinstance(message, dict) or message.get("type") != "ping":
            await self.close(code=NOT_JSON)

    async def kaifong_announce(self, event: dict[str, Any]) -> None:
        """Something moved: say the counts once the window of this change is over."""
        if self._pending is None or self._pending.done():
            self._pending = asyncio.create_task(self._say_later())

    async def _say_later(self) -> None:
        # Longer by what counts are kept: those read then were counted after the window.
        await asyncio.sleep(counts.EVERY + counts.KEEP)
        self._pending = None
        now = await self._counts()
        if now is None:
            # It was taken from the public while somebody looked.
            await self.close(code=NOT_HERE)
        elif self._said is None or _numbers(now) != _numbers(self._said):
            await self._say(now)

    async def _say(self, now: dict[str, Any]) -> None:
        self._said = now
        await self.send(text_data=json.dumps(now))

    async def _counts(self) -> dict[str, Any] | None:
        return await database_sync_to_async(_counts)(self.public_id)


def _numbers(said: dict[str, Any]) -> dict[str, Any]:
    return {name: number for name, number in said.items() if name != "at"}


def _own_topics(scope: dict[str, Any]) -> list[str]:
    with clock.fresh_scope():
        return topics_of(scope)


def _counts(public_id: str) -> dict[str, Any] | None:
    with clock.fresh_scope():
        try:
            return counts.kept_counts(access_engagement(public_id))
        except Absent:
            return None


def _source(scope: dict[str, Any]) -> str:
    """The network address behind the socket, by the rules of ``limits.address``."""
    headers = {name.lower(): value for name, value in scope.get("headers", [])}
    client = scope.get("client") or ("", 0)
    meta = {
        "REMOTE_ADDR": client[0] or "",
        "HTTP_X_FORWARDED_FOR": headers.get(b"x-forwarded-for", b"").decode("latin-1"),
    }
    return limits.address(SimpleNamespace(META=meta))
