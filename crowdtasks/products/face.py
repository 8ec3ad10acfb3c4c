"""The product as the desk knows it: what it needs, what it refuses, what publishing writes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.exceptions import Invalid
from crowdtasks.face_shared import contact_step, no_headings, summary_step
from crowdtasks.products import office
from crowdtasks.products.actions.product import KIND, check_tried, schedule_of, write_product
from crowdtasks.products.blocks import TEXT_LIMIT
from crowdtasks.products.links import check_link
from crowdtasks.products.models import ProductPage
from crowdtasks.products.tree import ensure_section
from participation import faces
from participation.faces import Step, step
from participation.models import Engagement

#: The translated fields in the order of the desk.
ORDER = ("title", "summary", "about", "builds", "contact", "cover_alt", "rules_reason")


def check(draft: ProductPage, engagement: Engagement | None) -> None:
    """Refuse two builds of one version, addresses that not everybody reaches, and another build
    under the name of one that was tried. Raises ``Invalid``.
    """
    versions = Counter(block.value["version"].strip() for block in draft.builds)
    for version, times in versions.items():
        if times > 1:
            raise Invalid(
                _("There are %(times)d builds called “%(version)s”.")
                % {"times": times, "version": version},
                field="builds",
            )
    for block in draft.builds:
        if block.value["link"]:
            check_link(block.value["link"])
    if engagement is not None:
        check_tried(draft, engagement, files=False)


def finish(draft: ProductPage) -> None:
    """Refuse what may not be published unfinished. Raises ``Invalid``."""
    if not draft.about.strip():
        raise Invalid(_("Say what it is and for whom."), field="about")
    for block in draft.builds:
        if not block.value["link"] and block.value["document"] is None:
            raise Invalid(
                _("Say where build %(version)s can be tried: an address or a file.")
                % {"version": block.value["version"]},
                field="builds",
            )
    if draft.engagement is not None:
        check_tried(draft, draft.engagement, files=True)


def content_steps(draft: ProductPage, engagement: Engagement | None) -> Iterator[Step]:
    """What a product's own content needs; the desk adds dates, rules and languages."""
    yield summary_step(draft, _("Say in three sentences what it is and for whom."))
    yield step(
        "about",
        _("What it is"),
        "about",
        done=bool(draft.about.strip()),
        wanted=_("Say what it is and for whom."),
    )
    reachable = all(block.value["link"] or block.value["document"] for block in draft.builds)
    yield step(
        "builds",
        _("Builds"),
        "builds",
        done=bool(draft.builds) and reachable,
        wanted=_("There is no build yet. A round needs one.")
        if reachable
        else _("Say where each build can be tried: an address or a file."),
        must=not reachable,
    )
    yield contact_step(draft)


def longest(path: str) -> int | None:
    """How long a translated piece may be."""
    return TEXT_LIMIT if path.partition(".")[0] == "builds" else None


def register() -> None:
    """Called from ``ready()``."""
    faces.register(
        faces.Face(
            kind=KIND,
            page_class=ProductPage,
            title=gettext_lazy("Product"),
            new_title=gettext_lazy("New product"),
            index="products/",
            index_title=gettext_lazy("All products"),
            sections=ensure_section,
            steps=content_steps,
            check=check,
            finish=finish,
            schedule=schedule_of,
            write=write_product,
            order=ORDER,
            longest=longest,
            headings=no_headings,
            public_headings=no_headings,
            review_template="products/desk/review_product.html",
            review=lambda draft: {},
            streams=frozenset({"builds"}),
            links=office.links_of,
            takes_comments=False,
            takes_weeks=False,
            words=faces.Words(
                noun=gettext_lazy("product"),
                back=gettext_lazy("Back to the product"),
                follow=gettext_lazy("Follow this product"),
                whole=gettext_lazy("The whole product"),
                open=pgettext_lazy("of a product", "In the making"),
            ),
        )
    )
