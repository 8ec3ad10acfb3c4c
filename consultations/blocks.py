"""What a paper is written in: chapters of numbered paragraphs, figures, tables, documents.

Each block's id is kept in every language and in every later version; publishing writes one row
for each id (``actions.paper``). Importers and the demo give ids explicitly.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.rich_text import RichText

from consultations.sanitise import clean_source

STATEMENT_LIMIT = 280
CELL_MARKS = ("\t", "|")


class ParagraphBlock(blocks.RichTextBlock):
    """One numbered paragraph. Its text is cleaned on the server at each save."""

    def clean(self, value: RichText) -> RichText:
        return super().clean(RichText(clean_source(value.source)))

    class Meta:
        icon = "pilcrow"
        label = _("Paragraph")
        template = "consultations/blocks/paragraph.html"


class FigureBlock(blocks.StructBlock):
    """A picture with a text for those who cannot see it."""

    image = ImageChooserBlock(label=_("Picture"))
    alt = blocks.CharBlock(
        max_length=300,
        label=_("What the picture shows"),
        help_text=_("Read aloud to people who cannot see it. Say what it tells, not how it looks."),
    )
    caption = blocks.CharBlock(required=False, max_length=300, label=_("Caption"))

    class Meta:
        icon = "image"
        label = _("Figure")
        template = "consultations/blocks/figure.html"


class TableValue(blocks.StructValue):
    """A table as typed: the first line heads the columns, the first cell heads its row."""

    @property
    def lines(self) -> list[list[str]]:
        """Rows of cells, all of one length."""
        return split_cells(self.get("cells") or "")

    @property
    def head(self) -> list[str]:
        return self.lines[0] if self.lines else []

    @property
    def rows(self) -> list[list[str]]:
        return self.lines[1:]


def split_cells(text: str) -> list[list[str]]:
    """Cells of a pasted table: lines, cut at tabs where there are any, else at upright bars."""
    lines = [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
    mark = next((mark for mark in CELL_MARKS if any(mark in line for line in lines)), "\t")
    rows = [
        [cell.strip() for cell in line.strip("|" if mark == "|" else "").split(mark)]
        for line in lines
    ]
    width = max((len(row) for row in rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


class TableBlock(blocks.StructBlock):
    """A table pasted from a spreadsheet: plain text, so that it is translated like any other."""

    caption = blocks.CharBlock(max_length=300, label=_("What the table shows"))
    cells = blocks.TextBlock(
        max_length=10_000,
        rows=6,
        label=_("Cells"),
        help_text=_(
            "Paste from a spreadsheet, or write one row a line with | between cells. "
            "The first line heads the columns."
        ),
    )

    def clean(self, value: TableValue) -> TableValue:
        cleaned = super().clean(value)
        lines = split_cells(cleaned["cells"])
        if len(lines) < 2 or len(lines[0]) < 2:
            raise blocks.StructBlockValidationError(
                block_errors={
                    "cells": ValidationError(
                        _("A table needs a line of headings, a row, and two columns at least.")
                    )
                }
            )
        return cleaned

    class Meta:
        icon = "table"
        label = _("Table")
        value_class = TableValue
        template = "consultations/blocks/table.html"


class DocumentBlock(blocks.StructBlock):
    """A file to download, with a title that says what it is."""

    title = blocks.CharBlock(max_length=200, label=_("Title"))
    document = DocumentChooserBlock(label=_("Document"))

    class Meta:
        icon = "doc-full-inverse"
        label = _("Document")
        template = "consultations/blocks/document.html"


class ChapterContent(blocks.StreamBlock):
    paragraph = ParagraphBlock(
        features=["bold", "italic", "ol", "ul", "link", "document-link", "superscript"]
    )
    figure = FigureBlock()
    table = TableBlock()
    document = DocumentBlock()

    class Meta:
        label = _("Content")


class ChapterBlock(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=200, label=_("Chapter heading"))
    content = ChapterContent(required=False)

    class Meta:
        icon = "list-ol"
        label = _("Chapter")
        label_format = "{heading}"


class BodyBlock(blocks.StreamBlock):
    chapter = ChapterBlock()


class KeyDateBlock(blocks.StructBlock):
    date = blocks.DateBlock(label=_("Date"))
    label = blocks.CharBlock(max_length=200, label=_("What happens"))

    class Meta:
        icon = "date"
        label = _("Key date")


class KeyDatesBlock(blocks.StreamBlock):
    date = KeyDateBlock()


class StatementBlock(blocks.TextBlock):
    """One short claim that people agree or disagree with."""

    def clean(self, value: Any) -> Any:
        return " ".join(super().clean(value).split())

    class Meta:
        icon = "comment"
        label = _("Statement")


class StatementsBlock(blocks.StreamBlock):
    statement = StatementBlock(
        max_length=STATEMENT_LIMIT,
        rows=2,
        help_text=_("One claim only, that people can agree or disagree with."),
    )
