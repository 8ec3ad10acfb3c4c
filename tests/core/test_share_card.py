"""Pictures of shared pages: what is drawn of a title, and where its lines break."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.share_card import Card, _clean, _draw, _font, _lines

CARD = Card("zh-hant", "街坊", "環境保護署", "種樹", "點子比賽")


@pytest.fixture
def font():
    return _font("zh-hant", "Bold", 68)


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("\N{DECIDUOUS TREE} 種樹\N{DECIDUOUS TREE} \u202eAB", "種樹 AB"),
        ("“cool” streets – it’s ♥", '"cool" streets – it\'s ♥'),
        ("“涼快”的街道", "“涼快”的街道"),
        ("a\t\n  b\u200b", "a b"),
        ("\N{DECIDUOUS TREE}\N{DECIDUOUS TREE}", ""),
    ],
)
def test_what_has_no_shape_here_is_left_out(font, typed: str, drawn: str) -> None:
    assert _clean(typed, font) == drawn


def test_no_line_ends_with_an_opening_mark_or_begins_with_a_closing_one(font) -> None:
    found = _lines("用手機預約二十四小時單車泊位（試行計劃：沙田至大埔）。", font, 1056)
    assert len(found) > 1
    for line in found:
        assert line[-1] not in "（「"
        assert line[0] not in "）。："
    assert "".join(found) == "用手機預約二十四小時單車泊位（試行計劃：沙田至大埔）。"


def test_a_title_of_nothing_but_emoji_shows_what_stands_below(font) -> None:
    only = replace(CARD, title="\N{DECIDUOUS TREE}" * 3)
    assert _draw(only) == _draw(replace(CARD, title=CARD.dates))
