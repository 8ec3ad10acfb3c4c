"""A10: after signing in only a path of this very site is gone to."""

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.safety import safe_next
from tests.accounts.helpers import SIGN_IN, enter

BAD = [
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https://evil.example/",
    "http://testserver/en/",
    "/%09/evil.example",
    "%09//evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    "/\n/evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "//evil%2f@good.example",
    "/%2fevil.example",
    "/%5cevil.example",
    "/%255cevil.example",
    "/%252fevil.example",
    "///evil.example",
    "/a\\..\\b",
    "en/account/",
    "?next=//evil.example",
    "",
    "/en/\x00",
    "/" + "a" * 3000,
    "/en/account/sign-in/",
    "/zh-hant/account/sign-out/",
    "/account/sign-in/?next=/en/",
]
GOOD = [
    "/en/",
    "/zh-hant/consultations/epd/waste/?chapter=2#p-1",
    "/en/e/bcdfghjkmnpq/comment/?on=whole",
    "/cms/",
    "/en/search/?q=%E5%9E%83%E5%9C%BE",
    "/en/account/invitation/abc-_DEF/",
]


@pytest.mark.parametrize("address", BAD)
def test_what_could_lead_elsewhere_leads_home(address):
    assert safe_next(address, "/en/") == "/en/"


@pytest.mark.parametrize("address", GOOD)
def test_plain_paths_are_kept(address):
    assert safe_next(address, "/en/account/") == address


@pytest.mark.parametrize("value", [None, 3, b"/en/", ["/en/"]])
def test_what_is_no_text_leads_home(value):
    assert safe_next(value, "/en/") == "/en/"


_PIECES = st.lists(
    st.sampled_from(
        [
            "/",
            "\\",
            "%2f",
            "%5C",
            "%09",
            "\t",
            "\n",
            "evil.example",
            "https:",
            "@",
            "?",
            "#",
            "..",
            "a",
            ":",
            "%25",
            "2f",
            "5c",
            " ",
            "\u3002",
            "\uff0f",
            "%00",
            ";",
            "&next=",
            "//",
        ]
    ),
    max_size=8,
).map("".join)


@given(st.one_of(_PIECES, _PIECES.map(lambda tail: "/" + tail), st.text()))
@example("/%2f%2fevil.example")
def test_whatever_is_let_through_stays_on_this_site(value):
    """Read as browsers do: blanks and controls dropped, backslash as slash, decoded on the way."""
    found = safe_next(value)
    if not found:
        return
    assert found == value
    assert found.startswith("/")
    seen = found
    for _round in range(3):
        browser = seen.replace("\\", "/")
        for dropped in ("\t", "\n", "\r"):
            browser = browser.replace(dropped, "")
        browser = browser.strip("".join(chr(code) for code in range(33)))
        path = browser.partition("#")[0].partition("?")[0]
        assert path.startswith("/")
        assert not path.startswith("//")
        parts = urlsplit(path)
        assert not parts.scheme
        assert not parts.netloc
        seen = unquote(path)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["//evil.example", "/\\evil.example", "https://evil.example/"])
def test_signing_in_never_leads_away(client, address, kept_contexts):
    page = client.get(SIGN_IN, {"next": address})
    assert "evil.example" not in page.context["next"]
    response = enter(client, "someone@people.example", next=address)
    assert response.url == "/en/account/"


@pytest.mark.django_db
def test_signing_in_leads_back_to_where_one_was(client):
    target = "/en/e/bcdfghjkmnpq/comment/?on=whole"
    page = client.get(SIGN_IN, {"next": target})
    assert 'name="next" value="/en/e/bcdfghjkmnpq/comment/?on=whole"' in page.content.decode()
    assert enter(client, "someone@people.example", next=target).url == target
