import pytest
from django.db import connection
from wagtail.models import Collection, Locale, Page, Site

from core import audit, tree
from core.models import AuditEntry, HomePage, MediaImage

pytestmark = pytest.mark.django_db


def test_the_tree_is_made_once_with_a_home_for_each_language():
    homes = tree.ensure_tree()
    assert list(homes) == ["en", "zh-hant", "zh-hans"]
    assert len({home.translation_key for home in homes.values()}) == 1
    assert {home.locale.language_code for home in homes.values()} == set(homes)
    assert all(home.live and home.latest_revision_id for home in homes.values())
    assert homes["en"].title == "Kaifong"
    assert homes["zh-hant"].title == "街坊"
    root = Page.get_first_root_node()
    assert [page.slug for page in root.get_children()] == ["en", "zh-hant", "zh-hans"]
    pages = Page.objects.count()
    again = tree.ensure_tree()
    assert {code: home.pk for code, home in again.items()} == {
        code: home.pk for code, home in homes.items()
    }
    assert Page.objects.count() == pages
    assert Page.find_problems() == ([], [], [], [], [])
    assert Locale.objects.count() == 3
    assert Site.objects.count() == 1


@pytest.mark.urls("tests.core.page_urls")
def test_addresses_begin_with_the_language():
    homes = tree.ensure_tree()
    Site.clear_site_root_paths_cache()
    paths = {code: home.get_url_parts()[2] for code, home in homes.items()}
    assert paths == {"en": "/en/", "zh-hant": "/zh-hant/", "zh-hans": "/zh-hans/"}


def test_what_editors_wrote_stays():
    homes = tree.ensure_tree()
    home = homes["zh-hant"]
    home.title = "我的街坊"
    home.save_revision().publish()
    tree.ensure_tree()
    assert HomePage.objects.get(pk=home.pk).title == "我的街坊"


def test_a_missing_language_is_added_to_the_others():
    homes = tree.ensure_tree()
    key = homes["en"].translation_key
    homes["zh-hans"].delete()
    assert tree.ensure_tree()["zh-hans"].translation_key == key


@pytest.mark.django_db(transaction=True)
def test_the_tree_grows_from_an_empty_database():
    Page.objects.all().delete()
    Site.objects.all().delete()
    Collection.objects.all().delete()
    homes = tree.ensure_tree()
    assert Site.objects.get(is_default_site=True).root_page_id == homes["en"].pk
    assert Collection.get_first_root_node() is not None


def test_apps_hang_their_pages_below_the_homes(monkeypatch):
    monkeypatch.setattr(tree, "_builders", {})
    seen = []

    def first(homes):
        seen.append(sorted(homes))

    tree.register_tree_builder("first", first)
    tree.register_tree_builder("first", first)
    tree.ensure_tree()
    assert seen == [["en", "zh-hans", "zh-hant"]]

    def other(homes):
        raise AssertionError(homes)

    with pytest.raises(ValueError, match="registered already"):
        tree.register_tree_builder("first", other)


@pytest.mark.db
def test_acts_in_the_cms_enter_the_audit_trail():
    homes = tree.ensure_tree()
    before = AuditEntry.objects.count()
    home = homes["en"]
    home.title = "Changed title"
    home.save_revision(log_action=True).publish()
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))[before:]
    assert verbs == ["cms.wagtail.edit", "cms.wagtail.rename", "cms.wagtail.publish"]
    entry = AuditEntry.objects.last()
    assert entry.actor == "system"
    assert str(home.translation_key) in entry.subject
    assert "Changed" not in str(entry.__dict__)
    assert audit.verify().ok


@pytest.mark.db
def test_the_actor_of_a_cms_act_is_the_accounts_opaque_id():
    from wagtail.log_actions import log

    from accounts.models import Account

    tree.ensure_tree()
    account = Account.objects.create_user("officer@demo.example", "a long password")
    image = MediaImage.objects.create(title="Harbour", width=1, height=1, file="x.png")
    log(image, "wagtail.create", user=account)
    entry = AuditEntry.objects.last()
    assert entry.verb == "cms.wagtail.create"
    assert entry.actor == account.audit_id
    assert entry.subject == f"core.mediaimage:{image.pk}"
    assert "@" not in str(entry.__dict__)


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_no_cms_log_stands_without_its_audit_entry():
    from wagtail.log_actions import log
    from wagtail.models import ModelLogEntry

    tree.ensure_tree()
    image = MediaImage.objects.create(title="Harbour", width=1, height=1, file="x.png")
    entries = ModelLogEntry.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_auditentry RENAME TO core_auditentry_away")
    try:
        with pytest.raises(Exception, match="core_auditentry"):
            log(image, "wagtail.create")
        assert ModelLogEntry.objects.count() == entries
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE core_auditentry_away RENAME TO core_auditentry")
