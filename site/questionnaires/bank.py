"""Standard questions to take into a questionnaire: written once, in three languages.

Asked in the same words everywhere, their figures can be compared between consultations. Taken, a
question is the paper's own: it may be reworded until somebody has answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from core.simplified import to_simplified
from questionnaires.definition import Texts


def _say(english: str, traditional: str) -> dict[str, str]:
    """A text in three languages; Simplified as the platform drafts it everywhere."""
    return {"en": english, "zh-hant": traditional, "zh-hans": to_simplified(traditional)}


@dataclass(frozen=True)
class Choice:
    """An option of a standard question."""

    label: Texts
    other: bool = False
    alone: bool = False


@dataclass(frozen=True)
class Standard:
    """One standard question. ``words`` are its text fields, ``settings`` its other fields."""

    key: str
    kind: str
    words: Mapping[str, Texts]
    options: tuple[Choice, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> Texts:
        return self.words["title"]


_PREFER_NOT = Choice(_say("Prefer not to say", "不想透露"))
_NO_OPINION = Choice(_say("No opinion", "沒有意見"))


def _choices(*pairs: tuple[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(_say(*pair)) for pair in pairs)


_DISTRICTS = _choices(
    ("Central and Western", "中西區"),
    ("Eastern", "東區"),
    ("Southern", "南區"),
    ("Wan Chai", "灣仔區"),
    ("Kowloon City", "九龍城區"),
    ("Kwun Tong", "觀塘區"),
    ("Sham Shui Po", "深水埗區"),
    ("Wong Tai Sin", "黃大仙區"),
    ("Yau Tsim Mong", "油尖旺區"),
    ("Islands", "離島區"),
    ("Kwai Tsing", "葵青區"),
    ("North", "北區"),
    ("Sai Kung", "西貢區"),
    ("Sha Tin", "沙田區"),
    ("Tai Po", "大埔區"),
    ("Tsuen Wan", "荃灣區"),
    ("Tuen Mun", "屯門區"),
    ("Yuen Long", "元朗區"),
)

BANK: tuple[Standard, ...] = (
    Standard(
        "overall",
        "one",
        {
            "title": _say(
                "Overall, do you agree with the proposal?", "整體而言，你是否同意有關建議？"
            )
        },
        (
            *_choices(
                ("Strongly agree", "非常同意"),
                ("Agree", "同意"),
                ("Neither agree nor disagree", "中立"),
                ("Disagree", "不同意"),
                ("Strongly disagree", "非常不同意"),
            ),
            _NO_OPINION,
        ),
    ),
    Standard(
        "reasons",
        "long",
        {
            "title": _say("What are your reasons?", "原因是甚麼？"),
            "hint": _say(
                "A few sentences are enough. Please name nobody.",
                "寫幾句已經足夠，請勿提及任何人的姓名。",
            ),
        },
    ),
    Standard(
        "satisfaction",
        "one",
        {
            "title": _say(
                "How satisfied are you with the present service?", "你對現時的服務有多滿意？"
            )
        },
        (
            *_choices(
                ("Very satisfied", "非常滿意"),
                ("Satisfied", "滿意"),
                ("Neither satisfied nor dissatisfied", "一般"),
                ("Dissatisfied", "不滿意"),
                ("Very dissatisfied", "非常不滿意"),
            ),
            Choice(_say("I have not used it", "我沒有用過")),
        ),
    ),
    Standard(
        "importance",
        "scale",
        {
            "title": _say("How important is this matter to you?", "這件事對你有多重要？"),
            "least_label": _say("Not important at all", "完全不重要"),
            "most_label": _say("Very important", "非常重要"),
        },
        settings={"least": 1, "most": 5},
    ),
    Standard(
        "frequency",
        "one",
        {"title": _say("How often do you use it?", "你多久使用一次？")},
        _choices(
            ("Every day or nearly", "每日或差不多每日"),
            ("Several times a week", "每星期數次"),
            ("Several times a month", "每月數次"),
            ("Less often", "較少"),
            ("Never", "從不"),
        ),
    ),
    Standard(
        "comments",
        "long",
        {"title": _say("Is there anything else you would like to say?", "你還有其他意見嗎？")},
    ),
    Standard(
        "heard",
        "several",
        {
            "title": _say(
                "How did you hear about this consultation?", "你從甚麼途徑得知這次諮詢？"
            ),
            "hint": _say("Choose all that apply.", "可選多項。"),
        },
        (
            *_choices(
                ("A government website", "政府網站"),
                ("Newspapers, television or radio", "報章、電視或電台"),
                ("Social media", "社交媒體"),
                ("An e-mail or a letter", "電郵或信件"),
                ("A District Council member or community group", "區議員或地區團體"),
                ("Family, friends or colleagues", "家人、朋友或同事"),
            ),
            Choice(_say("Another way", "其他途徑"), other=True),
        ),
    ),
    Standard(
        "age-group",
        "one",
        {"title": _say("Which age group are you in?", "你屬於哪個年齡組別？")},
        (
            *_choices(
                ("Under 18", "18歲以下"),
                ("18 to 24", "18至24歲"),
                ("25 to 34", "25至34歲"),
                ("35 to 44", "35至44歲"),
                ("45 to 54", "45至54歲"),
                ("55 to 64", "55至64歲"),
                ("65 or over", "65歲或以上"),
            ),
            _PREFER_NOT,
        ),
    ),
    Standard(
        "district",
        "one",
        {"title": _say("Which district do you live in?", "你住在哪一區？")},
        (*_DISTRICTS, Choice(_say("Outside Hong Kong", "香港以外")), _PREFER_NOT),
    ),
    Standard(
        "organisation",
        "one",
        {"title": _say("What kind of organisation do you answer for?", "你代表哪類機構作答？")},
        (
            *_choices(
                ("A company", "公司"),
                ("A trade or professional association", "商會或專業團體"),
                ("A charity or non-governmental organisation", "慈善或非政府機構"),
                ("A school, university or research body", "學校、大學或研究機構"),
                ("An owners' corporation or residents' group", "業主立案法團或居民組織"),
                ("A statutory body", "法定機構"),
            ),
            Choice(_say("Another kind", "其他"), other=True),
            Choice(_say("I answer as an individual", "我以個人身份作答")),
        ),
    ),
    Standard(
        "contact",
        "consent",
        {
            "title": _say(
                "The bureau may contact me about my answers.", "部門可就我的答案與我聯絡。"
            )
        },
    ),
    Standard(
        "contact-details",
        "short",
        {
            "title": _say("How can the bureau reach you?", "部門可如何與你聯絡？"),
            "hint": _say(
                "An e-mail address or a telephone number. It is never published.",
                "電郵地址或電話號碼，不會公開。",
            ),
        },
        settings={"private": True},
    ),
)


def standard(key: str) -> Standard | None:
    """The standard question of that key."""
    return next((one for one in BANK if one.key == key), None)


def block_of(question: Standard, language: str) -> tuple[dict[str, Any], dict[str, Texts]]:
    """A new block in ``language`` with ids of its own, and all texts by path below the stream.

    Taken twice, it is two questions. The paths are those translations are kept under.
    """
    block_id = str(uuid4())
    value: dict[str, Any] = {**question.settings}
    words: dict[str, Texts] = {}
    for name, texts in question.words.items():
        value[name] = texts[language]
        words[f"{block_id}.{name}"] = texts
    if question.options:
        value["options"] = []
    for choice in question.options:
        option_id = str(uuid4())
        value["options"].append(
            {
                "type": "option",
                "id": option_id,
                "value": {
                    "label": choice.label[language],
                    "other": choice.other,
                    "alone": choice.alone,
                },
            }
        )
        words[f"{block_id}.options.{option_id}.label"] = choice.label
    return {"type": question.kind, "id": block_id, "value": value}, words
