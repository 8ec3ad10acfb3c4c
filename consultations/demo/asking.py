"""The questions of a paper of the demonstration, as the blocks an editor would write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .shapes import Ask, Both, Paper

#: (paper, text) -> the words in the paper's source language.
Words = Callable[[Paper, Both], str]
#: (paper, kind, name, value) -> a block with an id that is the same at every loading.
Block = Callable[[Paper, str, str, Any], dict[str, Any]]


def question_blocks(paper: Paper, words: Words, block: Block) -> list[dict[str, Any]]:
    """One block a section; none where nothing is asked."""
    if paper.survey is None:
        return []
    return [
        block(
            paper,
            "section",
            f"part{place}",
            {
                "title": words(paper, title),
                "intro": "",
                "questions": [_question(paper, ask, words, block) for ask in asked],
            },
        )
        for place, (title, asked) in enumerate(paper.survey.sections, start=1)
    ]


def question_id(paper: Paper, block: Block, name: str) -> str:
    """The key of a question."""
    return str(block(paper, "", f"ask-{name}", None)["id"])


def option_id(paper: Paper, block: Block, name: str, option: str) -> str:
    """The key of an option."""
    return str(block(paper, "", f"ask-{name}-{option}", None)["id"])


def _question(paper: Paper, ask: Ask, words: Words, block: Block) -> dict[str, Any]:
    value: dict[str, Any] = {"title": words(paper, ask.title)}
    if ask.background:
        value["background"] = words(paper, ask.background)
    if ask.kind == "information":
        return block(paper, ask.kind, f"ask-{ask.name}", value)
    value["is_key"] = ask.key
    if ask.hint:
        value["hint"] = words(paper, ask.hint)
    if ask.options:
        value["options"] = [
            block(
                paper,
                "option",
                f"ask-{ask.name}-{name}",
                {
                    "label": words(paper, label),
                    "other": name == ask.other,
                    "alone": name == ask.alone,
                },
            )
            for name, label in ask.options.items()
        ]
    if ask.most is not None:
        value["most"] = ask.most
    if ask.kind == "scale":
        value |= {"least": 1, "most": 5}
        if ask.ends:
            value["least_label"], value["most_label"] = (words(paper, end) for end in ask.ends)
    if ask.when:
        value["condition"] = _condition(paper, ask, block)
    return block(paper, ask.kind, f"ask-{ask.name}", value)


def _condition(paper: Paper, ask: Ask, block: Block) -> dict[str, Any]:
    about, test, *values = ask.when
    by_number = test in {"at-least", "at-most"}
    return {
        "join": "all",
        "tests": [
            {
                "question": question_id(paper, block, about),
                "name": test,
                "options": []
                if by_number
                else [option_id(paper, block, about, one) for one in values],
                "value": values[0] if by_number else "",
            }
        ],
    }


def question_texts(paper: Paper) -> Iterator[Both]:
    """Every text of the questions, for the translation."""
    if paper.survey is None:
        return
    yield paper.survey.intro
    for title, asked in paper.survey.sections:
        yield title
        for ask in asked:
            yield from (text for text in (ask.title, ask.hint, ask.background) if text)
            yield from ask.options.values()
            yield from ask.ends or ()
