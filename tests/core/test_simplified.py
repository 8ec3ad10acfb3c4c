"""Simplified from Traditional: the script changes, the words stay."""

import pytest

from core.simplified import to_simplified


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("醫務衞生局就綫上「巴士」服務諮詢", "医务卫生局就线上“巴士”服务咨询"),
        ("資訊科技", "资讯科技"),
        ("市民說了甚麼", "市民说了什么"),
        ("回覆及覆檢日期", "回复及复检日期"),
        ("『乾淨』的海濱", "‘干净’的海滨"),
    ],
)
def test_script_changes_and_words_stay(traditional: str, simplified: str) -> None:
    assert to_simplified(traditional) == simplified


def test_a_second_run_changes_nothing() -> None:
    once = to_simplified("你可在截止前覆核甚麼？")
    assert to_simplified(once) == once
