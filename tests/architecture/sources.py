"""Which files are ours, for the tests that read them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = (
    "site/config",
    "site/core",
    "site/accounts",
    "site/notifications",
    "site/participation",
    "site/questionnaires",
    "moderation",
    "consultations",
    "ideas",
    "crowdtasks",
    "crowdtasks/ledger",
    "crowdtasks/rewards",
    "crowdtasks/products",
    "crowdtasks/panel",
    "crowdtasks/findings",
    "feedback",
    "search",
)
EDGES = ("urls", "views", "api", "consumers", "wagtail_hooks")


def package_of(app: str) -> str:
    """The name it is imported by: ``crowdtasks/ledger`` is ``crowdtasks.ledger``."""
    return app.removeprefix("site/").replace("/", ".")


def app_of(path: Path) -> str:
    """The app a file belongs to: the innermost, where an app lies within another."""
    return max((app for app in APPS if path.is_relative_to(ROOT / app)), key=len)


def modules(*names: str) -> Iterator[Path]:
    """Every Python file of our apps but migrations; only of the named parts when any is named.

    A part is a module or a package of an app: ``views`` is ``views.py`` and ``views/*.py``.
    """
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            parts = path.relative_to(ROOT / app).with_suffix("").parts
            if "migrations" in parts or app_of(path) != app:
                continue
            if not names or parts[0] in names:
                yield path


def templates() -> list[Path]:
    """Every template of ours."""
    folders = [ROOT / "site" / "templates", *((ROOT / app) / "templates" for app in APPS)]
    return sorted(path for folder in folders for path in folder.rglob("*.html"))


def parse(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def place(path: Path, node: ast.AST) -> str:
    """Where a finding is, as one clicks it."""
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
