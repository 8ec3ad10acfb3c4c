"""Start-up checks: what must not run, with the sentence that says why and what to do."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from core.embedded import in_memory_layer


def asked_processes(environ: Mapping[str, str]) -> int:
    """Return how many web processes the environment asks for; 1 where it says nothing."""
    most = 1
    concurrency = environ.get("WEB_CONCURRENCY", "")
    if concurrency.isdigit():
        most = max(most, int(concurrency))
    found = re.search(r"(?:--workers[= ]|-w ?)(\d+)", environ.get("GUNICORN_CMD_ARGS", ""))
    if found:
        most = max(most, int(found.group(1)))
    return most


@register(Tags.compatibility)
def one_process_in_memory(
    app_configs: Sequence[Any] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Refuse the in-memory channel layer with several processes, or outside embedded mode."""
    if not in_memory_layer():
        return []
    faults: list[CheckMessage] = []
    processes = asked_processes(os.environ)
    if processes > 1:
        faults.append(
            Error(
                f"The in-memory channel layer works in one process; {processes} are asked for.",
                hint="Unset WEB_CONCURRENCY, or set REDIS_URL with the production settings.",
                id="core.E001",
            )
        )
    if not settings.KAIFONG.get("EMBEDDED"):
        faults.append(
            Error(
                "The in-memory channel layer belongs to embedded mode only.",
                hint="Set CHANNEL_LAYERS to channels_redis, as the production settings do.",
                id="core.E002",
            )
        )
    return faults


@register(Tags.security, deploy=True)
def pepper_is_a_secret(
    app_configs: Sequence[Any] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Refuse a guessable pepper: with it, anyone could compute who a person key belongs to."""
    if len(settings.KAIFONG.get("PERSON_KEY_PEPPER", "")) >= 32:
        return []
    return [
        Error(
            "PERSON_KEY_PEPPER is shorter than 32 characters.",
            hint="Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'",
            id="core.E003",
        )
    ]
