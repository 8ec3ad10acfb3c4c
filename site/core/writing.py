"""Rows written as Django writes them, by a statement that is put together once.

Putting an INSERT together takes Django longer than the database takes to run it, again for each
row. Here the words are kept and only the values are made anew, by the same fields. For rows of the
busiest acts; as with ``bulk_create`` no signals are sent and no defaults are left to the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models import AutoField, Field
from django.db.transaction import mark_for_rollback_on_error

M = TypeVar("M", bound=models.Model)

#: Rows of one statement; fewer where the database takes fewer values.
AT_ONCE = 100


def insert(rows: Sequence[M]) -> None:
    """Write new rows of one model, in this order, and give them their primary keys.

    Raises ``IntegrityError`` as ``save`` does, and the transaction is then over.
    """
    for part, found in _written(rows, "id", ignore_conflicts=False):
        for row, (pk,) in zip(part, found, strict=True):
            _stands(row, pk)


def insert_new(rows: Sequence[M], *, named: str) -> list[M]:
    """The same, leaving out what stands already by any unique constraint; returns the others.

    ``named`` is a field that is different in each, by which the database says which it wrote.
    """
    new: list[M] = []
    for part, found in _written(rows, f"id, {named}", ignore_conflicts=True):
        pks = {name: pk for pk, name in found}
        for row in part:
            if (pk := pks.get(getattr(row, named))) is not None:
                _stands(row, pk)
                new.append(row)
    return new


def _written(rows: Sequence[M], returning: str, *, ignore_conflicts: bool) -> Any:
    """Part after part of the rows, with what the database says of those it wrote."""
    if not rows:
        return
    model = type(rows[0])
    fields = _fields(model)
    most = connection.features.max_query_params or AT_ONCE * len(fields)
    step = min(AT_ONCE, most // len(fields))
    for start in range(0, len(rows), step):
        part = rows[start : start + step]
        sql = _statement(model, len(part), returning, ignore_conflicts)
        values = [
            field.get_db_prep_save(field.pre_save(row, True), connection)
            for row in part
            for field in fields
        ]
        with mark_for_rollback_on_error(connection.alias), connection.cursor() as cursor:
            cursor.execute(sql, values)
            found = cursor.fetchall()
        yield part, found


@cache
def _fields(model: type[models.Model]) -> tuple[Field[Any, Any], ...]:
    if not isinstance(model._meta.pk, AutoField) or model._meta.pk.column != "id":
        raise TypeError(f"{model._meta.label} has no number of the database's own.")
    return tuple(field for field in model._meta.concrete_fields if not field.primary_key)


@cache
def _statement(model: type[models.Model], rows: int, returning: str, ignore_conflicts: bool) -> str:
    quote = connection.ops.quote_name
    fields = _fields(model)
    columns = ", ".join(quote(str(field.column)) for field in fields)
    one = f"({', '.join(['%s'] * len(fields))})"
    conflicts = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    # Names of our own models alone; every value is given apart.
    return (
        f"INSERT INTO {quote(model._meta.db_table)} ({columns})"  # noqa: S608
        f" VALUES {', '.join([one] * rows)}{conflicts} RETURNING {returning}"
    )


def _stands(row: models.Model, pk: int) -> None:
    row.pk = pk
    row._state.adding, row._state.db = False, connection.alias
