"""Products and builds: what publishing writes and refuses, and the page everybody reads."""

from __future__ import annotations

import hashlib

import pytest
from django.core.files.base import ContentFile
from wagtail.models import Collection

from consultations.actions.paper import publish_paper
from core.exceptions import Invalid
from core.models import MediaDocument
from crowdtasks.products.links import check_link
from tests.factories.products import build, builds_of, edit, make_product, make_product_draft

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "link",
    [
        "https://try.lcsd.gov.hk/seats?build=2#start",
        "https://試用.example.hk/",
        "https://8.8.8.8:8443/",
        "https://[2606:4700:4700::1111]/",
    ],
)
def test_public_addresses_are_taken(link: str) -> None:
    assert check_link(f" {link} ") == link


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("http://try.lcsd.gov.hk/", "scheme"),
        ("javascript:alert(1)//https://x.hk", "scheme"),
        ("itms-services://?action=download-manifest", "scheme"),
        ("//try.lcsd.gov.hk/", "scheme"),
        ("https://user:secret@try.lcsd.gov.hk/", "credentials"),
        ("https://try.lcsd.gov.hk@evil.example.com/", "credentials"),
        ("https://localhost/", "private"),
        ("https://seats/", "private"),
        ("https://build.intranet/", "private"),
        ("https://printer.local./", "private"),
        ("https://10.1.2.3/", "private"),
        ("https://127.1/", "private"),
        ("https://2130706433/", "private"),
        ("https://0x7f.0.0.1/", "private"),
        ("https://0177.0.0.1/", "private"),
        ("https://169.254.169.254/latest/meta-data/", "private"),
        ("https://100.64.0.1/", "private"),
        ("https://１０.0.0.1/", "private"),
        ("https://[::1]/", "private"),
        ("https://[::ffff:10.0.0.1]/", "private"),
        ("https://[fd00::1]/", "private"),
        ("https://[2606:4700::1%25eth0]/", "private"),
        ("https://[fec0::1]/", "private"),
        ("https://[::10.0.0.1]/", "private"),
        ("https://[64:ff9b::10.0.0.1]/", "private"),
        ("https://[64:ff9b:1::1]/", "private"),
        ("https://[2002:a00:1::]/", "private"),
        ("https://[3fff::1]/", "private"),
        ("https:///nowhere", "private"),
        ("https://a..b.hk/", "private"),
        ("https://try.lcsd.gov.hk:0/", "private"),
        ("https://try.lcsd.gov.hk:99999/", "link"),
        ("https://[::1/", "link"),
        ("https://try.lcsd.gov.hk\\@evil.example.com/", "link"),
        ("https://try.lcsd.gov.hk/a b", "link"),
        ("https://try.lcsd.gov.hk/\x00", "link"),
        ("https://try.lcsd.gov.hk/" + "a" * 500, "link"),
    ],
)
def test_other_addresses_are_refused(link: str, why: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_link(link)
    assert refused.value.code == why


def test_publishing_writes_the_builds_in_three_languages_with_the_fingerprint_of_a_file() -> None:
    content = b"PK\x03\x04 an app" * 100_000
    document = MediaDocument.objects.create(
        title="Seats 2.apk",
        file=ContentFile(content, name="seats-2.apk"),
        collection=Collection.get_first_root_node(),
    )
    page, engagement = make_product(
        builds=[build("1"), build("2", link="", document=document.pk, changes="The map is fast.")]
    )
    first, second = builds_of(engagement)
    assert first.link == "https://try.library.example.org/"
    assert set(first.to_try) == {"en", "zh-hant", "zh-hans"}
    assert second.sha256 == hashlib.sha256(content).hexdigest()
    assert second.size == len(content)
    assert second.changes["en"] == "The map is fast."
    assert engagement.kind == "product"

    # A build whose block goes is retired and stays; its version is free for another.
    edit(page, builds=[build("2", id="other")])
    publish_paper(page=page, by=None)
    states = {row.block_id: row.retired_at is None for row in builds_of(engagement)}
    assert states == {"build-1": False, "build-2": False, "other": True}


def test_a_private_address_is_not_published_even_from_a_draft_that_has_it() -> None:
    page = make_product_draft(builds=[build(link="https://192.168.0.5/")])
    with pytest.raises(Invalid) as refused:
        publish_paper(page=page, by=None)
    assert refused.value.field == "builds"


def test_two_builds_of_one_version_and_a_build_to_be_had_nowhere_are_refused() -> None:
    for builds in ([build("1"), build("1", id="b")], [build("1", link="")]):
        page = make_product_draft(builds=builds)
        with pytest.raises(Invalid) as refused:
            publish_paper(page=page, by=None)
        assert refused.value.field == "builds"


def test_everybody_reads_a_product_and_the_list_and_nobody_a_draft(client, tree) -> None:
    page, engagement = make_product(title="Seats of libraries")
    draft = make_product_draft(bureau=engagement.owner, title="Not yet")
    for language in ("en", "zh-hant", "zh-hans"):
        path = f"/{language}/products/{engagement.owner.slug}/{page.slug}/"
        assert engagement.paths[language] == path
        text = client.get(path).content.decode()
        assert 'href="https://try.library.example.org/"' in text
        assert "csrfmiddlewaretoken" not in text
        listed = client.get(f"/{language}/products/").content.decode()
        assert path in listed
        assert "Not yet" not in listed
    assert client.get(f"/en/products/{engagement.owner.slug}/{draft.slug}/").status_code == 404


def test_the_list_asks_as_little_of_many_products_as_of_one(
    client, tree, django_assert_max_num_queries
) -> None:
    for _number in range(4):
        make_product()
    with django_assert_max_num_queries(24):
        assert client.get("/en/products/").status_code == 200
