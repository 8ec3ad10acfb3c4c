"""What the scripts share: where things are, stamps, and a failure that names cause and cure.

Standard library only: these scripts run before anything of ours is installed.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
VAR = ROOT / "var"
LAST_LINES = 25


def say(message: str) -> None:
    """Print one line of progress at once, also when the output is a pipe."""
    print(message, flush=True)


def fail(cause: str, cure: str = "") -> NoReturn:
    """End the script with status 1, saying what went wrong and what mends it."""
    print(f"\nStopped: {cause}", file=sys.stderr, flush=True)
    if cure:
        print(f"To mend it: {cure}", file=sys.stderr, flush=True)
    raise SystemExit(1)


def digest(paths: Iterable[Path], *, extra: str = "") -> str:
    """Return one digest over the names and contents of the files below ``paths``."""
    total = hashlib.sha256(extra.encode())
    for path in sorted(paths):
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            if file.exists():
                total.update(str(file.relative_to(ROOT)).encode() + b"\0")
                total.update(file.read_bytes() + b"\0")
    return total.hexdigest()


def fresh(stamp: Path, value: str) -> bool:
    """Say whether the stamp file already holds ``value``, so that the work can be skipped."""
    return stamp.exists() and stamp.read_text().strip() == value


def write_stamp(stamp: Path, value: str) -> None:
    """Remember that the work for ``value`` is done; called only after it succeeded."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(value + "\n")


def run_quietly(
    command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, cwd: Path = ROOT
) -> tuple[int, str]:
    """Run a command, keep its output to itself; return its status and its last lines."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=dict(env) if env is not None else None,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return done.returncode, "\n".join(done.stdout.strip().splitlines()[-LAST_LINES:])


def explain(output: str) -> tuple[str, str]:
    """Guess cause and cure from the output of a failed installer."""
    low = output.lower()
    if "no space left" in low or "errno 28" in low:
        return "the disk is full.", "free about 2 GB, then run the same command again."
    if "hashes" in low and "match" in low:
        return (
            "a downloaded package does not have the pinned hash.",
            "do not go on with it: check the package source, then run the same command again.",
        )
    signs = ("temporary failure in name resolution", "connection", "timed out", "enotfound")
    signs += ("eai_again", "network", "could not find a version", "no matching distribution")
    if any(sign in low for sign in signs):
        return (
            "the package registry could not be reached.",
            "check the network (a proxy is read from HTTPS_PROXY), then run the same command "
            "again; what is installed already is kept.",
        )
    return "an installer failed; its last lines are above.", "mend what they name and run again."


def venv_python() -> Path:
    """Return the interpreter of our own environment."""
    return VENV / "bin" / "python"


def base_env(**more: str) -> dict[str, str]:
    """Return the environment for our own processes: .venv first on PATH, source root found."""
    env = dict(os.environ)
    env["PATH"] = f"{VENV / 'bin'}{os.pathsep}{env.get('PATH', '')}"
    env["PYTHONPATH"] = str(ROOT / "site")
    env.pop("PYTHONHOME", None)
    # Images set it, to stay small. Here each process would compile every file of ours anew, and
    # each of pytest rewrite every test: ten seconds a process.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    env.update(more)
    return env
