"""Production's channel layer carries a message to another process."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import pytest

from core.schedule import run_due

LISTENER = """
import asyncio, sys
from channels_redis.pubsub import RedisPubSubChannelLayer

async def listen():
    layer = RedisPubSubChannelLayer(hosts=[sys.argv[1]])
    channel = await layer.new_channel()
    await layer.group_add("e.test", channel)
    print("listening", flush=True)
    message = await asyncio.wait_for(layer.receive(channel), 30)
    print(message["text"], flush=True)
    await layer.flush()

asyncio.run(listen())
"""


def test_a_message_reaches_another_process():
    url = os.environ.get("REDIS_URL")
    if not url:
        pytest.skip("REDIS_URL is not set: scripts/services run -- pytest")
    from channels_redis.pubsub import RedisPubSubChannelLayer

    listener = subprocess.Popen(
        [sys.executable, "-c", LISTENER, url], stdout=subprocess.PIPE, text=True
    )
    try:
        assert listener.stdout is not None
        assert listener.stdout.readline() == "listening\n"

        async def send() -> None:
            layer = RedisPubSubChannelLayer(hosts=[url])
            await layer.group_send("e.test", {"type": "note", "text": "3 new"})

        asyncio.run(send())
        assert listener.stdout.readline() == "3 new\n"
        assert listener.wait(30) == 0
    finally:
        listener.kill()
        listener.communicate()


@pytest.mark.django_db
def test_the_schedule_command_runs_what_is_due_once():
    from io import StringIO

    from django.core.management import call_command

    out = StringIO()
    call_command("run_schedule", "--once", stdout=out)
    assert out.getvalue().split()
    assert run_due() == []
