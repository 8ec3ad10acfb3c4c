"""Callers of the API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from accounts.actions.tokens import create_token
from accounts.models import Account


class Api:
    """A program that asks with a token, or with none."""

    def __init__(self, account: Account | None = None) -> None:
        self._client = Client()
        self._headers = {}
        if account is not None:
            _row, secret = create_token(account=account, by="system")
            self._headers = {"Authorization": f"Bearer {secret}"}

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Status and JSON; a refusal must be a problem."""
        answer = self._client.generic(
            method,
            f"/api/v1/{path}",
            data="" if body is None else json.dumps(body),
            content_type="application/json",
            headers={**self._headers, **headers},
        )
        kind = answer.headers["Content-Type"].partition(";")[0]
        if answer.status_code >= 400:
            assert kind == "application/problem+json"
            assert answer.json()["status"] == answer.status_code
            assert answer.json()["code"]
            assert answer.json()["detail"]
        else:
            assert kind == "application/json"
        return answer.status_code, answer.json()


@pytest.fixture
def api() -> type[Api]:
    return Api
