"""The tree's traps: site/ is a source root, files stay small, what is installed is pinned."""

from __future__ import annotations

import json
import os
import re
import subprocess

import pytest

from tests.architecture.sources import APPS, ROOT, modules, package_of

LONGEST = 500


def test_site_is_a_source_root_and_never_a_package():
    # Python's standard library owns the name `site`.
    assert not (ROOT / "site" / "__init__.py").exists()
    assert not (ROOT / "site.py").exists()


def test_no_tool_may_ignore_or_wipe_site():
    ignored = (ROOT / ".gitignore").read_text().split()
    assert not {"site", "site/", "/site", "/site/"} & set(ignored)
    # mkdocs builds into site/ and wipes it first.
    assert not (ROOT / "mkdocs.yml").exists()


def test_files_stay_of_one_thing():
    long = [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for path in modules()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    ]
    assert long == []


def test_every_app_is_in_the_import_contract():
    contract = (ROOT / "pyproject.toml").read_text()
    roots = contract.split("root_packages")[1].split("]")[0]
    containers = contract.split("\ncontainers")[1].split("]")[0]
    for app in APPS:
        name = package_of(app)
        assert f'"{name.partition(".")[0]}"' in roots, app
        assert name == "config" or f'"{name}"' in containers, app


@pytest.mark.parametrize("name", ["requirements", "requirements-dev", "requirements-node"])
def test_requirements_are_pinned_with_hashes(name):
    text = (ROOT / f"{name}.txt").read_text()
    entries = [entry for entry in re.split(r"\n(?=\S)", text.strip()) if entry]
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9][a-z0-9._\-]*(\[[a-z,]+\])?==\S+", entry), entry[:80]
        assert "--hash=sha256:" in entry, entry[:80]
    direct = {
        re.split(r"[<>=\[ ]", line)[0].lower()
        for line in (ROOT / f"{name}.in").read_text().splitlines()
        if line and not line.startswith(("#", "-"))
    }
    pinned = {re.split(r"[=\[ ]", entry)[0] for entry in entries}
    assert direct <= pinned


def test_development_pins_agree_with_the_runtime_pins():
    def pins(name: str) -> dict[str, str]:
        found = re.findall(r"^([a-z0-9._\-]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE)
        return dict(found)

    runtime, dev = pins("requirements.txt"), pins("requirements-dev.txt")
    assert {name for name in runtime.keys() & dev.keys() if runtime[name] != dev[name]} == set()


def test_no_lock_names_a_registry():
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-node.txt"):
        assert "://" not in (ROOT / name).read_text(), name
    lock = json.loads((ROOT / "package-lock.json").read_text())
    for name, entry in lock["packages"].items():
        assert "resolved" not in entry, name
        assert not name or entry.get("integrity"), name


def test_npm_packages_are_pinned_exactly():
    package = json.loads((ROOT / "package.json").read_text())
    for group in ("dependencies", "devDependencies"):
        for name, version in package[group].items():
            assert re.fullmatch(r"\d+\.\d+\.\d+", version), name


def test_ci_runs_the_command_of_the_readme_with_nothing_skipped():
    run = ROOT / ".ci" / "run"
    assert os.access(run, os.X_OK)
    text = run.read_text()
    assert "CI=true" in text
    assert "make test" in text


def test_make_lists_every_command_it_has():
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in ("serve", "test", "test-long", "bench", "lint", "types", "messages", "clean"):
        assert f"make {name} " in said.stdout
