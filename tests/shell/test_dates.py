"""Dates as Hong Kong writes them: the table of ux.md 3.2 and its edges."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from core import dates
from core.templatetags.kaifong import gap, time_tag

HK = ZoneInfo("Asia/Hong_Kong")
LAST = datetime(2026, 12, 31, 23, 59, tzinfo=HK)
CLOSE = datetime(2027, 1, 1, 0, 0, tzinfo=HK)


@pytest.mark.parametrize(
    ("language", "day", "with_day", "time", "both"),
    [
        (
            "en",
            "31 December 2026",
            "Thursday, 31 December 2026",
            "11:59 pm",
            "31 December 2026, 11:59 pm",
        ),
        (
            "zh-hant",
            "2026年12月31日",
            "2026年12月31日（星期四）",
            "晚上11時59分",
            "2026年12月31日晚上11時59分",
        ),
        (
            "zh-hans",
            "2026年12月31日",
            "2026年12月31日（星期四）",
            "晚上11时59分",
            "2026年12月31日晚上11时59分",
        ),
    ],
)
def test_table(language: str, day: str, with_day: str, time: str, both: str) -> None:
    assert dates.format_date(LAST, language) == day
    assert dates.format_day_date(LAST, language) == with_day
    assert dates.format_time(LAST, language) == time
    assert dates.format_datetime(LAST, language) == both
    assert dates.format_deadline(CLOSE, language) == both


@pytest.mark.parametrize(
    ("hour", "minute", "english", "chinese"),
    [
        (0, 0, "12:00 midnight", "凌晨0時"),
        (0, 1, "12:01 am", "凌晨0時01分"),
        (5, 59, "5:59 am", "凌晨5時59分"),
        (6, 0, "6:00 am", "早上6時"),
        (11, 59, "11:59 am", "早上11時59分"),
        (12, 0, "12:00 noon", "中午12時"),
        (12, 59, "12:59 pm", "中午12時59分"),
        (13, 0, "1:00 pm", "下午1時"),
        (17, 59, "5:59 pm", "下午5時59分"),
        (18, 0, "6:00 pm", "晚上6時"),
        (23, 59, "11:59 pm", "晚上11時59分"),
    ],
)
def test_parts_of_the_day(hour: int, minute: int, english: str, chinese: str) -> None:
    moment = datetime(2026, 6, 1, hour, minute, tzinfo=HK)
    assert dates.format_time(moment, "en") == english
    assert dates.format_time(moment, "zh-hant") == chinese


def test_every_zone_is_shown_on_the_clock_of_hong_kong() -> None:
    moment = datetime(2026, 12, 31, 16, 0, tzinfo=ZoneInfo("UTC"))
    assert dates.format_date(moment, "en") == "1 January 2027"
    assert dates.format_deadline(moment, "en") == "31 December 2026, 11:59 pm"
    with pytest.raises(ValueError, match="time zone"):
        dates.format_date(datetime(2026, 1, 1), "en")


@pytest.mark.parametrize(
    ("start", "end", "english", "chinese"),
    [
        (date(2026, 11, 2), date(2026, 12, 31), "2 Nov to 31 Dec 2026", "2026年11月2日至12月31日"),
        (date(2026, 11, 2), date(2026, 11, 30), "2 to 30 Nov 2026", "2026年11月2日至30日"),
        (
            date(2026, 11, 2),
            date(2027, 1, 4),
            "2 Nov 2026 to 4 Jan 2027",
            "2026年11月2日至2027年1月4日",
        ),
        (date(2026, 11, 2), date(2026, 11, 2), "2 November 2026", "2026年11月2日"),
        (
            datetime(2026, 11, 2, tzinfo=HK),
            CLOSE,
            "2 Nov to 31 Dec 2026",
            "2026年11月2日至12月31日",
        ),
    ],
)
def test_ranges(start: date, end: date, english: str, chinese: str) -> None:
    assert dates.format_range(start, end, "en") == english
    assert dates.format_range(start, end, "zh-hant") == chinese


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (timedelta(days=40, hours=21), "40 days left"),
        (timedelta(hours=73), "3 days left"),
        (timedelta(hours=72), "3 days left"),
        (timedelta(hours=71, minutes=59), "71 hours left"),
        (timedelta(hours=1), "1 hour left"),
        (timedelta(minutes=59, seconds=59), "Less than 1 hour left"),
        (timedelta(seconds=1), "Less than 1 hour left"),
        (timedelta(0), "Closed"),
        (timedelta(seconds=-1), "Closed"),
    ],
)
def test_what_is_left(before: timedelta, expected: str) -> None:
    with translation.override("en"):
        assert dates.left_until(CLOSE, CLOSE - before) == expected


def test_lateness_money_and_telephone() -> None:
    assert dates.days_late(date(2026, 1, 1), date(2026, 1, 1)) == 0
    assert dates.days_late(date(2026, 1, 1), date(2026, 1, 13)) == 12
    assert dates.days_late(date(2026, 1, 2), date(2026, 1, 1)) == 0
    assert dates.format_money(120) == "HK$120"
    assert dates.format_money("1234.5") == "HK$1,234.50"
    assert dates.format_phone("28352500") == "2835 2500"
    assert dates.format_phone("+85228352500") == "+852 2835 2500"
    assert dates.format_phone("1823") == "1823"


def test_a_line_in_chinese_breaks_between_day_and_hour_alone() -> None:
    with translation.override("zh-hant"):
        assert ">2026年12月31日<wbr>晚上11時59分<" in time_tag(LAST)
        assert (gap(), time_tag(LAST, "date").count("<wbr>")) == ("", 0)
    with translation.override("en"):
        assert ">31 December 2026, 11:59 pm<" in time_tag(LAST)
        assert gap() == " "
