"""``manage.py serve_embedded``: the whole platform in this one process (``make serve``)."""

from __future__ import annotations

import datetime as dt
import os
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
import warnings
from argparse import ArgumentParser
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor

from core import embedded, jobs

READY_SECONDS = 60
SOCKET_BYTES = 64 * 1024


class Command(BaseCommand):
    """Migrates, sets up, loads the demo once, then serves until Ctrl-C or SIGTERM."""

    help = "Run pages, sockets, jobs and schedule in one process, for one machine."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, host: str, port: int, **options: Any) -> None:
        if not settings.KAIFONG["EMBEDDED"]:
            raise CommandError("serve_embedded needs the embedded settings (config.settings.dev).")
        try:
            embedded.claim_single_process()
        except ImproperlyConfigured as problem:
            raise CommandError(str(problem)) from problem
        self.check()
        listener = self._listen(host, port)
        new_database = self._is_new()
        try:
            self._prepare(new_database)
        except DatabaseError as problem:
            raise CommandError(
                f"The database {settings.DATABASES['default']['NAME']} refused: {problem}\n"
                "To mend it: check the space and the rights of the folder var/; if the file is "
                "damaged, put a copy back or move it away and start again."
            ) from problem
        self._serve(listener, f"http://{host}:{port}/")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _listen(self, host: str, port: int) -> socket.socket:
        """Take the port first: nothing is worth doing for a server that cannot listen."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as problem:
            listener.close()
            raise CommandError(
                f"Port {port} cannot be used: {problem.strerror}.\n"
                f"To mend it: choose another, such as: make serve PORT={port + 1}"
            ) from problem
        listener.set_inheritable(True)
        return listener

    def _is_new(self) -> bool:
        path = Path(str(settings.DATABASES["default"]["NAME"]))
        path.parent.mkdir(parents=True, exist_ok=True)
        return not path.exists()

    def _prepare(self, new_database: bool) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self._say("Migrating the database")
            call_command("migrate", verbosity=0, interactive=False)
        call_command("setup", "--defaults", stdout=self.stdout)
        marker = Path(settings.VAR_DIR) / "demo-loaded"
        if new_database:
            marker.unlink(missing_ok=True)
        wanted = os.environ.get("DEMO", "1") != "0"
        if wanted and not marker.exists() and "demo" in get_commands():
            self._say("Loading the demo (once; DEMO=0 leaves the site empty)")
            # Its accounts and addresses are told once everything answers.
            call_command("demo", stdout=self.stdout, verbosity=0)
            marker.write_text("The demo was loaded; manage.py demo --remove takes it away.\n")
        # No other worker can be running here: what is marked as running was cut off.
        jobs.reclaim(older_than=dt.timedelta(0))
        connections.close_all()

    def _serve(self, listener: socket.socket, address: str) -> None:
        # uvicorn raises the signal again after its orderly end; that second one is for nobody.
        ended: list[int] = []

        def note(number: int, frame: FrameType | None) -> None:
            ended.append(number)

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, note)
        server = uvicorn.Server(
            uvicorn.Config(
                "config.asgi:application",
                lifespan="off",
                log_level="warning",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=5,
                ws_max_size=SOCKET_BYTES,
            )
        )
        if ended:
            return
        # WhiteNoise streams files to both kinds of server; Django's advice is for views.
        warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume")
        running = embedded.loops()
        for loop in running:
            loop.start()
        threading.Thread(target=self._announce, args=(server, address), daemon=True).start()
        try:
            server.run(sockets=[listener])
        finally:
            for loop in running:
                loop.end()
            connections.close_all()
        if not server.started and not ended:
            raise CommandError("The server could not start; its message is above.")
        self._say("Ended.")

    def _announce(self, server: uvicorn.Server, address: str) -> None:
        """Say Ready only when the platform itself answers."""
        end = time.monotonic() + READY_SECONDS
        last = "no answer"
        while time.monotonic() < end and not server.should_exit:
            try:
                with urllib.request.urlopen(f"{address}healthz", timeout=5) as answer:  # noqa: S310
                    if answer.status == 200:
                        self._greet(address)
                        return
            except urllib.error.HTTPError as problem:
                last = f"status {problem.code}"
            except OSError as problem:
                last = str(problem)
            time.sleep(0.1)
        if not server.should_exit:
            self._say(f"Stopped: /healthz did not answer in {READY_SECONDS} s ({last}).")
            server.should_exit = True

    def _greet(self, address: str) -> None:
        demo = settings.KAIFONG.get("DEMO", {})
        accounts = get_user_model().objects.filter(email__endswith="@demo.example")
        emails = list(accounts.order_by("email").values_list("email", flat=True))
        connections.close_all()
        self._say("")
        if emails:
            self._say(f"Demo accounts (password of all: {demo.get('PASSWORD', '')}):")
            for email in emails:
                self._say(f"  {email}")
        for name, path in (
            ("English", "en/"),
            ("繁體", "zh-hant/"),
            ("简体", "zh-hans/"),
            ("CMS", "cms/"),
            ("Sent mail", "dev/mail/"),
        ):
            self._say(f"{name}: {address}{path}")
        self._say(f"Ready: {address}")
