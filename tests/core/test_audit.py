"""The audit trail: what record accepts, what the chain proves, what verify finds."""

import datetime as dt
import threading
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from accounts.models import Bureau
from core import audit, clock
from core.models import AuditEntry, AuditHead, AuditLink, PlatformSettings

pytestmark = [pytest.mark.django_db, pytest.mark.db]


def bureaux(count, start=0):
    return [
        Bureau.objects.create(code=f"B{n}", slug=f"b{n}", name={"en": f"Bureau {n}"})
        for n in range(start, start + count)
    ]


def faults():
    return audit.verify().faults


@pytest.fixture
def trail():
    """Three entries: a bureau added, the same changed, another added."""
    first, second = bureaux(2)
    audit.record("bureau.add", actor="system", rows=[first], subject=first.code)
    first.in_use = False
    first.save()
    audit.record("bureau.change", actor="system", rows=[first])
    audit.record("bureau.add", actor="system", rows=[second], engagement_id="abc")
    assert faults() == []
    return first, second


def tamper(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        assert cursor.rowcount == 1


# --- writing ------------------------------------------------------------------------------------


def test_an_entry_holds_digests_and_no_text():
    (bureau,) = bureaux(1)
    entry = audit.record("bureau.add", actor="system", rows=[bureau], subject="x")
    entry.refresh_from_db()
    assert entry.actor == "system"
    assert entry.rows[0][:2] == ["accounts.Bureau", str(bureau.pk)]
    assert len(entry.rows[0][2]) == 64
    assert "Bureau 0" not in str(entry.rows)
    again = audit.record("bureau.add", actor="system", rows=[bureau])
    assert again.rows[0][2] != entry.rows[0][2], "each entry has a salt of its own"


def test_the_entry_carries_the_scopes_instant():
    with clock.scope():
        received_at = clock.now()
        assert audit.record("x", actor="system").at == received_at


def test_an_actor_needs_an_opaque_id():
    class Somebody:
        audit_id = "abc123"

    assert audit.record("x", actor=Somebody()).actor == "abc123"
    for nobody in (None, object(), "admin", 7):
        with pytest.raises(audit.AuditFault):
            audit.record("x", actor=nobody)


def test_rows_without_audited_fields_or_key_are_refused():
    with pytest.raises(audit.AuditFault, match="AUDITED_FIELDS"):
        audit.record("x", actor="system", rows=[AuditHead(pk=1)])
    with pytest.raises(audit.AuditFault, match="unsaved"):
        audit.record("x", actor="system", rows=[Bureau(code="Z")])


@pytest.mark.django_db(transaction=True)
def test_record_outside_a_transaction_is_refused():
    with pytest.raises(audit.AuditFault, match="inside the transaction"):
        audit.record("x", actor="system")
    assert not AuditEntry.objects.exists()


def test_entries_are_neither_changed_nor_deleted_by_code():
    entry = audit.record("x", actor="system")
    entry.verb = "y"
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()


def test_the_digest_is_of_what_the_database_gives_back():
    """A value as typed in Python and the same as read again give one digest."""
    row = PlatformSettings(
        name={"zh-hant": "街坊", "en": "K"}, sender="a@b.example", central_gate=1
    )
    row.save()
    audit.record("settings.change", actor="system", rows=[row])
    assert faults() == []


# --- tampering ----------------------------------------------------------------------------------


def test_an_untouched_trail_holds(trail):
    report = audit.verify()
    assert (report.entries, report.links, report.rows, report.ok) == (3, 3, 2, True)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("verb", "other"),
        ("actor", "somebody"),
        ("engagement", "zzz"),
        ("subject", "zzz"),
        ("at", "2001-01-01 00:00:00+00:00"),
        ("rows", "[]"),
    ],
)
def test_a_changed_entry_is_named(trail, column, value):
    entry = AuditEntry.objects.first()
    tamper(f"UPDATE core_auditentry SET {column} = %s WHERE id = %s", value, entry.pk)
    assert f"Audit entry {entry.pk} or its link 1 has been changed." in faults()[0]


def test_a_changed_salt_is_found_by_the_row(trail):
    entry = AuditEntry.objects.last()
    tamper("UPDATE core_auditentry SET salt = '' WHERE id = %s", entry.pk)
    assert "has been changed" in faults()[0]


def test_a_deleted_entry_is_named(trail):
    entry = AuditEntry.objects.all()[1]
    tamper("DELETE FROM core_auditentry WHERE id = %s", entry.pk)
    assert faults()[0] == f"Audit entry {entry.pk} (link 2) has been deleted."


@pytest.mark.parametrize("sequence", [1, 2])
def test_a_deleted_link_leaves_a_gap(trail, sequence):
    tamper("DELETE FROM core_auditlink WHERE sequence = %s", sequence)
    assert faults()[0] == f"Link {sequence} is missing from the chain."


def test_a_link_cut_off_at_the_end_is_missed_by_the_head(trail):
    tamper("DELETE FROM core_auditlink WHERE sequence = 3")
    assert faults()[0] == "Link 3 is missing from the chain."


def test_entries_and_links_cut_off_at_the_end_together_are_missed(trail):
    link = AuditLink.objects.last()
    tamper("DELETE FROM core_auditlink WHERE sequence = 3")
    tamper("DELETE FROM core_auditentry WHERE id = %s", link.entry_id)
    assert faults()[0] == "The chain ends at link 2; it should end at 3."


def test_a_changed_link_is_found(trail):
    tamper("UPDATE core_auditlink SET hash = %s WHERE sequence = 2", "0" * 64)
    found = faults()
    assert any("link 2 has been changed" in sentence for sentence in found)
    assert any("Link 3 does not follow" in sentence for sentence in found)


def test_a_rewritten_chain_is_betrayed_by_the_head(trail):
    link = AuditLink.objects.select_related("entry").get(sequence=3)
    tamper("UPDATE core_auditentry SET verb = 'x' WHERE id = %s", link.entry_id)
    link.entry.verb = "x"
    digest = audit.link_hash(3, link.previous, link.entry)
    tamper("UPDATE core_auditlink SET hash = %s WHERE sequence = 3", digest)
    assert faults() == ["The last link (3) is not the one the head remembers."]


def test_an_entry_put_in_under_the_settled_part_is_named(trail):
    with clock.travel(dt.timedelta(hours=2)):
        audit.link_entries()
    head = AuditHead.objects.get()
    gone = AuditLink.objects.get(sequence=2)
    assert head.settled_entry_id >= gone.entry_id
    tamper("DELETE FROM core_auditlink WHERE sequence = 2")
    assert faults()[0] == (
        f"Audit entry {gone.entry_id} is older than the chain's end but has no link."
    )


@pytest.mark.parametrize(
    ("column", "value"), [("code", "HACK"), ("in_use", True), ("name", '{"en": "x"}')]
)
def test_a_changed_row_is_named(trail, column, value):
    first, _second = trail
    tamper(f"UPDATE accounts_bureau SET {column} = %s WHERE id = %s", value, first.pk)
    (sentence,) = faults()
    assert sentence.startswith(f"accounts.Bureau {first.pk} has been changed since audit entry")


def test_a_column_that_is_not_audited_may_change(trail):
    Bureau.objects.update(sort_order=5)
    assert faults() == []


def test_a_row_changed_by_an_action_with_its_own_entry_holds(trail):
    first, _second = trail
    first.code = "NEW"
    first.save()
    assert faults() != []
    audit.record("bureau.change", actor="system", rows=[first])
    assert faults() == []


def test_a_deleted_row_is_named_unless_it_was_erased(trail):
    first, second = trail
    pk = first.pk
    first.delete()
    assert "has been deleted since audit entry" in faults()[0]
    audit.record("bureau.erase", actor="system", rows=[second])
    second.delete()
    assert [sentence.split(" has")[0] for sentence in faults()] == [f"accounts.Bureau {pk}"]


def test_an_erased_row_that_stays_as_a_tombstone_is_still_proved(trail):
    _first, second = trail
    second.in_use = False
    second.save()
    audit.record("erase", actor="system", rows=[second])
    assert faults() == []
    Bureau.objects.filter(pk=second.pk).update(code="HACK")
    assert "changed" in faults()[0]


# --- batches ------------------------------------------------------------------------------------


def batch(rows):
    return audit.record_batch(
        "bureau.import",
        actor="system",
        model=Bureau,
        keys=[row.pk for row in rows],
    )


def test_a_batch_holds_and_names_the_changed_and_the_deleted_row():
    rows = bureaux(12)
    (entry,) = batch(rows)
    assert entry.batch["count"] == 12
    assert "Bureau" not in entry.batch["digests"]
    assert faults() == []
    Bureau.objects.filter(pk=rows[3].pk).update(code="HACK")
    rows[5].delete()
    found = faults()
    assert len(found) == 2
    assert found[0].startswith(f"accounts.Bureau {rows[3].pk} has been changed")
    assert "has been deleted" in found[1]


def test_one_row_of_a_batch_may_change_by_an_action():
    rows = bureaux(3)
    batch(rows)
    rows[1].code = "NEW"
    rows[1].save()
    audit.record("bureau.change", actor="system", rows=[rows[1]])
    assert faults() == []
    Bureau.objects.filter(pk=rows[2].pk).update(code="HACK")
    assert len(faults()) == 1


def test_a_batch_that_is_not_what_was_said_is_refused():
    rows = bureaux(3)
    Bureau.objects.filter(pk=rows[1].pk).delete()
    with pytest.raises(audit.AuditFault, match="are 2 rows, not 3"):
        batch(rows)


def test_a_batch_with_gaps_and_other_rows_between_keeps_to_its_own():
    rows = bureaux(6)
    batch([rows[0], rows[1], rows[4]])
    Bureau.objects.filter(pk=rows[2].pk).update(code="OTHER")
    assert faults() == []
    Bureau.objects.filter(pk=rows[4].pk).update(code="HACK")
    assert len(faults()) == 1


def test_a_large_batch_is_split_and_proved_with_few_queries(django_assert_max_num_queries):
    Bureau.objects.bulk_create(
        [Bureau(code=f"L{n}", slug=f"l{n}", name={"en": "x"}) for n in range(4500)]
    )
    entries = batch(list(Bureau.objects.filter(code__startswith="L")))
    assert [entry.batch["count"] for entry in entries] == [2000, 2000, 500]
    # Most are the checks that rooms add, each of one or two.
    with django_assert_max_num_queries(31):
        report = audit.verify()
    assert report.ok
    assert report.rows >= 4500


# --- linking ------------------------------------------------------------------------------------


def test_linking_twice_links_once():
    audit.record("x", actor="system")
    audit.record("y", actor="system")
    assert audit.link_entries() == 2
    assert audit.link_entries() == 0
    assert list(AuditLink.objects.values_list("sequence", flat=True)) == [1, 2]


def test_a_backlog_is_linked_in_chunks(monkeypatch):
    monkeypatch.setattr(audit, "LINK_CHUNK", 3)
    for _number in range(8):
        audit.record("x", actor="system")
    assert audit.link_entries() == 8
    assert faults() == []


@pytest.mark.django_db(transaction=True)
def test_appenders_in_parallel_make_one_chain():
    def write(number):
        try:
            for _round in range(10):
                with transaction.atomic():
                    audit.record(f"w{number}", actor="system")
        finally:
            connection.close()

    def link():
        try:
            barrier.wait()
            for _round in range(8):
                audit.link_entries()
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    problems = []
    barrier = threading.Barrier(3)
    threads = [threading.Thread(target=write, args=[n]) for n in range(3)]
    threads += [threading.Thread(target=link) for _n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    report = audit.verify()
    assert report.faults == []
    assert report.links == 30
    assert AuditHead.objects.get().sequence == 30


# --- checks and the command ---------------------------------------------------------------------


def test_registered_checks_are_run_and_a_broken_one_is_a_fault(monkeypatch):
    monkeypatch.setattr(audit, "_checks", {})

    def broken():
        raise RuntimeError("away")

    audit.register_check("votes", lambda: ["Vote 3 has no entry."])
    audit.register_check("zz", broken)
    assert faults() == [
        "votes: Vote 3 has no entry.",
        "zz: the check itself failed (RuntimeError: away).",
    ]
    with pytest.raises(ValueError, match="registered already"):
        audit.register_check("votes", broken)


def test_the_command_says_so_and_exits(trail):
    out, err = StringIO(), StringIO()
    call_command("verify_audit", stdout=out, stderr=err, skip_checks=True)
    assert "The audit trail holds." in out.getvalue()
    Bureau.objects.filter(pk=trail[0].pk).update(code="HACK")
    with pytest.raises(SystemExit) as stop:
        call_command("verify_audit", stdout=out, stderr=err, skip_checks=True)
    assert stop.value.code == 1
    assert "has been changed" in err.getvalue()
    assert "The audit trail does not hold." in err.getvalue()


@pytest.mark.django_db(transaction=True)
def test_proving_while_others_write_raises_no_false_alarm():
    """A row and its entry are committed together; a proof in between must not see half of it."""
    rows = bureaux(5)
    with transaction.atomic():
        audit.record("bureau.add", actor="system", rows=rows)
    done = threading.Event()
    problems = []

    def write():
        try:
            for number in range(60):
                with transaction.atomic():
                    row = Bureau.objects.select_for_update().get(pk=rows[number % 5].pk)
                    row.code = f"N{number}"
                    row.save()
                    audit.record("bureau.change", actor="system", rows=[row])
        except Exception as error:
            problems.append(error)
        finally:
            done.set()
            connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    found = []
    while not done.is_set():
        found += faults()
    writer.join()
    assert problems == []
    assert found == []
    assert faults() == []
    Bureau.objects.filter(pk=rows[0].pk).update(code="HACK")
    assert len(faults()) == 1
