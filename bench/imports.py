"""(d) A real conversation of 49,997 votes, imported into SQLite by the command."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from bench.server import ROOT, table


def run() -> None:
    """Run the command as a process of its own; its time and its largest memory."""
    data = Path(os.environ.get("KAIFONG_DATA") or ROOT.parent / "shared" / "data")
    folder = data / "polis" / "vtaiwan.uberx"
    if not folder.exists():
        print(f"Import: skipped, {folder.name} is not there (KAIFONG_DATA names where it is).\n")
        return
    began = time.perf_counter()
    command = [sys.executable, "manage.py", "import_polis", str(folder), "--bureau", "TD"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    last = process.stdout.read().strip().splitlines()[-1:]
    _pid, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit("The import failed.")
    print(f"Import of vtaiwan.uberx on SQLite: {last[0]}")
    table(
        ["seconds", "of CPU", "peak MB", "aim"],
        [
            [
                f"{seconds:.1f}",
                f"{usage.ru_utime + usage.ru_stime:.1f}",
                f"{usage.ru_maxrss / 1024:.0f}",
                "under 15 s, under 300 MB",
            ]
        ],
    )
