"""Text as citizens type it (abuse catalogue C4, C10, N1 to N8, A11, A19)."""

import unicodedata

import pytest
from django.utils import translation
from hypothesis import example, given
from hypothesis import strategies as st

from core.exceptions import Invalid
from core.fold import fold, fold_characters, table
from core.names import skeleton
from core.text import clean_name, clean_text, count, is_blank

# Any code point at all, surrogates included.
ANYTHING = st.text(alphabet=st.characters(), max_size=60)


def refused(value, **options):
    with pytest.raises(Invalid) as refusal:
        clean_text(value, **{"max_length": 50, "field": "body", **options})
    assert refusal.value.status == 422
    assert refusal.value.field == "body"
    assert str(refusal.value).endswith(".")
    return refusal.value.code


# --- what is kept -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  hello \r\nworld\r", "hello\nworld"),
        ("a\u2028b\u2029c", "a\nb\nc"),
        ("e\u0301", "\u00e9"),
        ("我哋嘅𨋢同𠮩、嘅喺咗冇𠝹", "我哋嘅𨋢同𠮩、嘅喺咗冇𠝹"),
        ("Ｆｕｌｌ　ｗｉｄｔｈ", "Ｆｕｌｌ　ｗｉｄｔｈ"),
        ("👨‍👩‍👧‍👦 🇭🇰", "👨‍👩‍👧‍👦 🇭🇰"),
        ("a\tb", "a\tb"),
        ("%s {0} {{x}} <b>", "%s {0} {{x}} <b>"),
        ("line  \n\n\n\n\n\nline", "line\n\n\nline"),
    ],
)
def test_text_is_kept_as_typed_but_for_line_breaks_and_edges(typed, kept):
    assert clean_text(typed, max_length=200) == kept


def test_one_line_fields_become_one_line():
    assert clean_text("a\n b\t c", max_length=20, multiline=False) == "a b c"


@pytest.mark.parametrize(
    "typed",
    ["a\x00b", "\x07", "a\x1bb", "\x7f", "\x9d", "\ud800", "x\udfffy", "\ufffe", "\U0001ffff"],
)
def test_characters_that_cannot_be_shown_are_refused(typed):
    assert refused(typed) == "control_characters"


@pytest.mark.parametrize(
    "typed", ["", "   ", "\n\r\n", "\u200b\u200d\ufeff", "\u2060\u3164", "\u202e", None, "\u2800"]
)
def test_text_in_which_nothing_is_seen_is_refused(typed):
    assert refused(typed) == "required"
    assert clean_text(typed, max_length=5, required=False) == ""


@pytest.mark.parametrize("typed", [1, True, b"x", ["a"], {"a": 1}, 1.5])
def test_what_is_not_text_is_refused(typed):
    assert refused(typed) == "not_text"


def test_many_marks_on_one_letter_are_refused_and_real_ones_are_not():
    assert refused("Z" + "\u0301" * 5) == "marks"
    assert refused("x" * 10 + "e" + "\u0300\u0316" * 20) == "marks"
    assert clean_text("Việt ẫ ỹ", max_length=50)
    assert clean_text("ก็้ นี้", max_length=50)


def test_length_is_in_code_points_of_the_kept_form():
    assert clean_text("𨋢" * 50, max_length=50)
    assert clean_text("e\u0301" * 50, max_length=50) == "é" * 50
    assert refused("字" * 51) == "too_long"
    assert refused("a" * 10_000_000) == "too_long"
    assert count("a\r\nb") == 3
    assert count("e\u0301𨋢") == 2


def test_the_refusal_says_the_limit_in_the_readers_language():
    with translation.override("en"), pytest.raises(Invalid) as refusal:
        clean_text("a" * 60, max_length=50)
    assert str(refusal.value) == "Write at most 50 characters."
    assert refusal.value.data["limit"] == 50


@given(ANYTHING)
@example("\u0344" * 3)
@example("\u1100\u1161\u11a8")
def test_what_is_accepted_is_clean_and_stays_so(typed):
    try:
        kept = clean_text(typed, max_length=40)
    except Invalid:
        return
    assert kept == clean_text(kept, max_length=40)
    assert unicodedata.is_normalized("NFC", kept)
    assert 0 < len(kept) <= 40
    assert kept == kept.strip()
    assert not is_blank(kept)
    assert "\x00" not in kept
    assert "\r" not in kept
    kept.encode("utf-8")


# --- names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("陳大文", "陳大文"),
        ("  Chan   Tai Man ", "Chan Tai Man"),
        ("Mary\u202eanna", "Maryanna"),
        ("阿\u200b明", "阿明"),
        ("O'Brien-Lee", "O'Brien-Lee"),
        ("𨋢𨋢轆", "𨋢𨋢轆"),
        ("街坊阿強", "街坊阿強"),
        ("Root Vegetable", "Root Vegetable"),
        ("👩‍🌾 農夫", "👩‍🌾 農夫"),
        ("Иван", "Иван"),
    ],
)
def test_ordinary_names_are_kept(typed, kept):
    assert clean_name(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "Admin",
        "ADMIN",
        "a d m i n",
        "Аdmin",  # Cyrillic A
        "ａｄｍｉｎ",
        "adm\u200bin",
        "ΑDΜΙΝ",
        "àdmín",
        "4dmin admin1strator",
        "Site Moderator",
        "Official reply",
        "官方",
        "官方帳號",
        "政府新聞處",
        "政府新闻处",
        "政府 新聞處",
        "政　府",
        "環境保護署",
        "环境保护署",
        "管理员",
        "GovHK",
        "Kaifong team",
        "街坊",
        "Director of Lands",
        "香港警察",
        "Hong Kong Police",
        "某某事務委員會",
        "Moderat0r",
    ],
)
def test_names_that_imitate_an_official_are_refused(typed):
    with pytest.raises(Invalid) as refusal:
        clean_name(typed)
    assert refusal.value.code == "name_reserved"
    assert refusal.value.field == "display_name"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("=1+1", "name_formula"),
        ("-Tom", "name_formula"),
        ("＋Tom", "name_formula"),
        ("visit www.example.net", "name_address"),
        ("https://a.b", "name_address"),
        ("casino.com", "name_address"),
        ("me@example", "name_address"),
        ("@tom", "name_address"),
        ("...", "name_empty"),
        ("👍", "name_empty"),
        ("\u200d" * 255, "required"),
        ("\u202e\u202d", "required"),
        ("a" * 41, "too_long"),
        ("a\x00b", "control_characters"),
        (None, "required"),
        (7, "not_text"),
    ],
)
def test_names_that_are_no_names_are_refused(typed, code):
    with pytest.raises(Invalid) as refusal:
        clean_name(typed)
    assert refusal.value.code == code


def test_bureau_names_in_use_are_reserved_in_any_script():
    reserved = ["EPD", "Environmental Protection Department", "水務署總部"]
    for typed in ("epd", "E.P.D.", "Environmental  Protection Department", "水务署总部"):
        with pytest.raises(Invalid):
            clean_name(typed, reserved=reserved)
    assert clean_name("Pepdan", reserved=reserved) == "Pepdan"


def test_look_alikes_share_a_skeleton():
    assert skeleton("Pеtеr") == skeleton("peter") == skeleton("ＰＥＴＥＲ") == skeleton("Péter")
    assert skeleton("陳大文") == skeleton("陈大文")
    assert skeleton("Peter") != skeleton("Paul")


@given(ANYTHING)
def test_an_accepted_name_has_no_direction_marks_and_stays(typed):
    try:
        kept = clean_name(typed)
    except Invalid:
        return
    assert clean_name(kept) == kept
    assert not any(unicodedata.bidirectional(c) in {"RLO", "LRO", "RLE", "LRE"} for c in kept)
    assert "\n" not in kept


# --- folding ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("衞生", "卫生"),
        ("衛生", "卫生"),
        ("裏面", "里面"),
        ("裡面", "里面"),
        ("臺灣颱風枱", "台湾台风台"),
        ("頭髮發展", "头发发展"),
        ("路綫", "路线"),
        ("瞭解", "了解"),
        ("Ｃａｆé", "cafe"),
        ("ＡＢＣ１２３", "abc123"),
        ("Straße", "STRASSE"),
        ("垃\u200b圾", "垃圾"),
        ("都市固體廢物　收費", "都市固体废物 收费"),
        ("\u212a", "k"),
        ("搭𨋢", "搭䢂"),
    ],
)
def test_variants_of_a_text_fold_to_one(one, other):
    assert fold(one) == fold(other)


def test_folding_keeps_what_is_no_variant():
    assert fold("𠮩") == "𠮩"
    assert fold("が") == "が"
    assert fold("й") == "й"
    assert fold("\u200b\u200d") == ""


def test_the_fold_table_is_a_fixpoint_of_single_characters():
    entries = table()
    assert len(entries) > 5000
    assert all(len(target) == 1 for target in entries.values())
    assert all(ord(target) not in entries for target in entries.values())


@given(ANYTHING)
def test_folding_twice_changes_nothing_more(typed):
    once = fold(typed)
    assert fold(once) == once
    assert len(fold_characters(typed)) == len(typed)


def test_what_the_fold_table_leads_to_is_changed_by_nothing_that_follows():
    """So texts of plain characters alone are folded by the table and no more."""
    plain = [chr(code) for code in (*range(0x3001, 0x3021), *range(0x4E00, 0xA000))]
    for one in (*plain, *table().values()):
        assert unicodedata.normalize("NFKC", unicodedata.normalize("NFD", one)).casefold() == one
        assert unicodedata.category(one) != "Mn"


def test_the_fold_table_is_what_the_command_builds(tmp_path, monkeypatch):
    pytest.importorskip("opencc")
    from io import StringIO

    from core.fold import FOLD_FILE
    from core.management.commands import build_fold

    built = tmp_path / "fold.json"
    monkeypatch.setattr(build_fold, "FOLD_FILE", built)
    build_fold.Command(stdout=StringIO()).handle()
    assert built.read_bytes() == FOLD_FILE.read_bytes()
