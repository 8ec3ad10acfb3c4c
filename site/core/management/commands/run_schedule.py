"""``manage.py run_schedule``: the scheduler as a process of its own (production)."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand

from core import embedded, schedule


class Command(BaseCommand):
    """Any number of these may run: each job is taken by one of them."""

    help = "Run the periodic jobs when they are due, until SIGTERM; with --once what is due now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="run what is due now and end")

    def handle(self, *, once: bool, **options: Any) -> None:
        if once:
            for name in schedule.run_due():
                self.stdout.write(name)
            return
        ended = threading.Event()

        def end(number: int, frame: FrameType | None) -> None:
            ended.set()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, end)
        loop = embedded.Loop("schedule", embedded.run_schedule, pause=embedded.SCHEDULE_PAUSE)
        loop.start()
        ended.wait()
        loop.end(timeout=60)
