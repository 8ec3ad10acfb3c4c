"""The control: a worker that forgets what waits for Elasticsearch before it has told it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.processes.settings")

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from search import feeding  # noqa: E402
from search.models import SearchChange  # noqa: E402

_tell = feeding._tell


def _forget_and_tell(client: Any, versions: Mapping[int, int]) -> dict[int, str]:
    SearchChange.objects.filter(pk__in=list(versions.values())).delete()
    return _tell(client, versions)


feeding._tell = _forget_and_tell
call_command("db_worker", "--queue-name", "*", "--no-reload", "--batch")
