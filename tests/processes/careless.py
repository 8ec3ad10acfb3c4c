"""The control: the same pages by a server that commits half a redemption before it is killed."""

from __future__ import annotations

from django.db import connection

from config.asgi import application  # noqa: F401 - what uvicorn serves
from core import faults
from crowdtasks.rewards.actions import redeeming

HALFWAY = "redeem.written"


class _Careless:
    """In the place of ``core.faults`` there."""

    @staticmethod
    def point(name: str) -> None:
        if name == HALFWAY:
            with connection.cursor() as cursor:
                cursor.execute("COMMIT")
        faults.point(name)


redeeming.faults = _Careless  # type: ignore[assignment]
