"""Templates keep the strict policy and can be read in three languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import engines

from tests.architecture.sources import ROOT, templates

INLINE = {
    "inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "inline handler": re.compile(r"\son[a-z]{3,}\s*=\s*[\"']", re.IGNORECASE),
    "inline script": re.compile(r"<script\b(?![^>]*\bsrc\s*=)[^>]*>", re.IGNORECASE),
    "javascript: link": re.compile(r"=\s*[\"']\s*javascript:", re.IGNORECASE),
    "button without type": re.compile(r"<button\b(?![^>]*\btype\s*=)[^>]*>", re.IGNORECASE),
}
# Mails are read where no stylesheet of ours reaches.
MAIL = re.compile(r"/e?mails?(/|\.html$)")
COMMENTS = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|<!--.*?-->", re.DOTALL)
CODE = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
TAGS = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL | re.IGNORECASE)
WORDS = re.compile(r"[A-Za-z]{3,}|[\u3400-\u9fff]{2,}")


def faults_of(text: str, *, mail: bool = False) -> list[str]:
    """The names of the rules a template breaks."""
    text = COMMENTS.sub("", text)
    # Attributes stand beside template code, which may hold quotes and angle brackets of its own.
    html = CODE.sub("x", text)
    skipped = {"inline style"} if mail else set()
    return [name for name, rule in INLINE.items() if name not in skipped and rule.search(html)]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('<p style="color:red">a</p>', "inline style"),
        ("<style>p{}</style>", "inline style"),
        ('<a href="/" onclick="go()">a</a>', "inline handler"),
        ("<script>go()</script>", "inline script"),
        ('<a href="javascript:go()">a</a>', "javascript: link"),
        ('<button class="govuk-button">a</button>', "button without type"),
    ],
)
def test_each_rule_sees_its_fault(text, fault):
    assert faults_of(text) == [fault]


def test_what_is_allowed_passes():
    assert faults_of('<script type="module" src="{% static "js/a.js" %}"></script>') == []
    assert faults_of('<button type="submit" class="govuk-button">a</button>') == []
    assert faults_of('{# <p style="a"> #}<p data-online="yes">a</p>') == []


def test_templates_keep_the_strict_policy():
    found = {
        str(path.relative_to(ROOT)): faults
        for path in templates()
        if (
            faults := faults_of(path.read_text(encoding="utf-8"), mail=bool(MAIL.search(str(path))))
        )
    }
    assert found == {}


def bare_words(text: str) -> str:
    """The first words a template says outside every tag, "" when it says none."""
    text = COMMENTS.sub("", text)
    text = re.sub(r"{%\s*blocktranslate\b.*?endblocktranslate\s*%}", "", text, flags=re.DOTALL)
    text = re.sub(r"{%\s*blocktrans\b.*?endblocktrans\s*%}", "", text, flags=re.DOTALL)
    # A language is named in itself, and a few blocks hold words for machines.
    text = re.sub(r"<(\w+)[^>]*\blang=[^>]*>[^<]*</\1>", "", text)
    text = re.sub(r"{%\s*block og_type\s*%}.*?{%\s*endblock", "", text)
    found = WORDS.search(TAGS.sub(" ", CODE.sub("", text)).replace("&nbsp;", " "))
    return found.group(0) if found else ""


# What these say is a name, is said in all three languages at once, or is for developers.
UNTRANSLATED_ALLOWED = {
    "site/core/templates/core/components.html",
    "site/templates/components/header.html",
    "site/templates/components/wordmark.html",
    "site/templates/errors/plain-500.html",
    "site/templates/wagtailadmin/admin_base.html",
}


def test_every_text_of_a_template_can_be_translated():
    assert bare_words("<p>Hello there</p>") == "Hello"
    assert bare_words('<p>{% translate "Hello" %}</p>') == ""
    found = {
        name: words
        for path in templates()
        if (name := str(path.relative_to(ROOT))) not in UNTRANSLATED_ALLOWED
        # Standard pages are written once for each language, not string by string.
        and not name.endswith((".en.html", ".zh-hant.html", ".zh-hans.html"))
        and (words := bare_words(path.read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_template_compiles(path: Path):
    engines["django"].from_string(path.read_text(encoding="utf-8"))
