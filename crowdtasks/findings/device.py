"""Device and browser in words, from what the browser says of itself. A suggestion, to be changed.

Browsers say little and half of it for old times' sake: this names the few that people use, and
nothing that it is not told. Newer Androids and iPads hide their model, which is as it should be.
"""

from __future__ import annotations

import re

LIMIT = 200
_LONGEST = 500

#: The first that fits; most browsers also say they are another one.
_BROWSERS = (
    ("Edge", re.compile(r"\bEdg(?:e|A|iOS)?/(\d+)")),
    ("Samsung Internet", re.compile(r"\bSamsungBrowser/(\d+)")),
    ("Opera", re.compile(r"\bOPR/(\d+)")),
    ("WeChat", re.compile(r"\bMicroMessenger/(\d+)")),
    ("Firefox", re.compile(r"\b(?:Firefox|FxiOS)/(\d+)")),
    ("Chrome", re.compile(r"\b(?:Chrome|CriOS)/(\d+)")),
    ("Safari", re.compile(r"\bVersion/(\d+)[\d.]* (?:Mobile/\w+ )?Safari/")),
)
_SYSTEMS = (
    ("HarmonyOS", re.compile(r"\b(?:HarmonyOS|OpenHarmony) ?([\d.]*)")),
    ("Android", re.compile(r"\bAndroid ([\d.]+)")),
    ("iPhone, iOS", re.compile(r"\biPhone(?:;[^)]*)? OS (\d+(?:_\d+)?)")),
    ("iPad, iPadOS", re.compile(r"\biPad(?:;[^)]*)? OS (\d+(?:_\d+)?)")),
    ("ChromeOS", re.compile(r"\bCrOS \S+ ([\d.]+)")),
    ("Windows", re.compile(r"\bWindows NT ([\d.]+)")),
    ("macOS", re.compile(r"\bMac OS X()")),
    ("Linux", re.compile(r"\bLinux()")),
)
#: What Windows and Safari call themselves is no version that anybody knows.
_WINDOWS = {"10.0": "10/11", "6.3": "8.1", "6.2": "8", "6.1": "7"}


def device_of(said: str) -> str:
    """``Android 14, Chrome 130``; "" where nothing is known."""
    said = said[:_LONGEST]
    parts = []
    for name, pattern in _SYSTEMS:
        if found := pattern.search(said):
            version = found[1].replace("_", ".")
            if name == "Windows":
                version = _WINDOWS.get(version, "")
            parts.append(f"{name} {version}".strip())
            break
    for name, pattern in _BROWSERS:
        if found := pattern.search(said):
            parts.append(f"{name} {found[1]}")
            break
    return ", ".join(parts)
