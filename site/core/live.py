"""Telling open pages that something changed. What is sent here may be lost; nothing depends on it.

A message goes to the group of its topic once the transaction has committed. A channel layer that
is down, full or slow is logged and forgotten: the write that announced stands, and the page asks
again by itself.
"""

from __future__ import annotations

import asyncio
import logging
import re
from typing import Any

from asgiref.sync import async_to_sync
from django.db import transaction

logger = logging.getLogger(__name__)

MESSAGE_TYPE = "kaifong.announce"
HANG_UP_TYPE = "kaifong.hang_up"
_TOPIC = re.compile(r"[A-Za-z0-9._-]{1,90}\Z")
_SEND_SECONDS = 2.0

# The loop the sockets of this process live on (embedded mode), see remember_loop.
_sockets_loop: asyncio.AbstractEventLoop | None = None


def remember_loop() -> None:
    """Called by a consumer when it connects: its loop is where in-memory messages must be put.

    The in-memory layer's queues belong to that loop; a thread of the job worker that put a message
    there from a loop of its own would not wake the reader.
    """
    global _sockets_loop  # noqa: PLW0603 - one loop a process, by construction
    _sockets_loop = asyncio.get_running_loop()


def group_name(topic: str) -> str:
    """The channel-layer group of a topic; a topic that is not a plain name raises ValueError."""
    if not _TOPIC.match(topic):
        raise ValueError(f"'{topic}' is not a topic: letters, digits, '.', '_', '-', at most 90.")
    return f"k.{topic}"


def announce(topic: str, payload: dict[str, Any]) -> None:
    """After commit, send ``payload`` (JSON-ready, nothing personal, no sealed count) to a topic.

    Consumers join ``group_name(topic)`` and receive
    ``{"type": "kaifong.announce", "topic": topic, "payload": payload}`` in the method
    ``kaifong_announce``. Never fails the write.
    """
    group = group_name(topic)
    message = {"type": MESSAGE_TYPE, "topic": topic, "payload": payload}
    transaction.on_commit(lambda: _send(group, message), robust=True)


def hang_up(topic: str) -> None:
    """After commit, close every socket of a topic (see ``accounts.sockets``).

    Consumers receive ``{"type": "kaifong.hang_up"}`` in the method ``kaifong_hang_up``. Never
    fails the write.
    """
    group = group_name(topic)
    transaction.on_commit(lambda: _send(group, {"type": HANG_UP_TYPE}), robust=True)


def _send(group: str, message: dict[str, Any]) -> None:
    try:
        from channels.layers import InMemoryChannelLayer, get_channel_layer

        layer = get_channel_layer()
        if layer is None:
            return
        loop = _sockets_loop
        if isinstance(layer, InMemoryChannelLayer) and loop is not None and loop.is_running():
            asyncio.run_coroutine_threadsafe(layer.group_send(group, message), loop)
            return

        async def send() -> None:
            await asyncio.wait_for(layer.group_send(group, message), _SEND_SECONDS)

        async_to_sync(send)()
    except Exception:
        logger.warning("A live message was not sent.", exc_info=True, extra={"group": group})
