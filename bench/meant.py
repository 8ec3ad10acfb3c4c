"""(t) 'Did you mean' in Chinese: how often the suggestion is what was meant, in both scripts.

Pieces of four to eight characters are cut out of drcd-dev at random, and one of their characters
is put wrong as people put it wrong: by another of the same sound (in Cantonese or Mandarin), or of
nearly the same shape. ``MEANT_CASES`` asks more of each kind.
"""

from __future__ import annotations

import json
import os
import random
import re
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.server import ROOT, table

_HAN = re.compile("[\u4e00-\u9fff]+")
#: Characters of each group are taken for one another.
SOUNDS = """
在再 做作造 的得 他她它 以已 是事士市式試視 時石實十食 公工功攻 國果
園元原員圓源完緣 年連 成城承誠程
會匯繪 利力歷立例 地弟第遞 子紫仔 部步布佈 記紀寄計既繼 機基雞幾 其期奇棋旗 書輸樞舒 本品 定訂錠
生身新申辛 人仁因恩 文民聞 方芳荒 行形型刑 全存傳泉 民文 明名鳴 心深芯 政正症證 意義議異易 經京驚
製制 權拳 建見健 際制 由油遊郵 有友右 美尾 海凱 東冬 中忠終鐘 西犀 南男 北不 小少 大代 道度渡 路露
交郊膠 教較 校效 師司思私絲 發法 活闊 物勿 花化 華畫 話劃 家加嘉 假價 門們 音陰 英應鷹 語與雨羽
"""
SHAPES = """
己已巳 未末 土士 日曰 人入八 大太犬 天夫 木本術 王玉主 目自 田由甲申 白百 石右 古占吉 今令 力刀
九丸 千干于 牛午 戶尸 治冶 冷泠 清情晴請睛 部陪倍培 侯候 辨辦辯 折拆析 拔撥 輪輸 鳥島烏 免兔 遺遣
微徵 圖圓團園 復複 還環 歷曆 陳陣 除徐 徒徙 密蜜 暮墓幕慕 提堤 往住佳 俊峻 低底抵 波坡破 注住往柱
議儀義 講購構 險檢驗儉 績積 續讀贖 擇譯澤 傳博轉 統流 間問門聞 郡群 都部 隊除 隨墮 錄綠 銅鋼 導尋
"""


def run() -> None:
    """Fill the index, ask, print the table."""
    from core.simplified import to_simplified
    from search.counting import count_tokens

    folder = Path(os.environ.get("KAIFONG_DATA") or ROOT.parent / "shared" / "data") / "drcd-dev"
    if not folder.is_dir():
        raise SystemExit(f"{folder} is not there (KAIFONG_DATA).")
    with (folder / "corpus.jsonl").open(encoding="utf-8") as file:
        texts = [json.loads(line) for line in file]
    _put([(each["title"], each["text"]) for each in texts])
    count_tokens()
    number = int(os.environ.get("MEANT_CASES") or 300)
    rows = []
    for name, groups in (("sound", SOUNDS), ("shape", SHAPES)):
        cases = list(_cases([each["text"] for each in texts], groups, number))
        for script, language in (("Traditional", "zh-hant"), ("Simplified", "zh-hans")):
            found: Counter[str] = Counter()
            taken = []
            change = to_simplified if language == "zh-hans" else str
            for meant, wrong in ((change(one), change(other)) for one, other in cases):
                began = time.process_time()
                said = _suggested(wrong, language)
                taken.append(1000 * (time.process_time() - began))
                found["right" if said == meant else "wrong" if said else "none"] += 1
                if os.environ.get("MEANT_SHOWN") and said != meant:
                    print(f"{wrong} -> {said or '-'} (meant {meant})")
            rows.append(
                [
                    f"another of the same {name}, {script}",
                    str(len(cases)),
                    *(
                        f"{100 * found[each] / len(cases):.1f} %"
                        for each in ("right", "wrong", "none")
                    ),
                    f"{statistics.median(taken):.1f}",
                ]
            )
    head = ["'did you mean', drcd-dev, one character wrong", "cases", "right", "another", "none"]
    table([*head, "CPU ms, median"], rows)


def _put(texts: list[tuple[str, str]]) -> None:
    from core import clock
    from search.models import SearchDoc, SearchScope
    from search.tokens import read

    now = clock.now()
    SearchScope.objects.create(key="s", visible=True)
    made = []
    for at, (title, body) in enumerate(texts):
        found = read(title, body)
        made.append(
            SearchDoc(
                kind="chapter",
                object_id=at,
                language="zh-hant",
                scope="s",
                at=now,
                length=found.length,
                digest="-",
                title=title,
                body=body,
                title_plain=found.title_plain,
                body_plain=found.body_plain,
                tokens=found.tokens,
            )
        )
    SearchDoc.objects.bulk_create(made)


def _cases(texts: list[str], groups: str, number: int) -> Iterator[tuple[str, str]]:
    """What was meant and what was written; the latter stands in no text."""
    from core.fold import fold

    drawn = random.Random(7)
    others: dict[str, set[str]] = {}
    for group in groups.split():
        for one in group:
            others.setdefault(one, set()).update(set(group) - {one})
    runs = [run for text in texts for run in _HAN.findall(text) if len(run) >= 4]
    everything = fold("\n".join(texts))
    made = 0
    while made < number:
        run, length = drawn.choice(runs), drawn.randint(4, 8)
        begin = drawn.randrange(max(1, len(run) - length + 1))
        meant = run[begin : begin + length]
        places = [at for at, one in enumerate(meant) if one in others]
        if len(meant) < 4 or not places:
            continue
        at = drawn.choice(places)
        wrong = meant[:at] + drawn.choice(sorted(others[meant[at]])) + meant[at + 1 :]
        if fold(wrong) == fold(meant) or fold(wrong) in everything:
            continue
        made += 1
        yield meant, wrong


def _suggested(text: str, language: str) -> str:
    from core import clock
    from search.asking import ask, opened
    from search.live import Narrowing
    from search.suggesting import suggest

    now = clock.now()
    with opened() as index:
        found = ask(text, Narrowing(), sort="relevance", language=language, now=now, index=index)
        return suggest(
            text, found, language=language, now=now, index=index, is_shown=lambda _answer: True
        )
