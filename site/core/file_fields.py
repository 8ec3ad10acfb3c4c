"""A form's files: chosen, added, described and taken away without a script.

A browser forgets a chosen file as soon as a page comes back with an error. So the files of a form
are kept apart from it as soon as they arrive; the field shows what is kept and has buttons of its
own. Who keeps them and where is the business of the view (``participation.views.files``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: What the buttons and texts beside the field are called in a request.
ADD, REMOVE, WORDS = "files_add", "files_remove", "files_alt_"
#: The button that hides the marked parts of a picture, and what its boxes are called.
HIDE, PARTS = "files_hide", "files_part_"


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptFile:
    """One file as the form shows it.

    ``what`` says its type and size in words. ``small`` is the address of a small picture, "" for
    documents. ``state`` is a sentence when there is something to say of it. ``described`` asks for
    the words that stand for a picture; ``alt`` are those there are. ``rows`` and ``columns`` are
    those of the boxes by which parts of a picture can be hidden.
    """

    id: str
    name: str
    what: str
    address: str = ""
    small: str = ""
    width: int = 0
    height: int = 0
    alt: str = ""
    state: str | Promise = ""
    described: bool = False
    removable: bool = True
    rows: int = 0
    columns: int = 0

    @property
    def parts(self) -> list[list[tuple[int, int]]]:
        """Row and column of each box, from 1; nothing of what is no picture on a form."""
        if not self.described:
            return []
        return [
            [(row, column) for column in range(1, self.columns + 1)]
            for row in range(1, self.rows + 1)
        ]


class FilesInput(forms.FileInput):
    """``<input type="file" multiple>``; what was chosen is read by the view, never from here."""

    allow_multiple_selected = True
    shell_kind = "files"

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> list[Any]:
        """Nothing: what came has been kept, or refused, before the form looks at the rest."""
        return []

    def value_omitted_from_data(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> bool:
        return False


class FilesField(forms.Field):
    """Up to ``most`` files. Its cleaned value is the list of ids of what is kept.

    The view calls ``show`` before the form is looked at. ``faults`` are sentences about what was
    just sent; the rest of the form is judged all the same. ``hides``: parts of its pictures can be
    hidden before they are sent.
    """

    widget = FilesInput
    most = 5
    hides = False
    faults: Sequence[str | Promise] = ()
    kept: Sequence[KeptFile] = ()
    accept = (
        "image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.pdf,.docx,.xlsx,.pptx,"
        ".odt,.ods,.odp"
    )

    def __init__(self, **options: Any) -> None:
        options.setdefault(
            "help_text",
            _(
                "Up to 5 files of at most 10 MB each: pictures, PDF, Word, Excel, PowerPoint or "
                "OpenDocument. Pictures are made anew without the place and time they were taken; "
                "documents are kept as they are, with what they say of their author."
            ),
        )
        super().__init__(**options)
        self.widget.attrs["accept"] = self.accept

    def show(
        self, kept: Iterable[KeptFile], *, most: int, faults: Iterable[str | Promise] = ()
    ) -> None:
        """Say what is kept, how many there may be, and what is wrong with what was just sent."""
        self.kept, self.most, self.faults = list(kept), most, list(faults)

    @property
    def room(self) -> int:
        """How many more files may be added."""
        return max(0, self.most - len(self.kept))

    def clean(self, value: Any) -> list[str]:
        """The ids of what is kept; ``ValidationError`` with the faults, or when one is needed."""
        if self.faults:
            raise ValidationError([ValidationError(str(one), code="file") for one in self.faults])
        if self.required and not self.kept:
            raise ValidationError(_("Add a file."), code="required")
        return [one.id for one in self.kept]
