"""``manage.py setup`` on an empty database, and again."""

import io

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Locale

from accounts.models import Account, Bureau, Role, RoleGrant
from core.models import AuditEntry, HomePage, PlatformSettings

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    out = io.StringIO()
    call_command("setup", "--defaults", *words, stdout=out)
    return out.getvalue()


def test_an_empty_database_gets_all_it_needs():
    run("--platform-name", "Engage", "--sender", "Engage <no-reply@engage.example>")
    row = PlatformSettings.objects.get()
    assert set(row.name.values()) == {"Engage"}
    assert row.sender == "Engage <no-reply@engage.example>"
    assert Bureau.objects.get(code="EPD").parent.code == "EEB"
    assert Bureau.objects.filter(in_use=True).count() == Bureau.objects.count()
    assert {locale.language_code for locale in Locale.objects.all()} == {"en", "zh-hant", "zh-hans"}
    assert HomePage.objects.live().count() == 3


def test_pages_show_the_name_and_whom_to_ask(client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        run(
            "--platform-name",
            "Engage",
            "--contact-email",
            "help@engage.example",
            "--contact-phone",
            "3000 0000",
        )
    for language in ("en", "zh-hant", "zh-hans"):
        page = client.get(f"/{language}/about/contact/").content.decode()
        assert "Engage</title>" in page
        assert '<span class="hk-wordmark__name">Engage</span>' in page
        assert page.count("mailto:help@engage.example") == 2
        assert page.count("tel:+85230000000") == 2


def test_a_platform_without_a_telephone_names_none(client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        run()
    for part in ("contact", "accessibility"):
        page = client.get(f"/en/about/{part}/").content.decode()
        assert "tel:" not in page
        assert "or call" not in page


def test_a_wrong_contact_address_is_refused_and_nothing_is_stored():
    with pytest.raises(CommandError):
        run("--platform-name", "Engage", "--contact-email", "nobody")
    assert not PlatformSettings.objects.exists()


def test_a_second_run_changes_nothing():
    run("--platform-name", "Engage", "--admin-email", "first@example.hk")
    before = (Bureau.objects.count(), HomePage.objects.count(), AuditEntry.objects.count())
    said = run("--platform-name", "Engage", "--admin-email", "first@example.hk")
    after = (Bureau.objects.count(), HomePage.objects.count(), AuditEntry.objects.count())
    assert after == before
    assert "Password" not in said


def test_without_options_what_is_stored_stays():
    run("--platform-name", "Engage", "--sender", "a@engage.example")
    run()
    row = PlatformSettings.objects.get()
    assert (row.name["en"], row.sender) == ("Engage", "a@engage.example")


def test_the_first_administrator_can_sign_in_with_the_printed_password():
    said = run("--admin-email", "first@example.hk")
    password = next(line for line in said.splitlines() if line.startswith("Password: "))[10:]
    account = Account.objects.get(email="first@example.hk")
    assert account.check_password(password)
    assert account.is_staff
    grant = RoleGrant.objects.get(account=account)
    assert (grant.role, grant.bureau, grant.until) == (Role.ADMINISTRATOR, None, None)


def test_only_the_named_bureaux_are_in_use():
    run("--bureaux", "epd, LCSD")
    in_use = Bureau.objects.filter(in_use=True).values_list("code", flat=True)
    assert set(in_use) == {"EPD", "LCSD"}
    run("--bureaux", "all")
    assert not Bureau.objects.filter(in_use=False).exists()


def test_an_unknown_bureau_is_named_and_nothing_is_written():
    with pytest.raises(CommandError, match="NOPE"):
        run("--bureaux", "EPD,NOPE")
    assert not Bureau.objects.exists()
    assert not PlatformSettings.objects.exists()
