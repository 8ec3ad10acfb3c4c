"""What the bad-input tests share: every row of the permission table, and what is thrown at it."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar
from urllib.parse import quote, urlencode
from zlib import crc32

from django.core.cache import cache
from django.db import connection
from django.urls import reverse

from tests.permissions.rows import Row
from tests.permissions.test_table import collect_rows
from tests.permissions.world import ROLES, World

Value = TypeVar("Value")
FORM = "application/x-www-form-urlencoded"
#: Percent-encoded, as they come in an address.
BAD_IDS = (
    "aaaaaaaaaaaa",
    "1",
    "-1",
    "%00",
    "a%00b",
    "%ff%fe%80",
    "%ed%a0%80",
    "%E2%80%AE%E2%80%8B",
    "..%2f..%2fetc",
    "%3Cscript%3E",
    "9" * 300,
)
BAD_TEXTS = (
    "",
    "\x00",
    "a\x00b",
    "\x01\x1b[31m\x7f\x85",
    "\u200b\u200d\ufeff\u2060",
    "\u202egpj.exe\u2066",
    "\ufffe\uffff",
    "a" + "\u0301" * 200,
    "9" * 400,
    "-1",
    "1e309",
    "NaN",
    "true",
    "[1]",
    "٣",
    "9999-12-31",
    "0001-01-01",
    "<svg/onload=alert(1)>",
    "%s%(a)s{0}{a.__class__}",
)
BAD_QUERIES = (
    "page=%3Csvg%3Esent",
    "page=99999999999999999999",
    "page=-1&page=0&page=2",
    "page=%D9%A3",
    "sort=id__gt&order_by=password",
    "user__password__startswith=a",
    "on=%ff&to=%ff&q=%ed%a0%80&statement=%ff&next=%ff&replies=%ff&at=%ff",
    "on=a%00b",
    "q=%22%22%22(((*&state=%00",
    "q=%25_%5C&bureau=%27--&state=open&state=open&chapter=%3Cscript%3Esent",
    "a=" + "x" * 10_000,
    "&".join(f"f{number}=1" for number in range(3000)),
    "[]=1&a[b]=2&;;&&==",
)
ODD_HEADERS: tuple[dict[str, str], ...] = (
    {"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_X_FORWARDED_PROTO": "gopher"},
    {"HTTP_X_FORWARDED_FOR": "1.2.3.4, " * 500, "HTTP_FORWARDED": "for=evil", "REMOTE_ADDR": ""},
    {"HTTP_ACCEPT_LANGUAGE": "zh-Hant-HK-x-evil;q=0.9," * 420},
    {"HTTP_ACCEPT_LANGUAGE": "../../etc/passwd,\xff;q=9e999", "HTTP_ACCEPT": "application/json"},
    {"HTTP_COOKIE": 'sessionid="\\000abcdefghij"; csrftoken="\\000"; kaifong_language="\\000"'},
    {"HTTP_COOKIE": "sessionid=" + "x" * 8000 + "; messages=broken:y:z; kaifong_language=../x"},
    {"HTTP_REFERER": "http://testserver//evil.example/", "HTTP_HX_REQUEST": "true"},
    {"HTTP_IF_NONE_MATCH": "*", "HTTP_IF_MODIFIED_SINCE": "never", "HTTP_RANGE": "bytes=9-0"},
    {"HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE", "HTTP_X_REWRITE_URL": "/en/account/"},
)
#: Rows that any request may add: the visitor's session.
_PASSING = {"django_session"}


def rows() -> list[Row]:
    """Every row of the table, one for each address, method and label."""
    return collect_rows()


def roles_of(row: Row) -> tuple[str, ...]:
    """Who gets furthest: the first role the table lets through, and nobody at all."""
    through = next((role for role in ROLES if row.lets_through(role)), "citizen")
    return tuple(dict.fromkeys((through, "anonymous")))


def count(table: str) -> int:
    """The number of rows of a table."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
        return int(cursor.fetchone()[0])


class Before:
    """How many rows each table had before a request first wrote any of it.

    What a request does not write needs no counting: counting every table costs more than most
    requests.
    """

    _wrote = re.compile(r'\s*(?:INSERT INTO|DELETE FROM)\s+"?(\w+)"?')

    def __init__(self) -> None:
        self.rows: dict[str, int] = {}

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        found = self._wrote.match(sql)
        if found and found[1] not in self.rows and found[1] not in _PASSING:
            self.rows[found[1]] = count(found[1])
        return execute(sql, params, many, context)

    def changed(self) -> list[str]:
        """The tables that have another number of rows now."""
        return [table for table, rows in self.rows.items() if rows != count(table)]


class Attack:
    """One row as one role: sends requests and notes what must not happen."""

    def __init__(
        self,
        world: World,
        row: Row,
        role: str,
        kwargs: dict[str, Any],
        *,
        share: int = 1,
        **options: Any,
    ) -> None:
        self.row, self.role, self.kwargs, self.share = row, role, kwargs, share
        cache.clear()
        world = replace(world, things=copy.deepcopy(world.things))
        # It shows a 500 as a 500.
        self.client = world.client(role, raise_request_exception=False, **options)
        if row.prepare is not None:
            row.prepare(world, role, self.client)
        self.data = row.data(world, role)
        self.address = reverse(row.name, kwargs=self.kwargs)
        self.faults: list[str] = []

    def dealt(self, values: Sequence[Value]) -> Sequence[Value]:
        """Every ``share``-th of the values, from another one for each address.

        So each address meets some of each kind, and each value meets many addresses.
        """
        return values[crc32(self.row.name.encode()) % self.share :: self.share]

    def send(self, method: str, path: str, query: str = "", *, what: str, **extra: Any) -> Any:
        """Send it; a 5xx, or rows after a refusal, is a fault. Returns the response."""
        cache.clear()
        before = Before()
        with connection.execute_wrapper(before):
            response = self.client.generic(
                method, path, QUERY_STRING=query or self.row.query.lstrip("?"), **extra
            )
        where = f"{method} {self.row.name} as {self.role}, {what}"
        if response.status_code >= 500:
            self.faults.append(f"{where}: {response.status_code}")
        if response.status_code >= 400 and (tables := before.changed()):
            self.faults.append(f"{where}: {response.status_code}, and yet {tables} were written")
        return response

    def form(self, data: Any, *, what: str, **extra: Any) -> Any:
        """Send a form."""
        body = data if isinstance(data, bytes) else urlencode(data, doseq=True).encode()
        return self.send("POST", self.address, data=body, content_type=FORM, what=what, **extra)

    def paths(self) -> Iterator[str]:
        """The address with each of its ids replaced by what is none."""
        for value in self.kwargs.values():
            for bad in BAD_IDS:
                found = self.address.replace(quote(str(value)), bad)
                if found != self.address:
                    yield found
