"""The API's bureaux."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from accounts.models import Bureau
from core.api import READING, Listed, PageQuery, Texts, listed, texts

router = Router(tags=["bureaux"])


class BureauOut(Schema):
    """A body of government that may ask."""

    code: str
    slug: str
    name: Texts


def show_bureau(bureau: Bureau) -> dict[str, Any]:
    """A bureau as every part of the API names it."""
    return {"code": bureau.code, "slug": bureau.slug, "name": texts(bureau.name)}


@router.get("/bureaux", response={200: Listed[BureauOut], **READING}, url_name="bureaux")
def bureaux(request: HttpRequest, query: Query[PageQuery]) -> HttpResponse:
    """The bodies in use, in the order of government."""
    rows = Bureau.objects.filter(in_use=True)
    return listed(request, rows, query, lambda found: map(show_bureau, found))
