"""What the demonstration's poll and survey ask, and how people answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Both:
    """A text in the two authority languages; Simplified follows."""

    en: str
    zh: str


@dataclass(frozen=True)
class AskedData:
    """One question. ``right`` is the place of the option that an attention check asks for."""

    kind: str
    key: str
    title: Both
    options: tuple[Both, ...] = ()
    right: int = 0


@dataclass(frozen=True)
class AnswersData:
    """One response: how many days ago, minutes it took, and the answers by question.

    A choice is named by its place from 1, a scale by its step, a text by its words.
    """

    days_ago: int
    minutes: float
    language: str
    answers: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CampaignData:
    """A poll or survey; days count from today."""

    slug: str
    kind: str
    bureau: str
    title: Both
    summary: Both
    about: Both
    opens: int
    closes: int
    sections: tuple[tuple[Both, tuple[AskedData, ...]], ...]
    places: int | None = None
    claim_minutes: int = 60
    #: Points for completing it, and days until they can be spent.
    reward: int = 0
    hold_days: int = 0
    #: How often each option of a poll's question is chosen.
    chosen: tuple[int, ...] = ()
    responses: tuple[AnswersData, ...] = ()


CONTACT = Both("Public Engagement Unit, telephone 2835 0000", "公眾參與組，電話 2835 0000")

REFILL = CampaignData(
    slug="refill-taps",
    kind="poll",
    bureau="EPD",
    title=Both("Where should the next water dispensers stand?", "下一批加水機應設在哪裏？"),
    summary=Both(
        "We can set up forty more water dispensers this year. One question, one minute: where "
        "would you use one most?",
        "我們今年可以多設四十部加水機。只問一條問題，一分鐘答完：設在哪裏你最用得着？",
    ),
    about=Both(
        "A dispenser saves some fifty bottles a day. Your answers decide in which kind of place we "
        "look for sites first.",
        "一部加水機每天可省約五十個膠樽。你的答案會決定我們先在哪一類地方物色位置。",
    ),
    opens=-6,
    closes=15,
    places=200,
    reward=5,
    sections=(
        (
            Both("Water dispensers", "加水機"),
            (
                AskedData(
                    "one",
                    "where",
                    Both("Where would you use one most?", "設在哪裏你最用得着？"),
                    (
                        Both("Parks and playgrounds", "公園和遊樂場"),
                        Both("MTR stations and bus termini", "港鐵站和巴士總站"),
                        Both("Markets", "街市"),
                        Both("Hiking trails", "遠足徑"),
                        Both("I would not use one", "我不會用"),
                    ),
                ),
            ),
        ),
    ),
    chosen=(14, 19, 6, 9, 5),
)

READING = CampaignData(
    slug="study-rooms-survey",
    kind="survey",
    bureau="LCSD",
    title=Both("Study rooms after nine", "晚上九時後的自修室"),
    summary=Both(
        "Some study rooms could stay open until midnight. Tell us how you study, which nights you "
        "would come and what would make you feel safe on the way home.",
        "部分自修室可以開放至午夜。請告訴我們你怎樣溫習、會在哪幾晚來，以及怎樣令你回家時感到安心。",
    ),
    about=Both(
        "We try late hours in three rooms next spring. What you say decides on which nights. The "
        "survey has a number of places, so that we can read every answer.",
        "明年春季會有三間自修室試行延長開放，你的意見會決定在哪幾晚。問卷設有名額，讓我們可以細閱每一份答卷。",
    ),
    opens=-9,
    closes=19,
    places=300,
    # A week, so that the demonstration's citizen still holds a place when somebody looks.
    claim_minutes=7 * 24 * 60,
    reward=30,
    hold_days=3,
    sections=(
        (
            Both("How you study", "你怎樣溫習"),
            (
                AskedData(
                    "one",
                    "often",
                    Both("How often do you use a study room?", "你有多常用自修室？"),
                    (
                        Both("Several times a week", "每星期數次"),
                        Both("A few times a month", "每月數次"),
                        Both("Before examinations only", "只在考試前"),
                        Both("Never so far", "從未用過"),
                    ),
                ),
                AskedData(
                    "several",
                    "nights",
                    Both("On which nights would you come?", "你會在哪幾晚來？"),
                    (
                        Both("Monday to Thursday", "星期一至四"),
                        Both("Friday", "星期五"),
                        Both("Saturday and Sunday", "星期六及日"),
                    ),
                ),
                AskedData(
                    "one",
                    "reading",
                    Both(
                        "So that we know that questions are read, please choose the second answer.",
                        "為確認你有細閱題目，請選第二個答案。",
                    ),
                    (Both("The first", "第一個"), Both("The second", "第二個")),
                    right=2,
                ),
            ),
        ),
        (
            Both("The way home", "回家路上"),
            (
                AskedData(
                    "scale",
                    "safe",
                    Both(
                        "How safe do you feel on the way home at midnight? (5: very safe)",
                        "午夜回家時你覺得有多安全？（5：非常安全）",
                    ),
                ),
                AskedData("long", "better", Both("What would make it better?", "怎樣會好一點？")),
            ),
        ),
    ),
    responses=(
        AnswersData(8, 3, "zh-hant", {"often": 1, "nights": (1, 2), "reading": 2, "safe": 4}),
        AnswersData(
            8,
            4,
            "zh-hant",
            {
                "often": 1,
                "nights": (1,),
                "reading": 2,
                "safe": 2,
                "better": "門口到巴士站那段路燈太暗。",
            },
        ),
        AnswersData(7, 2.5, "en", {"often": 2, "nights": (3,), "reading": 2, "safe": 4}),
        AnswersData(
            7,
            5,
            "en",
            {
                "often": 3,
                "nights": (1, 3),
                "reading": 2,
                "safe": 3,
                "better": "A night bus that waits for the closing time.",
            },
        ),
        AnswersData(6, 3, "zh-hant", {"often": 3, "nights": (2, 3), "reading": 2, "safe": 5}),
        # Sent before the questions can be read, and the check missed: an officer looks at it.
        AnswersData(6, 0.2, "zh-hant", {"often": 4, "reading": 1, "safe": 1}),
        AnswersData(5, 3.5, "zh-hans", {"often": 2, "nights": (1, 2, 3), "reading": 2, "safe": 4}),
        AnswersData(
            4,
            6,
            "zh-hant",
            {
                "often": 4,
                "nights": (3,),
                "reading": 2,
                "safe": 2,
                "better": "希望有職員當值到最後一人離開。",
            },
        ),
        AnswersData(3, 2, "en", {"often": 1, "nights": (1, 2), "reading": 2, "safe": 4}),
        AnswersData(2, 4, "zh-hant", {"often": 2, "nights": (2,), "reading": 1, "safe": 3}),
        AnswersData(1, 3, "zh-hant", {"often": 1, "nights": (1,), "reading": 2, "safe": 4}),
    ),
)

CAMPAIGNS = (REFILL, READING)

#: Points that each bureau may give, by the administrator.
BUDGETS = {"EPD": 5_000, "LCSD": 40_000}
BUDGET_REASON = "Points for the tasks of this season."
