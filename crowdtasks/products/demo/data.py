"""What the demonstration's product is, what its rounds ask, and how people got on."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Both:
    """A text in the two authority languages; Simplified follows."""

    en: str
    zh: str


@dataclass(frozen=True)
class BuildData:
    """One state of the product; days count from today."""

    version: str
    made: int
    link: str
    to_try: Both
    known_issues: Both
    changes: Both


@dataclass(frozen=True)
class StepData:
    key: str
    title: Both
    task: Both


@dataclass(frozen=True)
class TryData:
    """How one person got on: (how it went, seconds, ease of 1 to 7) for each step, and the answers.

    ``who`` is an account of the demonstration, 'drawn' the next of the volunteers who were drawn,
    '' somebody who came by. An answer is the place of an option, a step of a scale or a text.
    ``day`` counts from today.
    """

    day: int
    language: str
    steps: tuple[tuple[str, int, int], ...]
    answers: dict[str, int | str]
    who: str = ""


@dataclass(frozen=True)
class AnswerData:
    """What was heard on one question, what was decided and why."""

    said: Both
    decided: Both
    why: Both


@dataclass(frozen=True)
class RoundData:
    """One round of trying a build."""

    slug: str
    version: str
    title: Both
    summary: Both
    about: Both
    opens: int
    closes: int
    tries: tuple[TryData, ...]
    outcome: Both | None = None
    #: What became of each question, in their order.
    answers: tuple[AnswerData, ...] = ()
    #: The day its answer was published.
    answered: int = 0
    reward: int = 0
    #: How many can be rewarded.
    places: int | None = None
    hold_days: int = 0
    #: For invited volunteers, and with the ten statements; from when on everybody may try it.
    invited: bool = False
    opened: int | None = None


@dataclass(frozen=True)
class ProductData:
    slug: str
    bureau: str
    title: Both
    summary: Both
    about: Both
    opens: int
    builds: tuple[BuildData, ...]
    steps: tuple[StepData, ...]
    rounds: tuple[RoundData, ...] = field(default=())


CONTACT = Both("Digital Services Team, telephone 2835 0000", "數碼服務組，電話 2835 0000")

AGAIN = Both("Would you book your next seat with it?", "下次你會用它預約座位嗎？")
YES, PERHAPS, NO = Both("Yes", "會"), Both("Perhaps", "或者會"), Both("No", "不會")
BETTER = Both("What should be better?", "有甚麼可以做得更好？")
QUESTIONS_TITLE = Both("At the end", "最後兩題")

FIRST = BuildData(
    version="0.1",
    made=-64,
    link="https://seats.example.org/0.1/",
    to_try=Both(
        "Finding a seat on the map of one library and booking it for a day.",
        "在一間圖書館的平面圖上找座位，並預約一天。",
    ),
    known_issues=Both(
        "Only the Central Library is in it. Bookings are not real.",
        "只有中央圖書館，預約並非真實。",
    ),
    changes=Both("", ""),
)
SECOND = BuildData(
    version="0.2",
    made=-13,
    link="https://seats.example.org/0.2/",
    to_try=Both(
        "The same three things, with what you told us mended.",
        "同樣的三件事，你們指出的問題已經修正。",
    ),
    known_issues=Both(
        "Six libraries are in it. Bookings are not real.",
        "共有六間圖書館，預約並非真實。",
    ),
    changes=Both(
        "Seats are a list as well as a map. The button to cancel stands beside each booking. Times "
        "are chosen from a list instead of typed.",
        "座位除平面圖外亦可用列表顯示；每項預約旁邊都有取消按鈕；時間改為從列表選擇，毋須輸入。",
    ),
)

STEPS = (
    StepData(
        "find",
        Both("Find a quiet seat", "找一個安靜的座位"),
        Both(
            "You want to read for two hours tomorrow afternoon, far from the children’s corner. "
            "Find a seat that is free.",
            "你想明天下午看兩小時書，遠離兒童角。請找一個空的座位。",
        ),
    ),
    StepData(
        "book",
        Both("Book it", "預約座位"),
        Both("Book the seat for two hours.", "預約這個座位兩小時。"),
    ),
    StepData(
        "cancel",
        Both("Cancel it", "取消預約"),
        Both(
            "Your plans have changed. Give the seat back for somebody else.",
            "你改變了計劃。請取消預約，把座位讓給別人。",
        ),
    ),
)


def _try(
    day: int,
    language: str,
    *steps: tuple[str, int, int],
    again: int,
    better: str = "",
    who: str = "drawn",
) -> TryData:
    answers: dict[str, int | str] = {"again": again}
    if better:
        answers["better"] = better
    return TryData(day, language, steps, answers, who)


ROUND_ONE = RoundData(
    slug="library-seats-round-1",
    version="0.1",
    title=Both("Library seats: first try", "圖書館座位預約：首輪試用"),
    summary=Both(
        "Invited volunteers try the first build of the seat booking app: find a seat, book it, "
        "cancel it. Ten minutes on their own phone.",
        "獲邀義工試用座位預約程式的第一個版本：找座位、預約、取消。用自己的手機，約十分鐘。",
    ),
    about=Both(
        "We want to see whether people find a quiet seat without help, and where they stop.",
        "我們想知道大家能否自行找到安靜的座位，以及在哪一步遇到困難。",
    ),
    opens=-62,
    closes=-48,
    invited=True,
    reward=40,
    places=60,
    tries=(
        _try(
            -61,
            "zh-hant",
            ("trouble", 96, 3),
            ("done", 41, 5),
            ("failed", 120, 1),
            again=2,
            better="找不到取消的地方，最後只好關掉程式。",
            who="citizen",
        ),
        _try(
            -61,
            "en",
            ("done", 62, 5),
            ("trouble", 75, 3),
            ("failed", 140, 1),
            again=2,
            better="The time has to be typed, and it does not say how.",
        ),
        _try(
            -60,
            "zh-hant",
            ("failed", 180, 1),
            ("failed", 60, 2),
            ("failed", 45, 1),
            again=3,
            better="平面圖的字太細，看不到座位號碼。",
        ),
        _try(-59, "zh-hant", ("done", 55, 5), ("done", 38, 6), ("trouble", 88, 3), again=1),
        _try(
            -58,
            "en",
            ("trouble", 120, 3),
            ("trouble", 66, 3),
            ("failed", 95, 2),
            again=2,
            better="My screen reader says “image” and nothing else where the map is.",
            who="citizen2",
        ),
        _try(-57, "zh-hant", ("done", 71, 4), ("done", 44, 5), ("failed", 100, 2), again=2),
        _try(-56, "zh-hans", ("trouble", 105, 3), ("done", 52, 4), ("trouble", 90, 3), again=1),
        _try(-55, "zh-hant", ("done", 48, 6), ("done", 35, 6), ("done", 64, 4), again=1),
        _try(
            -53,
            "en",
            ("failed", 150, 2),
            ("trouble", 80, 3),
            ("failed", 70, 1),
            again=3,
            better="I gave up looking for “cancel”.",
        ),
        _try(-52, "zh-hant", ("done", 66, 5), ("trouble", 59, 4), ("failed", 110, 2), again=2),
        _try(-50, "zh-hant", ("trouble", 84, 4), ("done", 40, 5), ("trouble", 75, 4), again=1),
        _try(-49, "zh-hant", ("done", 58, 5), ("done", 47, 5), ("failed", 92, 2), again=2),
    ),
    outcome=Both(
        "Twelve people tried it. Eight of them could not cancel a booking, and four had to guess "
        "how a time is typed. The map says nothing to a screen reader. Build 0.2 mends all three.",
        "共有十二人試用。其中八人未能取消預約，四人要猜測怎樣輸入時間；平面圖亦未能配合屏幕閱讀器。"
        "版本0.2已處理這三個問題。",
    ),
    answers=(
        AnswerData(
            Both(
                "Four would book their next seat with it, six perhaps, two would not.",
                "四人會用它預約下一個座位，六人或者會，兩人不會。",
            ),
            Both("We go on with the app.", "我們會繼續開發這個程式。"),
            Both(
                "Most would use it once a booking can be cancelled.",
                "只要可以取消預約，多數人都願意使用。",
            ),
        ),
        AnswerData(
            Both(
                "A button to cancel was missed most; after it, a list beside the map and times "
                "to choose from.",
                "最多人想要取消按鈕，其次是平面圖以外的列表，以及可供選擇的時間。",
            ),
            Both("All three are in build 0.2.", "三項都已加入版本0.2。"),
            Both(
                "Without them people stop half way, and some cannot begin.",
                "欠缺這些，有人會中途放棄，有人根本無法開始。",
            ),
        ),
    ),
    answered=-15,
)

ROUND_TWO = RoundData(
    slug="library-seats-round-2",
    version="0.2",
    title=Both("Library seats: second try", "圖書館座位預約：第二輪試用"),
    summary=Both(
        "The same three things in build 0.2, with what the first round found mended. Volunteers "
        "come first, then anybody: ten minutes, no account needed.",
        "在版本0.2再試同樣的三件事，首輪發現的問題已經修正。先由義工試用，之後任何人都可參加，"
        "約十分鐘，毋須帳戶。",
    ),
    about=Both(
        "We compare it with the first round step by step, and decide then whether six libraries "
        "get it in spring.",
        "我們會逐步與首輪比較，再決定春季是否在六間圖書館推行。",
    ),
    opens=-12,
    closes=16,
    invited=True,
    opened=-5,
    reward=40,
    places=100,
    tries=(
        _try(-11, "zh-hant", ("done", 39, 6), ("done", 28, 6), ("done", 20, 7), again=1),
        _try(
            -10,
            "zh-hant",
            ("done", 44, 6),
            ("done", 31, 6),
            ("done", 26, 6),
            again=1,
            better="列表清楚多了。",
        ),
        _try(-9, "en", ("done", 51, 5), ("done", 33, 6), ("done", 24, 6), again=1),
        _try(-8, "zh-hant", ("trouble", 70, 4), ("done", 36, 5), ("done", 31, 6), again=1),
        _try(
            -7,
            "en",
            ("done", 47, 6),
            ("trouble", 52, 4),
            ("done", 22, 7),
            again=1,
            better="Half hours are missing in the list of times.",
        ),
        _try(-6, "zh-hans", ("done", 42, 6), ("done", 30, 6), ("done", 25, 6), again=1),
        _try(-4, "zh-hant", ("done", 36, 7), ("done", 27, 7), ("done", 19, 7), again=1, who=""),
        _try(
            -3,
            "zh-hant",
            ("failed", 90, 2),
            ("done", 45, 5),
            ("trouble", 48, 4),
            again=2,
            better="想按樓層篩選。",
            who="",
        ),
        _try(-2, "en", ("done", 40, 6), ("done", 29, 6), ("done", 21, 7), again=1, who=""),
    ),
)

SEATS = ProductData(
    slug="library-seats",
    bureau="LCSD",
    title=Both("Library seat booking", "圖書館座位預約程式"),
    summary=Both(
        "An app to see which seats of a library are free and to book one for a few hours. It is in "
        "the making; you can try each build.",
        "可查看圖書館有哪些空座位，並預約數小時的程式。仍在開發，每個版本都可試用。",
    ),
    about=Both(
        "Seats in study corners are taken before noon and then stand empty while their owners have "
        "lunch. Booking by the hour lets more people use them. We make it in public: every build "
        "is tried by people before the next one begins.",
        "自修角的座位往往中午前已坐滿，其後物主去吃飯，座位便空着。按小時預約可讓更多人使用。我們"
        "公開開發：每個版本先由市民試用，才開始做下一個。",
    ),
    opens=-66,
    builds=(FIRST, SECOND),
    steps=STEPS,
    rounds=(ROUND_ONE, ROUND_TWO),
)
