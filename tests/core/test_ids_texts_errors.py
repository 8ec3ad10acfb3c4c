import re

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from core import exceptions, ids
from core.texts import Text, html_lang, known_language, pick

# --- ids ----------------------------------------------------------------------------------------


def test_public_ids_are_opaque_short_and_spell_nothing():
    made = {ids.public_id() for _number in range(2000)}
    assert len(made) == 2000
    assert all(re.fullmatch(r"[0-9b-df-hj-km-np-tv-z]{12}", one) for one in made)


def test_receipt_codes_are_26_characters_and_survive_being_written_down():
    codes = {ids.receipt_code() for _number in range(500)}
    assert len(codes) == 500
    for code in codes:
        assert len(code) == 26
        assert ids.clean_code(ids.show_code(code)) == code
        assert ids.clean_code(f"  {ids.show_code(code).lower()} ") == code
    assert ids.show_code("ABCDEFGHJKMNPQRSTVWXYZ0123") == "ABCDE-FGHJK-MNPQR-STVWX-YZ0123"


@pytest.mark.parametrize("typed", ["", "ABC", "A" * 27, "U" * 26, "é" * 26, "\x00", "0" * 100_000])
def test_what_cannot_be_a_code_is_nothing(typed):
    assert ids.clean_code(typed) == ""


def test_misread_letters_are_forgiven():
    assert ids.clean_code("OIL" + "A" * 23) == "011" + "A" * 23
    assert ids.clean_code("ＡＢ" + "A" * 24) == "AB" + "A" * 24


@given(st.text(max_size=300))
def test_any_text_is_a_code_or_nothing(typed):
    assert ids.clean_code(typed) == "" or len(ids.clean_code(typed)) == 26


# --- texts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "language", "text", "found"),
    [
        ({"en": "a", "zh-hant": "甲", "zh-hans": "乙"}, "zh-hans", "乙", "zh-hans"),
        ({"en": "a", "zh-hant": "甲", "zh-hans": ""}, "zh-hans", "甲", "zh-hant"),
        ({"en": "a", "zh-hans": "乙"}, "zh-hant", "乙", "zh-hans"),
        ({"en": "a"}, "zh-hant", "a", "en"),
        ({"zh-hant": "甲"}, "en", "甲", "zh-hant"),
        ({}, "zh-hans", "", "zh-hans"),
        (None, "en", "", "en"),
    ],
)
def test_the_best_language_there_is_and_which(texts, language, text, found):
    assert pick(texts, language) == Text(text, found)


def test_the_active_language_is_the_default():
    with translation.override("zh-hant"):
        picked = pick({"en": "a", "zh-hant": "甲"})
    assert (str(picked), picked.html_lang, bool(picked)) == ("甲", "zh-Hant-HK", True)
    assert not pick({})


@pytest.mark.parametrize(
    ("code", "known", "html"),
    [
        ("zh-HK", "zh-hant", "zh-Hant-HK"),
        ("zh_Hant", "zh-hant", "zh-Hant-HK"),
        ("zh-CN", "zh-hans", "zh-Hans"),
        ("zh-hans", "zh-hans", "zh-Hans"),
        ("zh", "zh-hant", "zh-Hant-HK"),
        ("en-GB", "en", "en"),
        ("fr", "en", "fr"),
        (None, "en", "en"),
    ],
)
def test_any_code_is_one_of_our_languages(code, known, html):
    assert known_language(code) == known
    assert html_lang(code) == html


# --- errors -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        (exceptions.Invalid, 422, "invalid"),
        (exceptions.Refused, 403, "refused"),
        (exceptions.SignInNeeded, 401, "sign_in_needed"),
        (exceptions.Absent, 404, "absent"),
        (exceptions.Conflict, 409, "conflict"),
        (exceptions.Closed, 409, "closed"),
        (exceptions.TooMany, 429, "too_many"),
        (exceptions.TooLarge, 413, "too_large"),
    ],
)
def test_each_refusal_has_status_code_and_sentence(kind, status, code):
    error = kind()
    assert (error.status, error.code) == (status, code)
    assert str(error).endswith(".")
    with pytest.raises(exceptions.DomainError):
        raise error


def test_a_refusal_takes_its_own_words_code_and_data():
    error = exceptions.Closed(gettext_lazy("Closed."), code="closed_early", data={"at": 1})
    assert (str(error), error.code, error.data) == ("Closed.", "closed_early", {"at": 1})
    assert exceptions.Invalid("No.", field="text").data == {"field": "text"}
    assert exceptions.TooMany(retry_after=0).retry_after == 1
