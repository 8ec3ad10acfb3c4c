"""Scripts hold no words a person reads: those come from the page, in its language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.sources import APPS, ROOT

SCRIPTS = sorted(
    path
    for folder in (ROOT / "site" / "static" / "js", *(ROOT / app / "static" for app in APPS))
    for path in folder.rglob("*.js")
)
#: A literal or a comment, whichever begins first, so that each is read as what it is. A regular
#: expression is not told from a division, so a quote inside one would be seen: there is none.
TOKEN = re.compile(
    r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`", re.DOTALL
)
HAN = re.compile(r"[\u3400-\u9fff]")
SENTENCE = re.compile(r"(?<![\w.#:\[-])[A-Za-z]{2,} [A-Za-z]{2,}(?![\w\[(=-])|[a-z]{2}[.!]$")
WORD = re.compile(r"^[A-Z][a-z]+[.!?:]?$")
#: Names that browsers give to keys.
KEYS = {"Enter", "Escape", "Tab"}
#: Where a script would put words: nothing but what came from the page or a count goes there.
SHOWN = re.compile(r"(?:textContent|innerText|innerHTML|title|ariaLabel)\s*=\s*[\"'`]\s*[A-Za-z]")
ASKED = re.compile(r"\b(?:alert|confirm|prompt)\(")


def words_of(script: str) -> list[str]:
    """The literals of a script that somebody would read, and calls that show some."""
    code, literals = [], []
    end = 0
    for token in TOKEN.finditer(script):
        code.append(script[end : token.start()])
        end = token.end()
        if not token.group().startswith("/"):
            literals.append(re.sub(r"\$\{.*?\}", "", token.group()[1:-1]))
            code.append(token.group())
    bare = "".join([*code, script[end:]])
    found = [
        text
        for text in literals
        if HAN.search(text) or SENTENCE.search(text) or (WORD.match(text) and text not in KEYS)
    ]
    return [*found, *SHOWN.findall(bare), *ASKED.findall(bare)]


@pytest.mark.parametrize(
    "script",
    [
        'link.textContent = "3 new comments";',
        "const words = { zh: '有新意見' };",
        "say(`Show ${count} of them.`);",
        'button.setAttribute("aria-label", "Close");',
        'box.title = "more";',
        "if (confirm(sentence)) go();",
    ],
)
def test_words_in_a_script_are_seen(script: str) -> None:
    assert words_of(script)


def test_what_a_script_may_hold_passes() -> None:
    script = """// A word, "quoted" in a comment; 𨋢 is one.
    const box = document.querySelector(".hk-card a[href^='#'], label[for=a], [data-live-news]");
    const wide = matchMedia("(max-width: 40.0525em)"); /* Says nothing. */
    const TYPING = "textarea, select, [contenteditable], input:not([type=radio])";
    if (event.key === "Escape") box.textContent = box.dataset.one.replace("{count}", "1");"""
    assert words_of(script) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_script_holds_words(path: Path) -> None:
    assert words_of(path.read_text(encoding="utf-8")) == []


def test_scripts_were_found() -> None:
    assert {"live.js", "queue.js", "statement-keys.js"} <= {path.name for path in SCRIPTS}
