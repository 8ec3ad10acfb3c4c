"""Who volunteers in the demonstration, whom its rounds invite, and the sessions they come to."""

from __future__ import annotations

from dataclasses import dataclass

YOUNG, OLD = "25-34", "65-over"


@dataclass(frozen=True)
class VolunteerData:
    """What one says of themselves; ``who`` is '' for the next neighbour with an address."""

    age: str
    devices: tuple[str, ...]
    who: str = ""
    district: str = ""
    languages: tuple[str, ...] = ()
    assistive: tuple[str, ...] = ()


@dataclass(frozen=True)
class SessionData:
    """A meeting; ``day`` counts from today, ``booked`` is how many come. ``seen`` are the officer's
    notes; the first ``found`` of them become findings, of this severity."""

    kind: str
    day: int
    hour: int
    minutes: int
    places: int
    where: str
    note: str
    booked: int
    offered: int
    seen: tuple[str, ...] = ()
    found: int = 0
    severity: str = "hard"


@dataclass(frozen=True)
class DrawData:
    """Whom a round invites on the day it opens: one of these declines, who is ``silent`` does not
    answer yet, the others accept."""

    quota: dict[str, int]
    seed: str
    answer_days: int
    session: SessionData
    declined: str = ""
    silent: tuple[str, ...] = ()


#: Days on which they volunteered.
JOINED = (-75, -70, -68)

VOLUNTEERS = (
    VolunteerData(
        YOUNG, ("iphone",), who="citizen", district="sham-shui-po", languages=("english",)
    ),
    VolunteerData(
        YOUNG,
        ("android", "computer"),
        who="citizen2",
        district="kwun-tong",
        languages=("cantonese",),
        assistive=("screen-reader",),
    ),
    VolunteerData(YOUNG, ("android",)),
    VolunteerData(YOUNG, ("iphone", "tablet"), district="sha-tin"),
    VolunteerData(YOUNG, ("android",), languages=("putonghua", "english")),
    VolunteerData(YOUNG, ("iphone",)),
    VolunteerData(OLD, ("android",), languages=("cantonese",), assistive=("magnifier",)),
    VolunteerData(OLD, ("tablet",)),
    VolunteerData(OLD, ("android",), district="islands"),
    VolunteerData(OLD, ("iphone",), languages=("cantonese",)),
    VolunteerData(OLD, ("computer",), assistive=("magnifier",)),
    VolunteerData(OLD, ("android",)),
    VolunteerData(OLD, ("android", "tablet")),
    VolunteerData(OLD, ("iphone",), district="eastern"),
)

FIRST_DRAW = DrawData(
    quota={YOUNG: 6, OLD: 6},
    seed="",
    answer_days=3,
    declined=OLD,
    session=SessionData(
        kind="moderated",
        day=-55,
        hour=15,
        minutes=60,
        places=4,
        where="香港中央圖書館二樓會議室",
        note="請帶自己的手機。",
        booked=3,
        offered=-61,
        seen=(
            "三個人之中有兩個以為平面圖上的灰色座位是空的，其實已被預約。",
            "有一位在確認頁等了很久，不知道要向下捲才見到「確認」。",
        ),
        found=1,
    ),
)

SECOND_DRAW = DrawData(
    quota={YOUNG: 6, OLD: 4},
    # Drawn from a bag before those who were there, as the round's page says.
    seed="library night: 14 03 27 41 08",
    answer_days=14,
    silent=("citizen2",),
    session=SessionData(
        kind="focus",
        day=4,
        hour=18,
        minutes=90,
        places=6,
        where="沙田公共圖書館活動室",
        note="我們會談談版本0.2的座位列表，備有輕食。",
        booked=3,
        offered=-9,
    ),
)
