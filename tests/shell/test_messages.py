"""The catalogues of every app are complete; the script finds what is not."""

import importlib.machinery
import importlib.util
import re
from pathlib import Path
from types import ModuleType

import polib
import pytest
import wagtail
import wagtail_localize

ROOT = Path(__file__).resolve().parents[2]
PLACES = sorted(
    path.parents[2]
    for pattern in ("site/locale", "site/locale_cms", "site/*/locale", "*/locale")
    for path in ROOT.glob(f"{pattern}/zh_Hant/LC_MESSAGES/django.po")
)

#: A number or Latin word, or what will be one, with a space between it and a character.
_BESIDE = r"(?:%\((?!contact_email|name|by)\w+\)[sd]|\{(?!name)\w+\}|(?<![)])[A-Za-z0-9])"
APART = re.compile(rf"[\u3400-\u9fff] {_BESIDE}|{_BESIDE} [\u3400-\u9fff]")


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("messages", str(ROOT / "scripts" / "messages"))
    spec = importlib.util.spec_from_loader("messages", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.mark.parametrize("locale", PLACES, ids=lambda path: path.parent.name)
def test_catalogues_are_fit_to_ship(messages: ModuleType, locale: Path) -> None:
    assert messages.faults_of(locale) == []
    assert not messages.differs(messages.path_of(locale, "zh_Hans"), messages.derived(locale))


@pytest.mark.parametrize("locale", PLACES, ids=lambda path: path.parent.name)
def test_no_latin_sentence_is_left_in_chinese(messages: ModuleType, locale: Path) -> None:
    for entry in messages.load(messages.path_of(locale, "zh_Hant")):
        # A full-width mark is Chinese too: some entries are only that and placeholders. The
        # sign for how many answered is the same in every language.
        words = messages.words_of(entry)
        assert (
            messages.CJK.search(words) or re.search("[：、，（「]", words) or entry.msgid == "n"
        ), entry.msgid


def test_one_msgid_has_one_wording(messages: ModuleType) -> None:
    assert len(PLACES) >= 7
    assert messages.clashes() == []


@pytest.mark.parametrize("locale", PLACES, ids=lambda path: path.parent.name)
def test_chinese_is_set_as_hong_kong_sets_it(messages: ModuleType, locale: Path) -> None:
    for entry in messages.load(messages.path_of(locale, "zh_Hant")):
        words = re.sub(r"%\(\w+\)[sd]|<[^>]+>|&\w+;", "", messages.words_of(entry))
        # 你 is for everybody; a half-width mark after a character belongs to English.
        assert "您" not in words
        # Set close, as official texts are: 尚餘3個名額, 下載CSV檔案.
        assert not APART.search(re.sub(r"<[^>]+>", "", messages.words_of(entry))), words
        assert not re.search(r"[\u4e00-\u9fff][,;:!?()]|[,;!?][\u4e00-\u9fff]", words), words
        for foreign in (
            "登錄",
            "用戶名",
            "郵箱",
            "信息",
            "網絡釣魚",
            "資料庫",
            "軟體",
            "網路",
            "螢幕",
        ):
            assert foreign not in words, words


def test_borrowed_words_are_words_of_the_cms(messages: ModuleType) -> None:
    """An upgrade of the CMS may drop a msgid; then its words here are of no use."""
    theirs: set[tuple[str | None, str]] = set()
    for package in (wagtail, wagtail_localize):
        for path in Path(package.__file__).parent.rglob("locale/en/LC_MESSAGES/django.po"):
            theirs |= {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(path))}
    for locale in messages.BORROWED:
        ours = messages.load(messages.path_of(locale, "zh_Hant"))
        assert len(ours) > 100
        assert {(entry.msgctxt, entry.msgid) for entry in ours} <= theirs


def _catalogue(path: Path, *entries: polib.POEntry) -> None:
    path.parent.mkdir(parents=True)
    catalogue = polib.POFile()
    catalogue.extend(entries)
    catalogue.save(str(path))


def test_faults_are_found(
    messages: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    hant = messages.path_of(tmp_path, "zh_Hant")
    _catalogue(
        hant,
        polib.POEntry(msgid="Empty.", msgstr=""),
        polib.POEntry(msgid="Fuzzy.", msgstr="模糊", flags=["fuzzy"]),
        polib.POEntry(msgid="%(count)s left.", msgstr="尚餘%(number)s"),
        polib.POEntry(msgid="提交", msgstr="提交"),
    )
    _catalogue(
        messages.path_of(tmp_path, "zh_Hans"),
        polib.POEntry(msgid="Traditional.", msgstr="網頁"),
        polib.POEntry(msgid="Kept.", msgstr="網頁", tcomment="by hand: a name"),
    )
    found = "\n".join(messages.faults_of(tmp_path))
    for fault in (
        "not translated: 'Empty.'",
        "fuzzy: 'Fuzzy.'",
        "other placeholders",
        "must be English",
    ):
        assert fault in found
    assert "Traditional left: '網頁'" in found
    assert found.count("Traditional left") == 1


def test_simplified_follows_except_by_hand(messages: ModuleType, tmp_path: Path) -> None:
    _catalogue(
        messages.path_of(tmp_path, "zh_Hant"),
        polib.POEntry(msgid="One.", msgstr="「網上」諮詢"),
        polib.POEntry(msgid="Two.", msgstr="軟件"),
    )
    _catalogue(
        messages.path_of(tmp_path, "zh_Hans"),
        polib.POEntry(msgid="One.", msgstr="旧"),
        polib.POEntry(msgid="Two.", msgstr="软体", tcomment="by hand"),
    )
    words = {entry.msgid: entry.msgstr for entry in messages.derived(tmp_path)}
    assert words == {"One.": "“网上”咨询", "Two.": "软体"}


def test_two_wordings_of_one_msgid_are_found(
    messages: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = (tmp_path / "one", tmp_path / "two")
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "LOCALES", places)
    for folder, word in zip(places, ("職務", "角色"), strict=True):
        _catalogue(
            messages.path_of(folder, "zh_Hant"),
            polib.POEntry(msgid="Role", msgstr=word),
            polib.POEntry(msgid="Back", msgstr="返回"),
        )
    (fault,) = messages.clashes()
    assert "'Role'" in fault
