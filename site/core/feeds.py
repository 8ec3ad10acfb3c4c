"""Atom as every room writes it: dates from the clock, entries that say their own language."""

from __future__ import annotations

import datetime as dt
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.utils.feedgenerator import Atom1Feed


class Feed(Atom1Feed):
    """Give it ``now``; items may have ``language`` (where it is not the feed's) and ``event``."""

    def latest_post_date(self) -> dt.datetime:
        """The newest entry; of an empty feed the moment it was asked for, as it was given."""
        dates = [item["updateddate"] for item in self.items]
        return max(dates) if dates else self.feed["now"]

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        """``xml:lang`` where a text is not there in the feed's language."""
        return {"xml:lang": item["language"]} if item.get("language") else {}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """The standard elements, and what kind of news it is."""
        super().add_item_elements(handler, item)
        if item.get("event"):
            handler.addQuickElement("category", "", AttributesImpl({"term": item["event"]}))


def printable(text: str) -> str:
    """XML has no way to write control characters; imported texts may hold some."""
    return "".join(each for each in text if each in "\n\t" or each.isprintable())
