"""Make the table that folds Traditional characters to Simplified ones."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.fold import FOLD_FILE

# Blocks with Han characters: the basic block, extensions A to I, compatibility ideographs.
RANGES = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))
# What the three tables leave, because they convert these only within words.
BY_HAND = {"瞭": "了", "藉": "借", "覆": "复"}
ROUNDS = 8


class Command(BaseCommand):
    """``manage.py build_fold``: a development command; OpenCC is not needed to run the platform."""

    help = "Build core/data/fold.json from OpenCC's t2s, hk2s and tw2s, character by character."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            import opencc
        except ImportError as error:
            raise CommandError("OpenCC is missing. Install requirements-dev.txt.") from error
        converters = [opencc.OpenCC(name) for name in ("t2s", "hk2s", "tw2s")]
        entries: dict[str, str] = {}
        for first, last in RANGES:
            for point in range(first, last + 1):
                source = chr(point)
                target = self._fixpoint(source, converters)
                if target != source:
                    entries[source] = target
        text = json.dumps(entries, ensure_ascii=False, indent=0, sort_keys=True) + "\n"
        FOLD_FILE.parent.mkdir(exist_ok=True)
        FOLD_FILE.write_text(text, encoding="utf-8")
        self.stdout.write(f"{len(entries)} characters folded.")

    @staticmethod
    def _fixpoint(source: str, converters: list[Any]) -> str:
        current = unicodedata.normalize("NFKC", source)
        for _round in range(ROUNDS):
            before = current
            current = BY_HAND.get(current, current)
            for converter in converters:
                converted = converter.convert(current)
                if len(converted) == 1:
                    current = converted
            if current == before:
                return current
        return current
