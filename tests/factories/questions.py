"""Questions as the editor stores them: blocks with given ids."""

from __future__ import annotations

from typing import Any


def option(block_id: str, label: str, **fields: Any) -> dict[str, Any]:
    """One choice."""
    return {"type": "option", "id": block_id, "value": {"label": label, **fields}}


def test_of(question: str, name: str, *values: str) -> dict[str, Any]:
    """One test of a condition."""
    key = "options" if name.startswith("is-") else "value"
    given: Any = list(values) if key == "options" else "".join(values)
    return {
        "type": "item",
        "id": f"t-{question}-{name}",
        "value": {"question": question, "name": name, key: given},
    }


test_of.__test__ = False  # type: ignore[attr-defined]


def when(*tests: dict[str, Any], join: str = "all") -> dict[str, Any]:
    """A condition."""
    return {"join": join, "tests": list(tests)}


def question(kind: str, block_id: str, title: str, **fields: Any) -> dict[str, Any]:
    """One question of a kind; options of a choice are given as ``options=[option(...), …]``."""
    return {"type": kind, "id": block_id, "value": {"title": title, **fields}}


def section(block_id: str, title: str, *questions: dict[str, Any]) -> dict[str, Any]:
    """One page of questions."""
    return {
        "type": "section",
        "id": block_id,
        "value": {"title": title, "intro": "", "questions": list(questions)},
    }


def five_questions() -> list[dict[str, Any]]:
    """Two sections, five questions, the third shown after 'Daily' or 'Weekly' alone."""
    return [
        section(
            "s1",
            "Your market",
            question(
                "one",
                "q-often",
                "How often do you buy at a market?",
                is_key=True,
                options=[
                    option("o-daily", "Daily"),
                    option("o-weekly", "Weekly"),
                    option("o-never", "Never"),
                ],
            ),
            question(
                "several",
                "q-what",
                "What do you buy?",
                most=2,
                options=[
                    option("o-fish", "Fish"),
                    option("o-else", "Something else", other=True),
                    option("o-none", "Nothing", alone=True),
                ],
            ),
            question(
                "long",
                "q-better",
                "What would make it better?",
                condition=when(test_of("q-often", "is-any", "o-daily", "o-weekly")),
            ),
        ),
        section(
            "s2",
            "The trial",
            question(
                "scale",
                "q-agree",
                "Do you agree with the trial?",
                least=1,
                most=5,
                least_label="Not at all",
                most_label="Wholly",
                is_key=True,
            ),
            question("number", "q-minutes", "How far is it?", unit="minutes"),
        ),
    ]
