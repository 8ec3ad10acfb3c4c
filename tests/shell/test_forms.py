"""Forms: the library's markup, errors, and texts that are never lost."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from django.utils.safestring import mark_safe

from core.components import SampleForm
from core.exceptions import Invalid, TooMany
from core.fields import DateField, LongTextField
from core.form_pages import form_page

FIXTURES = Path(__file__).resolve().parents[2] / "node_modules/govuk-frontend/dist/govuk/components"
# Attributes of ours or of Django's that the library has no opinion about.
IGNORED = {"data-module", "aria-invalid", "required", "maxlength", "minlength", "novalidate"}


class _Skeleton(HTMLParser):
    """Tags, attributes and words of a piece of HTML, without the white space between them."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[Any] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = {name: " ".join((value or "").split()) for name, value in attrs}
        self.parts.append((tag, {k: v for k, v in sorted(kept.items()) if k not in IGNORED}))

    def handle_endtag(self, tag: str) -> None:
        if tag != "input":
            self.parts.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        if words := " ".join(data.split()):
            self.parts.append(words)


def skeleton(html: str) -> list[Any]:
    parser = _Skeleton()
    parser.feed(html)
    return parser.parts


def fixture(component: str, name: str) -> tuple[dict[str, Any], str]:
    path = FIXTURES / component / "fixtures.json"
    if not path.exists():
        pytest.skip("govuk-frontend's fixtures are not installed: scripts/build-assets")
    found = next(f for f in json.loads(path.read_text())["fixtures"] if f["name"] == name)
    return found["options"], found["html"]


def field_of(component: str, options: dict[str, Any]) -> forms.Field:
    choices = [(item["value"], item["text"]) for item in options.get("items", []) if item]
    label = options.get("fieldset", {}).get("legend") or options.get("label")
    common = {
        "label": label["text"],
        "help_text": options.get("hint", {}).get("text", ""),
        "required": True,
    }
    if component == "radios":
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
    if component == "checkboxes":
        widget = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=choices, widget=widget, **common)
    if component == "select":
        return forms.ChoiceField(choices=choices, **common)
    if component == "textarea":
        return forms.CharField(widget=forms.Textarea, **common)
    if component == "file-upload":
        return forms.FileField(**common)
    return forms.CharField(**common)


@pytest.mark.parametrize(
    ("component", "name"),
    [
        ("input", "default"),
        ("input", "with hint text"),
        ("input", "with error message"),
        ("input", "with error and hint"),
        ("textarea", "default"),
        ("textarea", "with hint"),
        ("textarea", "with error message"),
        ("radios", "default"),
        ("radios", "with fieldset and error message"),
        ("checkboxes", "default"),
        ("select", "default"),
        ("file-upload", "default"),
    ],
)
def test_fields_have_the_markup_of_the_library(component: str, name: str) -> None:
    options, html = fixture(component, name)
    field_name, identity = options["name"], options.get("idPrefix") or options.get("id")
    field = field_of(component, options)
    form_class = type("FixtureForm", (forms.Form,), {field_name: field})
    if identity:
        field.widget.attrs["id"] = identity
    form = form_class(auto_id="%s")
    bound = form[field_name]
    if message := options.get("errorMessage", {}).get("text"):
        form = form_class({}, auto_id="%s")
        form.full_clean()
        form._errors = type(form.errors)({field_name: form.error_class([message])})
        bound = form[field_name]
    for item in options.get("items") or []:
        if item and item.get("checked"):
            bound.initial = item["value"]
    with translation.override("en"):
        ours = skeleton(bound.as_field_group())
    theirs = skeleton(html)
    assert _comparable(ours) == _comparable(theirs)


def _comparable(parts: list[Any]) -> list[Any]:
    """What matters: order of tags, classes, ids, names, descriptions and words."""
    same = []
    for part in parts:
        if isinstance(part, tuple):
            tag, attrs = part
            names = ("class", "for", "name", "type", "aria-describedby", "rows")
            same.append((tag, {n: attrs[n] for n in names if attrs.get(n)}))
        else:
            same.append(part)
    return same


@pytest.mark.parametrize(
    ("component", "template", "name", "context"),
    [
        (
            "breadcrumbs",
            "breadcrumbs",
            "default",
            lambda options: {"items": options["items"]},
        ),
        (
            "error-summary",
            "error-summary",
            "default",
            lambda options: {"form": _form_with(options["errorList"])},
        ),
        (
            "summary-list",
            "summary-list",
            "default",
            lambda options: {
                "rows": [
                    {
                        "key": row["key"]["text"],
                        "value": mark_safe(row["value"].get("text") or row["value"]["html"]),
                    }
                    for row in options["rows"]
                ]
            },
        ),
    ],
)
def test_components_have_the_markup_of_the_library(
    component: str, template: str, name: str, context: Any
) -> None:
    options, html = fixture(component, name)
    with translation.override("en"):
        ours = render_to_string(f"components/{template}.html", context(options))
    assert _comparable(skeleton(ours)) == _comparable(skeleton(html))


def _form_with(errors: list[dict[str, str]]) -> forms.Form:
    fields = {item["href"][1:]: forms.CharField() for item in errors}
    form = type("ErrorForm", (forms.Form,), fields)({}, auto_id="%s")
    form.full_clean()
    form._errors = type(form.errors)(
        {item["href"][1:]: form.error_class([item["text"]]) for item in errors}
    )
    return form


def test_a_long_text_counts_as_the_page_does() -> None:
    field = LongTextField(max_length=3)
    assert field.clean("𨋢\r\nb") == "𨋢\nb"
    assert field.clean("e\u0301街坊") == "é街坊"
    with pytest.raises(forms.ValidationError):
        field.clean("街坊街坊")


def test_three_boxes_make_a_date() -> None:
    assert str(DateField().clean(["2026", "12", "31"])) == "2026-12-31"
    assert DateField(required=False).clean(["", "", ""]) is None
    for wrong in (["2026", "2", "30"], ["2026", "x", "1"], ["9" * 8, "1", "1"], ["2026", "", ""]):
        with pytest.raises(forms.ValidationError):
            DateField().clean(wrong)


def test_date_boxes_follow_the_language() -> None:
    for language, order in (("en", "day month year"), ("zh-hant", "year month day")):
        with translation.override(language):
            html = SampleForm()["day"].as_field_group()
        places = [html.index(f"id_day-{part}") for part in order.split()]
        assert places == sorted(places)


class OneText(forms.Form):
    text = LongTextField(max_length=20)


def _page(method: str, data: dict[str, str], act: Any) -> HttpResponse:
    request = getattr(RequestFactory(), method)("/en/x/", data)
    return form_page(request, "forms/test-page.html", OneText, act=act)


@pytest.fixture
def page_template(settings: Any, tmp_path: Path) -> None:
    folder = tmp_path / "forms"
    folder.mkdir()
    (folder / "test-page.html").write_text(
        '{% include "components/error-summary.html" %}<form id="{{ form_id }}">{{ form }}</form>'
    )
    templates = [{**settings.TEMPLATES[0]}]
    templates[0]["DIRS"] = [*templates[0]["DIRS"], tmp_path]
    settings.TEMPLATES = templates


@pytest.mark.usefixtures("page_template")
def test_form_page_shows_judges_and_acts() -> None:
    def done(form: OneText) -> HttpResponse:
        return HttpResponseRedirect(f"/en/{form.cleaned_data['text']}/")

    shown = _page("get", {}, done)
    assert shown.status_code == 200
    assert "no-store" in shown.headers["Cache-Control"]
    assert b"error" not in shown.content
    wrong = _page("post", {"text": "long" * 6}, done)
    assert wrong.status_code == 422
    assert b"longlonglong" in wrong.content
    assert b'href="#id_text"' in wrong.content
    right = _page("post", {"text": "a"}, done)
    assert (right.status_code, right.headers["Location"]) == (302, "/en/a/")


@pytest.mark.usefixtures("page_template")
def test_a_refusal_keeps_the_text_and_names_its_field() -> None:
    def refuse(form: OneText) -> HttpResponse:
        raise Invalid("Not this word.", field="text")

    def slow_down(form: OneText) -> HttpResponse:
        raise TooMany("Wait.", retry_after=30)

    refused = _page("post", {"text": "kept words"}, refuse)
    assert refused.status_code == 422
    assert b"kept words</textarea>" in refused.content
    assert refused.content.count(b"Not this word.") == 2
    waiting = _page("post", {"text": "kept words"}, slow_down)
    assert (waiting.status_code, waiting.headers["Retry-After"]) == (429, "30")
    assert b"kept words</textarea>" in waiting.content


@pytest.mark.usefixtures("page_template")
def test_switching_language_keeps_what_was_typed_unjudged() -> None:
    def never(form: OneText) -> HttpResponse:
        raise AssertionError("a switch is not a submit")

    switched = _page("post", {"text": "x" * 30, "switch_language": "en"}, never)
    assert switched.status_code == 200
    assert b"x" * 30 in switched.content
    assert b"error" not in switched.content


def test_the_summary_names_the_field_and_speaks_the_language_of_hong_kong() -> None:
    with translation.override("zh-hant"):
        form = SampleForm({"email": "nobody", "text": "街" * 501})
        html = render_to_string("components/error-summary.html", {"form": form})
    assert "顯示名稱：請填寫此欄。" in html
    assert "請輸入正確的電郵地址。" in html
    assert "最多可輸入500字（現有501字）。" in html
    assert "必要欄位" not in html


class WithWords(forms.Form):
    text = forms.CharField(label="Text", error_messages={"required": "Write it."})


def test_the_summary_lets_words_of_the_form_speak_for_themselves() -> None:
    html = render_to_string("components/error-summary.html", {"form": WithWords({})})
    assert ">Write it.<" in html


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
def test_enter_sends_the_form_and_does_not_switch_the_language(client, language: str) -> None:
    """Browsers press the form's first submit button in the page, which stands in the header."""
    page = client.get(f"/{language}/account/sign-in/password/").content.decode()
    form = re.search(r'<form method="post" id="([^"]+)"', page)
    assert form is not None
    buttons = re.findall(rf'<button type="submit" form="{form[1]}"[^>]*>', page)
    assert len(buttons) == 3
    assert "formaction" not in buttons[0]
    assert "name=" not in buttons[0]
    assert all("formaction" in each for each in buttons[1:])
