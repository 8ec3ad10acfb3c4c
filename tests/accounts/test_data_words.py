"""Own data on the page: the reader's words for the file's keys and codes."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from accounts import data_words, export
from tests.accounts.test_privacy import seed

pytestmark = pytest.mark.django_db
#: Below these the keys are those of a paper's own questions.
FREE = {"answers", "answer"}


def keys_of(value: object) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(keys_of, value)) if value else set()
    if not isinstance(value, dict) or set(value) <= {"en", "zh-hant", "zh-hans"}:
        return set()
    below = [keys_of(part) for key, part in value.items() if key not in FREE]
    return set(value).union(*below)


def test_every_key_of_the_file_has_a_word_on_the_page():
    citizen, _other = seed()
    data = export.export_of(citizen)
    held = set().union(*(keys_of(data[name]) for name in export.titles()))
    assert len(held) > 30
    assert held <= set(data_words.LABELS)


@pytest.mark.parametrize(
    ("language", "rows"),
    [
        (
            "en",
            [
                ("Title", "Bags"),
                ("Received", "1 November 2026, 8:00 pm"),
                ("Who may read it", "only the bureau"),
                ("Name withheld", "No"),
                ("Version 1 – Text", "<b>Mine</b>"),
                ("House rule", "Off topic"),
                ("a-new-key", "a-new-code"),
            ],
        ),
        (
            "zh-hant",
            [
                ("標題", "垃圾袋"),
                ("收到時間", "2026年11月1日晚上8時"),
                ("誰可以看到", "只供部門閱覽"),
                ("名稱不予公開", "否"),
                ("版本（1） – 內容", "<b>Mine</b>"),
                ("討論守則", "與主題無關"),
                ("a-new-key", "a-new-code"),
            ],
        ),
    ],
)
def test_keys_codes_and_moments_are_said_in_the_reader_s_language(language, rows):
    held = [
        {
            "title": {"en": "Bags", "zh-hant": "垃圾袋"},
            "received_at": "2026-11-01T12:00:00+00:00",
            "publish_choice": "confidential",
            "name_withheld": False,
            "edited_at": None,
            "versions": [{"text": "<b>Mine</b>"}],
            "rule": "r3",
            "a-new-key": "a-new-code",
        },
        {"shown_name": ""},
    ]
    with override(language):
        assert data_words.entries(held) == [rows]


def test_a_vote_to_pass_is_not_taken_for_nothing():
    assert data_words.entries([{"choice": 0}, {"choice": -1}]) == [
        [("Choice", "pass")],
        [("Choice", "disagree")],
    ]


@pytest.mark.parametrize(
    ("language", "words", "code"),
    [
        ("en", "waits for a moderator", "publish_choice"),
        ("zh-hant", "誰可以看到", "publish_choice"),
    ],
)
def test_the_page_shows_words_and_not_the_keys_of_the_file(client, language, words, code):
    citizen, _other = seed()
    client.force_login(citizen)
    page = client.get(f"/{language}/account/data/").content.decode()
    assert words in page
    assert code not in page
