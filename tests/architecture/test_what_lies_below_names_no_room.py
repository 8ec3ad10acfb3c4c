"""What rooms stand on names no contest, no campaign and no points: neither in code nor in what
people read.

The import contract keeps modules apart; this keeps words apart, so that another room can stand on
the same ground. The contract does not see templates, scripts, catalogues or names in strings.
"""

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
READ = {".py", ".html", ".txt", ".js", ".css", ".po", ".json"}
#: The word itself in any form and language, the jury, the points, and the rooms' packages or
#: addresses. "Round" and "points" are everyday words too: a function of Python, a circle, the unit
#: of letters. They are found where they name ours: as a kind in quotes, a model, or what is earned.
NAMED = re.compile(
    r"contest|比賽|比赛|\bjury\b|\b(?:from|import) ideas\b|\bideas[.:]\w"
    r"|campaign|crowdtasks|積分|积分"
    r"|\brewards?\b|\bfindings\b|\b(?:a|the|of|each) finding\b|\bfinding[._:]\w"
    r"|獎賞|奖赏|\bvouchers?\b|試用活動|试用活动"
    r"|[\"']rounds?[\"']|(?-i:\bRound\b)|\b(?:a|the|this|each|every|invited|trial) rounds?\b"
    r"|\brounds? of (?:trying|tries)|\brounds?[._:/-]\w"
    r"|[\"']points[\"']|\b(?:your|earn|earned|earns|my|spend|gives?|give|in) points\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("folder", BELOW)
def test_nothing_here_names_a_room(folder: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in (ROOT / folder).rglob("*")
        # What migrations of the first day called things is history.
        if path.suffix in READ and "migrations" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if NAMED.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "from ideas.models import Idea",
        "if engagement.kind == 'contest':",
        "contest_vote = engagement.vote",
        "<a href=\"{% url 'ideas:list' %}\">",
        'msgstr "比賽的結果"',
        "from crowdtasks.ledger import actions",
        'msgstr "你的積分"',
        "if engagement.kind == 'round':",
        "from somewhere import Round",
        "row.round.reward",
        "{{ round.title }}",
        'msgid "You earn points for it."',
        "# what a finding is told",
        "{% url 'rewards:mine' %}",
    ],
)
def test_a_line_that_names_one_would_be_found(line: str) -> None:
    assert NAMED.search(line)


@pytest.mark.parametrize(
    "line",
    [
        "Criticise ideas and decisions as sharply as you like.",
        "return max(1, round(total / 60))",
        "Conditions lead round in a circle.",
        "counts between round numbers",
        "#: Points of a line of text",
    ],
)
def test_everyday_words_are_no_room(line: str) -> None:
    assert not NAMED.search(line)
