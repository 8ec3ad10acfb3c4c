"""Working days, harmless cells, alike texts, statistics: the rules, one by one."""

from __future__ import annotations

import datetime as dt
import statistics as pythons
from decimal import Decimal

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from consultations.calendars import LUNAR_NEW_YEAR
from core.cells import harmless
from core.clock import freeze, now
from core.fold import fold
from feedback import working_days
from feedback.actions.holidays import tell_of_missing_holidays
from feedback.alike import Alike
from feedback.checks import holidays_are_known
from feedback.files import as_pdf
from notifications.models import Notice
from questionnaires import statistics
from tests.factories.accounts import make_administrator, make_officer
from tests.feedback.conftest import FORMULAS


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        # A Friday before a plain week.
        ("2026-11-20", "2026-11-27"),
        # Over Christmas: Friday and Saturday are general holidays, and so is 1 January.
        ("2026-12-24", "2027-01-04"),
        # Over Lunar New Year 2027: Saturday, then Monday and Tuesday.
        ("2027-02-05", "2027-02-16"),
        # A Sunday: the five days of the week.
        ("2026-11-22", "2026-11-27"),
        # Over Easter 2026 with Ching Ming: 3, 6 and 7 April.
        ("2026-04-02", "2026-04-14"),
    ],
)
def test_five_working_days(day, expected):
    assert working_days.after(dt.date.fromisoformat(day), 5).isoformat() == expected


def test_each_year_of_holidays_is_whole():
    for year in working_days.years():
        days = working_days.holidays(year)
        assert len(days) == 17
        assert all(day.year == year and day.weekday() != 6 for day in days)
        assert LUNAR_NEW_YEAR[year] in days


@pytest.mark.parametrize(
    ("day", "year"),
    [
        ("2026-01-01", None),
        ("2026-12-31", None),
        # 2027 is the last year known: the next is due from October on.
        ("2027-09-30", None),
        ("2027-10-01", 2028),
        ("2028-01-01", 2028),
        # Years before the first are no better known than those after the last.
        ("2025-06-30", 2025),
    ],
)
def test_a_year_that_is_missing_is_named_in_time(day, year):
    assert working_days.years() == {2026, 2027}
    assert working_days.missing(dt.date.fromisoformat(day)) == year


def test_counting_into_a_year_that_is_not_known_is_logged(caplog):
    assert working_days.after(dt.date(2027, 12, 28), 3).isoformat() == "2027-12-31"
    assert caplog.records == []
    assert working_days.after(dt.date(2027, 12, 28), 5).isoformat() == "2028-01-04"
    (record,) = caplog.records
    assert record.levelname == "ERROR"
    assert "2028" in record.getMessage()


@pytest.mark.django_db
def test_holidays_of_this_year_are_known():
    assert working_days.missing(now().date()) is None


@pytest.mark.django_db
def test_administrators_are_told_once_of_a_year_that_is_missing():
    administrator = make_administrator()
    make_officer()
    with freeze(dt.datetime(2027, 9, 30, 15, 59, tzinfo=dt.UTC)):
        assert tell_of_missing_holidays() is None
        assert holidays_are_known() == []
    # The first of October has begun in Hong Kong.
    with freeze(dt.datetime(2027, 9, 30, 16, 0, tzinfo=dt.UTC)):
        assert [tell_of_missing_holidays() for _twice in range(2)] == [2028, 2028]
        (warning,) = holidays_are_known()
    assert (warning.id, "2028" in warning.msg) == ("feedback.W002", True)
    told = Notice.objects.get(kind="holidays-missing")
    assert (told.account, told.params) == (administrator, {"year": "2028"})


@pytest.mark.parametrize(
    "text", [*FORMULAS, "\t=1", "\r=1", "\n=1", " =1", "\ufeff=1", "'=1", "\x00=1", "- a list"]
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert harmless(text).startswith("'")


@pytest.mark.parametrize("text", ["", "垃圾袋太細喇", "a = b", "5 + 3", "me@example.com", "𨋢"])
def test_what_no_spreadsheet_runs_stays_as_it_was(text):
    assert harmless(text) == text


@given(st.text())
def test_no_text_begins_like_a_formula(text):
    cell = harmless(text)
    assert cell.lstrip(" \t\r\n\"';,\u00a0\u200b\ufeff")[:1] not in set("=+-@＝＋－＠") or (
        cell.startswith("'")
    )
    assert "\x00" not in cell


def grouped(*texts: str) -> Alike:
    alike = Alike()
    for ref, text in enumerate(texts):
        alike.add(fold(text), ref, readable=True)
    return alike


LETTER = (
    "I object to the proposed increase of fares. Fares rose last year and service did not. "
    "I ask the Government to refuse it. Signed, {}"
)


def test_408_received_60_distinct_largest_template_349():
    names = [f"Resident {number % 7}" for number in range(349)]
    other = [f"{number}: something of my own about line {number * 7919}." for number in range(59)]
    found = grouped(*(LETTER.format(name) for name in names), *other).group()
    assert (found.received, found.distinct, found.largest) == (408, 60, 349)
    assert found.worded == 59 + 7


def test_script_width_case_spaces_and_punctuation_do_not_make_a_text_distinct():
    found = grouped("垃圾袋太細喇，唔夠用。", "垃圾袋太细喇 唔够用", "ＯＫ!", "ok").group()
    assert (found.worded, found.distinct) == (2, 2)


def test_short_opposites_are_not_alike():
    found = grouped("我同意收費", "我不同意收費", "I agree", "I disagree").group()
    assert found.distinct == 4


def test_the_group_is_named_by_the_most_frequent_wording_and_keeps_its_members():
    found = grouped(LETTER.format("A"), LETTER.format("B"), LETTER.format("B"), "x").group()
    assert found.groups[0].readable == 1
    assert [found.group_of(ref) for ref in range(4)] == [1, 1, 1, 2]
    assert found.group_of(99) is None


@given(st.lists(st.decimals(-1000, 1000, places=2), min_size=2, max_size=60))
def test_statistics_are_those_of_the_list(values):
    counts: dict[Decimal, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    found = statistics.summary(counts)
    low, _middle, high = pythons.quantiles(values, n=4, method="inclusive")
    assert found["n"] == len(values)
    assert found["mean"] == pytest.approx(float(pythons.mean(values)), abs=1e-4)
    assert found["median"] == pytest.approx(float(pythons.median(values)), abs=1e-4)
    assert found["lower_quartile"] == pytest.approx(float(low), abs=1e-3)
    assert found["upper_quartile"] == pytest.approx(float(high), abs=1e-3)


@given(
    st.lists(st.decimals(-(10**9), 10**9, places=2), min_size=27, max_size=120, unique=True),
    st.integers(1, 40),
)
def test_stretches_hold_every_answer_and_no_edge_is_the_least_or_greatest(values, copies):
    counts = dict.fromkeys(values, 1)
    counts[values[0]] = copies
    found = statistics.spread(counts)
    parts = found["stretches"]
    assert found["summary"] == statistics.summary(counts)
    assert len(parts) <= 14
    for low, high, number in parts:
        within = [
            value
            for value in counts
            if (low is None or value >= Decimal(low)) and (high is None or value < Decimal(high))
        ]
        assert sum(counts[value] for value in within) == number
    assert [one[1] for one in parts[:-1]] == [one[0] for one in parts[1:]]
    public = statistics.joined(parts, 5)
    assert sum(number for _low, _high, number in public) == sum(counts.values())
    assert not [number for _low, _high, number in public if 0 < number < 5]
    assert [one[1] for one in public[:-1]] == [one[0] for one in public[1:]]


def test_one_far_away_neither_shows_nor_squeezes_the_rest():
    found = statistics.spread({**{Decimal(n): 3 for n in range(100)}, Decimal(987654): 1})
    assert found["stretches"][0] == ["0", "10", 30]
    assert found["stretches"][-1] == ["100", None, 1]
    public = statistics.joined(found["stretches"], 5)
    assert public[-1] == ("90", None, 31)
    assert "98" not in str(public)


def test_numbers_that_nearly_all_agree_have_a_stretch_of_their_own():
    counts = {Decimal(10): 2000, **{Decimal(n): 1 for n in range(-20, 20) if n != 10}}
    parts = statistics.spread(counts)["stretches"]
    assert parts == [[None, "10", 30], ["10", "11", 2000], ["11", None, 9]]
    assert statistics.spread(dict(list(counts.items())[:25])) is None


def test_edges_are_told_apart_below_nothing():
    counts = {Decimal(n) / 10: 1 for n in range(-60, 60)}
    parts = statistics.spread(counts)["stretches"]
    assert ["-2", "0", 20] in parts
    assert ["0", "2", 20] in parts


def test_statistics_of_nothing_are_nothing():
    assert set(statistics.summary({}).values()) == {0, None}


@pytest.mark.usefixtures("pango")
def test_missing_pango_is_said_with_the_packages_to_install(monkeypatch):
    import builtins

    real = builtins.__import__

    def without(name, *rest, **more):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *rest, **more)

    as_pdf.library.cache_clear()
    monkeypatch.setattr(builtins, "__import__", without)
    try:
        with pytest.raises(as_pdf.PdfUnavailable, match=as_pdf.PACKAGES.split()[0]):
            as_pdf.library()
    finally:
        as_pdf.library.cache_clear()


@override_settings(DEBUG=True)
@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "http://127.0.0.1/", "https://evil.example/x.png", "data:,x"]
)
def test_nothing_is_fetched_for_a_pdf(url):
    with pytest.raises(ValueError, match="fetches nothing"):
        as_pdf.refuse(url)
