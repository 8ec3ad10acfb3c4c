"""Redirects of editors answer as Wagtail's do; an address nobody kept costs one look-up."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

pytestmark = [pytest.mark.django_db, pytest.mark.db]


@pytest.mark.parametrize(
    ("kept", "asked"),
    [
        ("/old/paper", "/old/paper/"),
        ("/old/paper", "/old/paper?from=poster"),
        ("/old/paper?b=2&a=1", "/old/paper/?b=2&a=1"),
        ("/舊/文件", "/%E8%88%8A/%E6%96%87%E4%BB%B6/"),
    ],
)
@pytest.mark.parametrize("everywhere", [True, False])
def test_a_kept_redirect_is_followed_however_it_is_typed(tree, client, kept, asked, everywhere):
    site = None if everywhere else Site.objects.get()
    Redirect.add_redirect(kept, redirect_to="/en/", is_permanent=True)
    Redirect.objects.update(site=site)

    response = client.get(asked, headers={"host": "localhost"})

    assert (response.status_code, response["Location"]) == (301, "/en/")


def test_one_that_is_not_permanent_or_leads_nowhere(tree, client):
    Redirect.add_redirect("/for-now", redirect_to="/zh-hant/", is_permanent=False)
    Redirect.objects.create(old_path="/en/to-nothing")

    assert client.get("/for-now").status_code == 302
    assert client.get("/en/to-nothing/").status_code == 404


@pytest.mark.parametrize("asked", ["/en/nobody/s/", "/en/nobody/s/?q=1&r=2", "/zh-hant/%E7%84%A1/"])
def test_an_address_nobody_kept_is_asked_for_once(tree, asked):
    Redirect.add_redirect("/old/paper", redirect_to="/en/")
    with CaptureQueriesContext(connection) as met:
        assert Client().get(asked).status_code == 404

    of_redirects = [each["sql"] for each in met if "wagtailredirects" in each["sql"]]
    assert len(of_redirects) == 1
