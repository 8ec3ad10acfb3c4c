"""Punctuation between interpolated words follows the page's language."""

import pytest
from django.template import Context, Template
from django.utils import translation


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "Outcome: a &lt;b&gt; (PDF)"),
        ("zh-hant", "Outcome：a &lt;b&gt;（PDF）"),
        ("zh-hans", "Outcome：a &lt;b&gt;（PDF）"),
    ],
)
def test_colon_and_brackets_are_those_of_the_language(language: str, shown: str) -> None:
    template = Template('{% load kaifong %}Outcome{% colon %}{{ words }}{{ "PDF"|bracketed }}')
    with translation.override(language):
        assert template.render(Context({"words": "a <b>"})) == shown
