"""What the schedule does for search, at once, in the platform's own data."""

from __future__ import annotations

from typing import Any


def clock() -> dict[str, Any]:
    """What comes each minute: tell Elasticsearch what waits, build its index where it is gone.

    After the platform's own worker, where that is at it.
    """
    import time

    from core.alone import Taken, alone
    from search.tasks import CATCHING_UP, _caught_up

    for _moment in range(300):
        try:
            with alone(CATCHING_UP):
                _caught_up()
                return {}
        except Taken:
            time.sleep(0.1)
    raise AssertionError("Somebody is catching up for half a minute.")


def differences() -> dict[str, Any]:
    """What ``search_reconcile --check`` prints last, and what rows and acts differ in."""
    from io import StringIO

    from django.core.management import call_command

    from search import writing

    said = StringIO()
    call_command("search_reconcile", "--check", stdout=said)
    return {"said": said.getvalue().splitlines()[-1], "rows": writing.differences()}
