"""What people report of the demonstration's builds, and what the bureau decides."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class StepTaken:
    """One decision of the bureau; ``day`` counts from today, ``reason`` is in ``language``."""

    day: int
    state: str
    build: str = ""
    reason: str = ""
    language: str = "en"


@dataclass(frozen=True)
class FindingData:
    """What somebody reports at a step (its place from 1) of their try (its place in the round).

    ``key`` is what others are merged into by ``same_as``, on ``merged``. ``public`` lets everybody
    read it, once a moderator has. ``pictured``: with a picture of the screen.
    """

    tried: int
    step: int
    severity: str
    language: str
    happened: str
    device: str
    expected: str = ""
    public: bool = True
    key: str = ""
    same_as: str = ""
    merged: int = 0
    pictured: bool = False
    decided: tuple[StepTaken, ...] = ()


IPHONE, ANDROID = "iPhone, iOS 26.1, Safari 26", "Android 16, Chrome 142"

#: Of build 0.1.
FIRST = (
    FindingData(
        tried=0,
        step=3,
        key="cancel",
        severity="stopped",
        language="zh-hant",
        happened="搵極都搵唔到點樣取消預約。撳入預約入面得日期同座位，冇取消掣，最後要閂咗個程式。",
        expected="預約旁邊有一個取消掣。",
        device=IPHONE,
        decided=(StepTaken(-58, "confirmed"), StepTaken(-45, "mended", "0.2")),
    ),
    FindingData(
        tried=1,
        step=2,
        key="time",
        severity="hard",
        language="en",
        happened="The time has to be typed, and it does not say how. I tried 2pm and 14.00 before "
        "14:00 was taken.",
        expected="Times to choose from.",
        device=ANDROID,
        decided=(StepTaken(-57, "confirmed"), StepTaken(-45, "mended", "0.2")),
    ),
    FindingData(
        tried=2,
        step=1,
        severity="hindered",
        language="zh-hant",
        happened="平面圖的字太細，看不到座位號碼；放大之後整幅圖又會移位。",
        device=ANDROID,
        decided=(StepTaken(-56, "confirmed"), StepTaken(-44, "planned")),
    ),
    FindingData(
        tried=4,
        step=1,
        key="map",
        severity="stopped",
        language="en",
        happened="My screen reader says “image” where the map is and nothing else, so I cannot "
        "choose a seat at all.",
        expected="To hear the seats, or a list of them.",
        device=IPHONE,
        decided=(StepTaken(-55, "confirmed"), StepTaken(-45, "mended", "0.2")),
    ),
    FindingData(
        tried=6,
        step=3,
        severity="stopped",
        language="zh-hans",
        happened="找不到取消预约的按钮，找了两分钟就放弃了。",
        device=ANDROID,
        public=False,
        same_as="cancel",
        merged=-54,
    ),
    FindingData(
        tried=8,
        step=3,
        severity="stopped",
        language="en",
        happened="I gave up looking for a way to cancel. It is neither in the booking nor in the "
        "menu.",
        device=IPHONE,
        same_as="cancel",
        merged=-51,
        pictured=True,
    ),
    FindingData(
        tried=9,
        step=2,
        severity="hard",
        language="zh-hant",
        happened="時間要自己打，打「下午2時」佢話格式錯誤，又唔講啱嘅格式係點。",
        device=ANDROID,
        same_as="time",
        merged=-51,
    ),
    FindingData(
        tried=10,
        step=1,
        severity="small",
        language="zh-hant",
        happened="想睇到隔籬個位係邊個訂咗，咁就可以同朋友坐埋一齊。",
        device=IPHONE,
        decided=(
            StepTaken(
                -46,
                "declined",
                reason="誰在哪個時間坐在哪裏屬個人私隱，程式不會顯示其他人的姓名。同行的人可以各自預約相鄰的座位。",
                language="zh-hant",
            ),
        ),
    ),
)

#: Of build 0.2.
SECOND = (
    FindingData(
        tried=4,
        step=2,
        severity="hindered",
        language="en",
        happened="Half hours are missing in the list of times: I can book from two or from three, "
        "but not from half past two.",
        device=ANDROID,
        decided=(StepTaken(-3, "confirmed"),),
    ),
    FindingData(
        tried=7,
        step=1,
        severity="hindered",
        language="zh-hant",
        happened="揀咗樓層之後返上一頁，之前揀嘅嘢冇晒，要由頭揀過。",
        expected="返上一頁都記得我揀過咩。",
        device=ANDROID,
    ),
)
