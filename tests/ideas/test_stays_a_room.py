"""Nothing below the rooms names this one (besides the import contract)."""

import re

import pytest

from tests.architecture.sources import ROOT

BELOW = (
    "site/participation",
    "moderation",
    "site/notifications",
    "feedback",
    "site/questionnaires",
)
NAMED = re.compile(
    r"\bcontests?\b|\bContest[A-Z]\w*|\bideas\.(models|actions|views)", re.IGNORECASE
)


@pytest.mark.parametrize("folder", BELOW)
def test_nothing_here_names_a_contest(folder: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".txt", ".js"} and "migrations" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if NAMED.search(line)
    ]
    assert found == []
