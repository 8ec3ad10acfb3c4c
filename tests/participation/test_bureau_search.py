"""Bureaux in search: those with something public, by name in each script, on the page they have."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Bureau
from core import audit, clock
from participation.models import Engagement
from search.asking import ask
from search.live import Narrowing
from search.models import SearchScope
from search.writing import differences
from tests.factories.consultations import make_paper, make_paper_draft
from tests.factories.engagements import make_bureau
from tests.factories.ideas import make_contest

pytestmark = [pytest.mark.django_db, pytest.mark.db]


def bureaux(text: str) -> list[str]:
    answer = ask(text, Narrowing(), sort="relevance", language="en", now=clock.now())
    hits = [hit.object_id for hit in answer.hits if hit.kind == "bureau"] if answer.whole else []
    assert not answer.whole or answer.facets["kind"].get("bureau", 0) == len(hits)
    return sorted(Bureau.objects.filter(pk__in=hits).values_list("code", flat=True))


def change(engagement: Engagement, state: str) -> None:
    engagement.state = state
    engagement.save()
    audit.record(
        "engagement.publish",
        actor="system",
        engagement_id=engagement.public_id,
        rows=[engagement],
    )


def test_a_bureau_is_found_while_it_has_something_public() -> None:
    above = make_bureau("CMAB", name={"en": "Marsupials Bureau", "zh-hant": "有袋類局"})
    names = {"en": "Wombat Department", "zh-hant": "袋熊衞生署", "zh-hans": "袋熊卫生署"}
    owner = make_bureau("WBD", name=names, parent=above)
    make_paper_draft(title="Secret crossings", bureau=owner)
    assert bureaux("wombat") == bureaux("wbd") == []
    _page, contest = make_contest(title="Wombat bridges", bureau=owner)
    for text in ("wombat department", "袋熊衛生署", "袋熊卫生", "WBD"):
        assert bureaux(text) == ["WBD"], text
    assert bureaux("marsupials") == []
    # To its list of contests; of consultations once it has one, which stands first.
    text = Client().get("/en/search/?q=wombat+department").content.decode()
    assert 'href="/en/contests/wbd/"' in text
    assert "Marsupials Bureau · Bureau or department" in text
    _page, paper = make_paper(title="Crossings", bureau=owner)
    text = Client().get("/zh-hant/search/?q=袋熊卫生署").content.decode()
    assert 'href="/zh-hant/consultations/wbd/"' in text
    assert Client().get("/zh-hant/consultations/wbd/").status_code == 200
    assert "Secret" not in text
    change(paper, "withdrawn")
    assert bureaux("wombat department") == ["WBD"]
    change(contest, "withdrawn")
    assert bureaux("wombat") == []
    assert not SearchScope.objects.filter(key="wbd").exists()
    assert differences() == []


def test_a_bureau_of_another_name_is_found_by_it() -> None:
    owner = make_bureau("WBD", name={"en": "Wombat Department", "zh-hant": "袋熊署"})
    make_paper(bureau=owner)
    owner.name = {"en": "Quokka Department", "zh-hant": "短尾袋鼠署"}
    owner.save()
    audit.record("bureaux.seed", actor="system", rows=[owner])
    assert bureaux("wombat") == []
    assert bureaux("quokka") == ["WBD"]
    feed = Client().get("/en/search/feed/?q=quokka").content.decode()
    assert "<name></name>" not in feed
    assert "Quokka Department" in feed
    assert differences() == []
