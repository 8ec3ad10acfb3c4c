"""The import contract holds, and would say so if it did not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

from tests.architecture.sources import ROOT

PACKAGES = (
    "config",
    "core",
    "accounts",
    "notifications",
    "participation",
    "moderation",
    "consultations",
    "ideas",
    "crowdtasks",
    "feedback",
    "search",
)
COUNTS_VOTES = ("votes", "ballots", "tally", "results", "statements")
POINTS = ("points", "ledger", "rewards", "vouchers")


def contract(root: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter as CI does, over the tree at ``root``."""
    program = Path(sys.executable).parent / "lint-imports"
    env = {**os.environ, "PYTHONPATH": str(root / "site")}
    return subprocess.run(
        [str(program), "--no-cache"], cwd=root, env=env, capture_output=True, text=True, check=False
    )


def copy_tree(target: Path) -> None:
    """Copy what the contract reads: our Python files and its table."""
    shutil.copy(ROOT / "pyproject.toml", target)
    for path in (ROOT / "site").iterdir():
        if (path / "__init__.py").exists():
            copy_package(path, target / "site" / path.name)
    for path in ROOT.iterdir():
        if path.name != "tests" and (path / "__init__.py").exists():
            copy_package(path, target / path.name)


def copy_package(source: Path, target: Path) -> None:
    """Copy the Python files of one package."""

    def others(folder: str, names: list[str]) -> list[str]:
        return [n for n in names if not n.endswith(".py") and not (Path(folder) / n).is_dir()]

    shutil.copytree(source, target, ignore=others)


def test_arrows_only_point_down():
    done = contract(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("site/core/planted.py", "import accounts.models"),
        ("consultations/planted.py", "import ideas"),
        ("moderation/planted.py", "import participation.models"),
        ("site/participation/querysets.py", "import participation.actions"),
    ],
)
def test_an_upward_import_is_caught(tmp_path, file, line):
    copy_tree(tmp_path)
    with (tmp_path / file).open("a") as source:
        source.write(f"\n{line}\n")
    done = contract(tmp_path)
    assert done.returncode != 0
    assert "BROKEN" in done.stdout


def paths_to_influence(graph: grimp.ImportGraph) -> list[tuple[str, ...]]:
    """Every way from a module that counts votes to one that holds points."""

    def named(words: tuple[str, ...]) -> set[str]:
        return {
            module for module in graph.modules if any(part in words for part in module.split("."))
        }

    found = []
    for counting in sorted(named(COUNTS_VOTES)):
        for points in sorted(named(POINTS)):
            chain = graph.find_shortest_chain(importer=counting, imported=points)
            if chain:
                found.append(tuple(chain))
    return found


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """Who imports whom among our packages."""
    return grimp.build_graph(*PACKAGES, cache_dir=None)


def test_no_path_leads_from_points_to_influence(graph):
    counting = [m for m in graph.modules if m.split(".")[-1] in COUNTS_VOTES]
    assert counting, "nothing counts votes any more: mend COUNTS_VOTES"
    assert paths_to_influence(graph) == []


def test_a_path_from_points_to_influence_would_be_found(graph):
    planted = grimp.ImportGraph()
    for importer, imported in (
        ("participation.votes", "participation.weights"),
        ("participation.weights", "crowdtasks.points.balances"),
    ):
        planted.add_import(importer=importer, imported=imported)
    assert paths_to_influence(planted) == [
        ("participation.votes", "participation.weights", "crowdtasks.points.balances")
    ]


def test_ledger_and_rewards_know_no_campaign(graph):
    """What campaigns stand on names none; the ledger does not name rewards either (linter)."""
    below = ("crowdtasks.ledger", "crowdtasks.rewards")
    upward = [
        (module, imported)
        for module in sorted(graph.modules)
        if module.startswith(below)
        for imported in sorted(graph.find_modules_directly_imported_by(module))
        if imported.startswith("crowdtasks.") and not imported.startswith(below)
    ]
    assert upward == []


def test_only_search_knows_elasticsearch():
    external = grimp.build_graph(*PACKAGES, include_external_packages=True, cache_dir=None)
    for name in ("elasticsearch", "elasticsearch_dsl"):
        if name in external.modules:
            users = external.find_modules_that_directly_import(name)
            assert {user.split(".")[0] for user in users} <= {"search"}


def test_models_and_actions_know_neither_sockets_nor_the_api():
    external = grimp.build_graph(*PACKAGES, include_external_packages=True, cache_dir=None)
    for name in ("channels", "ninja"):
        if name in external.modules:
            users = external.find_modules_that_directly_import(name)
            assert [u for u in users if u.split(".")[1:2] in (["models"], ["actions"])] == []
