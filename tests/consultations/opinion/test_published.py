"""Real conversations: our groups and consensus against the published ones."""

import csv
import os
import re
from pathlib import Path

import pytest
from django.conf import settings
from sklearn.metrics import adjusted_rand_score

from consultations.importing.polis_files import read_folder
from consultations.opinion.describing import consensus
from consultations.opinion.grouping import counts_by_group, find_groups

DATA = Path(os.environ.get("KAIFONG_DATA") or settings.BASE_DIR.parent / "shared" / "data")
NAMES = (
    "15-per-hour-seattle",
    "bg2050-volunteers",
    "london.youth.policing",
    "scoop-hivemind.freshwater",
    "scoop-hivemind.ubi",
    "vtaiwan.uberx",
)
pytestmark = pytest.mark.data


def folder_of(name: str) -> Path:
    folder = DATA / "polis" / name
    if not folder.is_dir():
        reason = f"{folder} is not there (KAIFONG_DATA)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def last_votes(folder: Path) -> tuple[list[tuple[int, int, int]], list[int]]:
    """(participant, comment, choice) by last vote, and the comments that were rejected."""
    conversation = read_folder(folder)
    ids = [int(each.import_id) for each in conversation.statements]
    last = {
        (int(conversation.voters[voter]), ids[statement]): choice
        for statement, voter, choice, _at in conversation.in_time_order()
    }
    rejected = [int(each.import_id) for each in conversation.statements if each.moderated == -1]
    return [(voter, statement, choice) for (voter, statement), choice in last.items()], rejected


def published_groups(folder: Path) -> dict[int, int]:
    return {
        int(row["participant"]): int(row["group-id"])
        for row in rows(folder / "participants-votes.csv")
        if row["group-id"]
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_documented_index_is_what_comes_out(name):
    folder = folder_of(name)
    votes, rejected = last_votes(folder)
    groups = find_groups(votes, set_aside=rejected)
    ours = {person: number for number, each in enumerate(groups.members) for person in each}
    theirs = published_groups(folder)
    both = sorted(set(ours) & set(theirs))
    index = adjusted_rand_score([theirs[each] for each in both], [ours[each] for each in both])
    text = (settings.BASE_DIR / "docs" / "opinion-groups.md").read_text(encoding="utf-8")
    (line,) = re.findall(rf"^\| {re.escape(name)} \|.*$", text, re.MULTILINE)
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert len(both) == int(cells[1].replace(",", ""))
    assert index == pytest.approx(float(cells[4]), abs=0.005)


def test_consensus_with_the_published_groups_is_the_published_column():
    folder = folder_of("bg2050-volunteers")
    votes, _rejected = last_votes(folder)
    groups: dict[int, list[int]] = {}
    for person, number in published_groups(folder).items():
        groups.setdefault(number, []).append(person)
    table = counts_by_group(votes, [groups[number] for number in sorted(groups)])
    published = {
        int(row["comment-id"]): float(row["group-informed-consensus"])
        for row in rows(folder / "comments.csv")
    }
    assert len(published) == 371
    empty = [(0, 0, 0)] * len(groups)
    worst = max(
        abs(consensus(table.get(statement, empty)) - wanted)
        for statement, wanted in published.items()
    )
    assert worst < 1e-9
