"""The System Usability Scale among a round's questions: ten statements, asked by one choice.

English: the words of J. Brooke, *SUS: a "quick and dirty" usability scale*, in Jordan et al.,
Usability Evaluation in Industry, Taylor & Francis 1996, pages 189-194; anybody may use them who
names the source. Chinese: translated for this platform into the words of Hong Kong, and not
validated; a validated adaptation for the Mainland is Y. Wang, T. Lei and X. Liu, *Chinese System
Usability Scale: Translation, Revision, Psychological Measurement*, International Journal of
Human-Computer Interaction 36 (2020), pages 953-963. Scores are compared between builds, which were
all asked in the same words; not with scores of other systems.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from core.simplified import to_simplified
from crowdtasks.products.measures import SUS_ITEMS, sus_score
from crowdtasks.products.models import Attempt, Round
from questionnaires.definition import QuestionDef
from questionnaires.models import Answer
from questionnaires.reading import anchor_of

_STATEMENTS = (
    ("I think that I would like to use this system frequently.", "我想我會樂意經常使用這個系統。"),
    ("I found the system unnecessarily complex.", "我覺得這個系統複雜得沒有必要。"),
    ("I thought the system was easy to use.", "我覺得這個系統容易使用。"),
    (
        "I think that I would need the support of a technical person to be able to use this "
        "system.",
        "我想我需要技術人員協助，才能使用這個系統。",
    ),
    (
        "I found the various functions in this system were well integrated.",
        "我覺得這個系統的各項功能配合得很好。",
    ),
    (
        "I thought there was too much inconsistency in this system.",
        "我覺得這個系統有太多不一致的地方。",
    ),
    (
        "I would imagine that most people would learn to use this system very quickly.",
        "我想大部分人很快便能學會使用這個系統。",
    ),
    ("I found the system very cumbersome to use.", "我覺得這個系統用起來非常麻煩。"),
    ("I felt very confident using the system.", "我使用這個系統時感到很有信心。"),
    (
        "I needed to learn a lot of things before I could get going with this system.",
        "我要先學習很多東西，才能開始使用這個系統。",
    ),
)
_TITLE = ("How usable is it? Ten statements", "它有多易用？十項說法")
_HINT = (
    "Say how far you agree with each, by what first comes to mind. Where you cannot say, choose "
    "the middle.",
    "按第一個感覺，選擇你對每項說法有多同意。如果說不準，請選中間。",
)
_LEAST, _MOST = ("Strongly disagree", "非常不同意"), ("Strongly agree", "非常同意")
_KEY = "sus-"


def _say(words: tuple[str, str], languages: Iterable[str]) -> dict[str, str]:
    english, traditional = words
    texts = {"en": lambda: english, "zh-hant": lambda: traditional}
    texts["zh-hans"] = lambda: to_simplified(traditional)
    return {language: texts[language]() for language in languages if language in texts}


def key_of(item: int) -> str:
    """The key of a statement, from 1; the same in every round."""
    return f"{_KEY}{item}"


def is_statement(key: str) -> bool:
    """Whether a question is one of the ten: they make one score and are answered to together."""
    return key.startswith(_KEY)


def questions(languages: Iterable[str], *, after: int) -> tuple[QuestionDef, ...]:
    """A heading and the ten statements, in these languages, numbered ``after`` so many others."""
    languages = list(languages)
    head = QuestionDef(
        key=f"{_KEY}head",
        anchor=anchor_of(f"{_KEY}head"),
        number=0,
        kind="information",
        title=_say(_TITLE, languages),
        hint=_say(_HINT, languages),
    )
    settings: Mapping[str, object] = {
        "least": 1,
        "most": 5,
        "labels": {"1": _say(_LEAST, languages), "5": _say(_MOST, languages)},
    }
    items = [
        QuestionDef(
            key=key_of(item),
            anchor=anchor_of(key_of(item)),
            number=after + item,
            kind="scale",
            title=_say(words, languages),
            settings=settings,
        )
        for item, words in enumerate(_STATEMENTS, start=1)
    ]
    return (head, *items)


def scores_of(row: Round) -> list[float]:
    """The score of each try that was handed in and answered all ten; one query."""
    if not row.asks_sus:
        return []
    counted = Attempt.objects.counted().filter(round=row).values("contribution")
    keys = {key_of(item): item for item in range(1, SUS_ITEMS + 1)}
    said: dict[int, dict[int, int]] = defaultdict(dict)
    rows = Answer.objects.filter(
        response__contribution__in=counted, question__block_id__in=list(keys), number__isnull=False
    )
    for response, key, number in rows.values_list("response", "question__block_id", "number"):
        said[response][keys[key]] = int(number or 0)
    return [
        sus_score([items[item] for item in range(1, SUS_ITEMS + 1)])
        for _response, items in sorted(said.items())
        if len(items) == SUS_ITEMS
    ]
