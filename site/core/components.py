"""The page that shows every component with real content, in the page's language.

The content is written for this page; nothing is read from the database.
"""

import datetime as dt
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.dates import ZONE, format_date, format_deadline
from core.fields import DateField, LongTextField
from core.file_fields import FilesField, KeptFile
from core.samples import SAMPLES
from core.texts import pick

PICTURES = ("noticeboard", "table", "ballot", "tram", "ferry")


class SampleForm(forms.Form):
    """One of each field, so that looks and errors can be judged together."""

    name = forms.CharField(
        max_length=40, widget=forms.TextInput(attrs={"autocomplete": "nickname"})
    )
    email = forms.EmailField(
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"})
    )
    text = LongTextField(max_length=500)
    shown = forms.ChoiceField(widget=forms.RadioSelect)
    topics = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    district = forms.ChoiceField(required=False)
    day = DateField(required=False)
    files = FilesField(required=False)  # type: ignore[assignment]
    agree = forms.BooleanField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in SAMPLES["fields"].items():
            field = self.fields[name]
            field.label = pick(words["label"]).text
            field.help_text = pick(words.get("hint", {})).text or field.help_text
            if "choices" in words:
                options = [(value, pick(text).text) for value, text in words["choices"].items()]
                field.choices = options  # type: ignore[attr-defined]
        picture, letter = SAMPLES["kept_files"]
        self.fields["files"].show(  # type: ignore[attr-defined]
            [
                KeptFile(
                    id="sample-picture",
                    name=pick(picture["name"]).text,
                    what=pick(picture["what"]).text,
                    small=static("img/noticeboard.svg"),
                    width=160,
                    height=120,
                    alt=pick(picture["alt"]).text,
                    described=True,
                ),
                KeptFile(
                    id="sample-letter",
                    name=pick(letter["name"]).text,
                    what=pick(letter["what"]).text,
                    address="#fields",
                ),
            ],
            most=5,
        )
        self.fields["shown"].choice_hints = {  # type: ignore[attr-defined]
            value: pick(text).text for value, text in SAMPLES["shown_hints"].items()
        }


def _moment(days: int, hour: int = 0) -> dt.datetime:
    """Days from 1 December 2026, so that the page does not change by the day."""
    return dt.datetime(2026, 12, 1, hour, tzinfo=ZONE) + dt.timedelta(days=days)


def _context(language: str) -> dict[str, Any]:
    words = {name: pick(text).text for name, text in SAMPLES["words"].items()}
    due = dt.date(2026, 9, 1)
    cards = [
        {
            **SAMPLES["cards"][index],
            "url": "#cards",
            "state": state,
            "opens_at": _moment(-29),
            "closes_at": _moment(31),
            "outcome_due": due,
            "count": count,
        }
        for index, (state, count) in enumerate(
            [("open", 1284), ("closing-soon", 1), ("outcome-overdue", 408)]
        )
    ]
    comments = [
        {**comment, "at": _moment(-3, 20), "id": f"sample{number}"}
        for number, comment in enumerate(SAMPLES["comments"])
    ]
    comments[0]["replies"] = [{**SAMPLES["reply"], "at": _moment(-2, 11), "id": "sample-reply"}]
    comments[-1]["withheld"] = {"rule": words["rule"], "at": _moment(-1)}
    steps = [
        {"name": words[name], "when": when, "state": state, "note": note}
        for name, when, state, note in (
            ("opened", format_date(_moment(-29), language), "done", ""),
            ("closed", format_deadline(_moment(31), language), "done", ""),
            ("reading", "", "done", ""),
            ("answer", format_date(due, language), "late", words["late_reason"]),
            ("action", "", "next", ""),
        )
    ]
    return {
        "words": words,
        "cards": cards,
        "steps": steps,
        "comments": comments,
        "statements": SAMPLES["statements"],
        "para": format_html("{}", pick(SAMPLES["paragraph"]).text),
        "opens_at": _moment(-29),
        "closes_at": _moment(31),
        "outcome": {**SAMPLES["outcome"], "url": "#outcomes", "at": _moment(-20), "count": 1284},
        "owed": [
            {"url": "#owed", "due": due, **SAMPLES["cards"][2]},
            {"url": "#owed", "due": dt.date(2126, 9, 1), **SAMPLES["cards"][0]},
        ],
        "queue": {
            **SAMPLES["queue"],
            "kind": words["queue_kind"],
            "id": "sample",
            "received_at": _moment(-1, 9),
            "reports": 2,
            "url": "#queue",
        },
        "notices": [
            {"text": words["notice1"], "url": "#notices", "at": _moment(-1, 9), "new": True},
            {"text": words["notice2"], "url": "#notices", "at": _moment(-9, 18), "new": False},
        ],
        "figures": [
            {"name": words["waits"], "value": 31},
            {"name": words["oldest"], "value": words["oldest_value"]},
            {"name": words["tonight"], "value": 4},
        ],
        "rows": [
            {"key": words["key_ref"], "value": "EPD/WR/2026/07"},
            {
                "key": words["key_name"],
                "value": "阿May",
                "href": "#rows",
                "action": words["change"],
            },
        ],
        "groups": [
            {
                "name": "state",
                "legend": words["state"],
                "options": [
                    {"value": "open", "text": words["open"], "count": 12, "checked": True},
                    {"value": "closed", "text": words["closed"], "count": 49},
                ],
            }
        ],
        "chosen": [{"text": words["open"], "href": "#facets"}],
        "empty_links": [
            {"href": "#empty", "text": words["empty_link1"]},
            {"href": "#empty", "text": words["empty_link2"]},
        ],
        "crumbs": [
            {"text": words["home"], "href": "#"},
            {"text": words["consultations"], "href": "#"},
        ],
        "page": Paginator(range(97), 10).page(4),
        "states": [
            *("draft", "waiting", "upcoming", "open", "closing-soon"),
            *("closed", "outcome-due", "outcome-overdue", "outcome-published"),
        ],
        "pictures": [static(f"img/{name}.svg") for name in PICTURES],
    }


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Every component, in the page's language; with ``?errors`` the form shows its errors."""
    from django.utils.translation import get_language

    language = get_language() or "en"
    bad = {"email": "nobody", "text": "街" * 501, "day_day": "31", "day_month": "2"}
    sample = SampleForm(bad) if "errors" in request.GET else SampleForm(auto_id="id_%s")
    context = _context(language)
    context["form"] = sample
    context["title"] = _("Components")
    return render(request, "core/components.html", context)
