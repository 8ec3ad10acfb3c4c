"""Chinese titles are divided into words; the words of the title itself stay as they are."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.segments import MARK, has_chinese, mark_words
from tests.architecture.sources import ROOT


@pytest.mark.parametrize(
    "words",
    [
        "都市|固體廢物|收費",
        "公共|圖書館|延長|開放|時間",
        # Hong Kong's own places and characters.
        "深水埗|街市|星期日|開放",
        "鰂魚涌|海濱|長廊|設計",
        "醫務|衞生局|基層|醫療|健康|藍圖",
        # A particle ends a word, a preposition begins one, a number stays with what it counts.
        "設立|小型|停車場的|建議",
        "開放|至晚上十時",
        "下一階段的|廢物|收費|安排",
        # Simplified, and other scripts between.
        "为什么|要收费",
        "Have a say: 垃圾|收費 2027!",
        "No Chinese at all",
        "",
    ],
)
def test_lines_may_end_between_words(words: str) -> None:
    title = words.replace("|", "")
    assert mark_words(title).replace(MARK, "|") == words


def test_marks_that_are_there_already_are_set_anew() -> None:
    assert mark_words(f"都{MARK}市固體廢{MARK}物") == f"都市{MARK}固體廢物"


@given(st.text(st.sampled_from("都市固體廢物收費的至十二衞裏𨋢aB1 ，《》\u200b。-"), max_size=30))
def test_nothing_is_lost_or_doubled(title: str) -> None:
    marked = mark_words(title)
    assert marked.replace(MARK, "") == title.replace(MARK, "")
    assert MARK * 2 not in marked
    assert not marked.startswith(MARK)
    assert not marked.endswith(MARK)


def test_what_is_chinese() -> None:
    assert has_chinese("A 字")
    assert has_chinese("𨋢")
    assert not has_chinese("Waste – 2027, ¿qué?")


def test_a_platform_that_starts_loads_no_dictionary() -> None:
    """The dictionary is for saving; neither a start nor a reader waits for it."""
    code = (
        "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings.test';"
        "django.setup(); from django.urls import get_resolver; get_resolver().url_patterns;"
        "from core.templatetags.kaifong import title;"
        "title('都市固體廢物', {'都市固體廢物': '都市\\u200b固體廢物'});"
        "print('rjieba' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'site'}", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip().splitlines()[-1] == "False"
