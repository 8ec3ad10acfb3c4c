"""What the database itself refuses, whoever writes: changes, gaps, entries that do not sum to zero.

On both databases an entry or leg is never changed or deleted, and a leg follows the last one of its
account: its number, running balance and running sum are the next ones. On PostgreSQL the legs of an
entry sum to zero when the transaction commits, at least two of them; SQLite has no deferred
triggers, there the action checks it and the nightly proof finds what was written past the actions.

``TRUNCATE`` fires no row trigger. The web process's database role needs no right to it.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

_POSTGRESQL_FUNCTIONS = (
    """
    CREATE OR REPLACE FUNCTION ledger_stands() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'The ledger is never changed (% on %): write a reversing entry.',
            TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION ledger_follows() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        last_number bigint := 0;
        last_balance bigint := 0;
        last_credited bigint := 0;
    BEGIN
        SELECT number, balance, credited INTO last_number, last_balance, last_credited
            FROM ledger_leg WHERE account_id = NEW.account_id ORDER BY number DESC LIMIT 1;
        IF NEW.number <> COALESCE(last_number, 0) + 1
            OR NEW.balance <> COALESCE(last_balance, 0) + NEW.amount
            OR NEW.credited <> COALESCE(last_credited, 0) + GREATEST(NEW.amount, 0)
        THEN
            RAISE EXCEPTION 'A leg follows the last one of its account (account %, number %).',
                NEW.account_id, NEW.number USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION ledger_sums_to_zero() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        asked bigint;
        total numeric;
        many bigint;
    BEGIN
        IF TG_TABLE_NAME = 'ledger_leg' THEN
            asked := NEW.entry_id;
        ELSE
            asked := NEW.id;
        END IF;
        SELECT COALESCE(sum(amount), 0), count(*) INTO total, many
            FROM ledger_leg WHERE entry_id = asked;
        IF total <> 0 OR many < 2 THEN
            RAISE EXCEPTION 'The legs of ledger entry % sum to %, not to zero (% legs).',
                asked, total, many USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
)
_POSTGRESQL = {
    "ledger_entry_stands": (
        "CREATE TRIGGER ledger_entry_stands BEFORE UPDATE OR DELETE ON ledger_entry"
        " FOR EACH ROW EXECUTE FUNCTION ledger_stands()"
    ),
    "ledger_leg_stands": (
        "CREATE TRIGGER ledger_leg_stands BEFORE UPDATE OR DELETE ON ledger_leg"
        " FOR EACH ROW EXECUTE FUNCTION ledger_stands()"
    ),
    "ledger_leg_follows": (
        "CREATE TRIGGER ledger_leg_follows BEFORE INSERT ON ledger_leg"
        " FOR EACH ROW EXECUTE FUNCTION ledger_follows()"
    ),
    "ledger_leg_sums": (
        "CREATE CONSTRAINT TRIGGER ledger_leg_sums AFTER INSERT ON ledger_leg"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_sums_to_zero()"
    ),
    "ledger_entry_sums": (
        "CREATE CONSTRAINT TRIGGER ledger_entry_sums AFTER INSERT ON ledger_entry"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_sums_to_zero()"
    ),
}
_REFUSE = "BEGIN SELECT RAISE(ABORT, 'The ledger is never changed: write a reversing entry.'); END"
_LAST = "FROM ledger_leg WHERE account_id = NEW.account_id ORDER BY number DESC LIMIT 1"
_SQLITE = {
    **{
        f"ledger_{table}_no_{verb}": (
            f"CREATE TRIGGER ledger_{table}_no_{verb} BEFORE {verb.upper()} ON ledger_{table}"
            f" {_REFUSE}"
        )
        for table in ("entry", "leg")
        for verb in ("update", "delete")
    },
    "ledger_leg_follows": (
        "CREATE TRIGGER ledger_leg_follows BEFORE INSERT ON ledger_leg WHEN"
        f" NEW.number IS NOT 1 + COALESCE((SELECT number {_LAST}), 0)"
        f" OR NEW.balance IS NOT NEW.amount + COALESCE((SELECT balance {_LAST}), 0)"
        f" OR NEW.credited IS NOT MAX(NEW.amount, 0) + COALESCE((SELECT credited {_LAST}), 0)"
        " BEGIN SELECT RAISE(ABORT, 'A leg follows the last one of its account.'); END"
    ),
}


def wanted(vendor: str | None = None) -> dict[str, str]:
    """The triggers of this database: name -> the statement that makes it."""
    return _POSTGRESQL if (vendor or connection.vendor) == "postgresql" else _SQLITE


def missing() -> list[str]:
    """Triggers that are not there; empty where all is well."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # One that is there and disabled guards nothing ('O': fires as usual).
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        there = {name for (name,) in cursor.fetchall()}
    return [name for name in wanted() if name not in there]


def install(*_args: Any) -> None:
    """Make the triggers that are missing. A migration calls it, and what follows every migrate:
    SQLite loses a table's triggers when a migration makes the table anew."""
    absent = missing()
    if not absent:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for statement in _POSTGRESQL_FUNCTIONS:
                cursor.execute(statement)
        # One that is there and disabled is made anew.
        taken_away = dict(zip(wanted(), removal(), strict=True))
        for name in absent:
            cursor.execute(taken_away[name])
            cursor.execute(wanted()[name])


def remove(*_args: Any) -> None:
    """Take them away: for the migration backwards and for tests that damage the books."""
    with connection.cursor() as cursor:
        for statement in removal():
            cursor.execute(statement)


def removal(vendor: str | None = None) -> list[str]:
    """The statements that take the triggers away."""
    if (vendor or connection.vendor) == "postgresql":
        tables = {name: name.rsplit("_", 1)[0] for name in _POSTGRESQL}
        return [f"DROP TRIGGER IF EXISTS {name} ON {table}" for name, table in tables.items()]
    return [f"DROP TRIGGER IF EXISTS {name}" for name in _SQLITE]


def after_migrate(**_kwargs: Any) -> None:
    """Signal ``post_migrate``: see ``install``."""
    if "ledger_leg" in connection.introspection.table_names():
        install()
