from .file import FilePart, PaperFile
from .opinion import OpinionGrouping
from .pages import BureauSectionPage, ConsultationIndexPage, ConsultationPage
from .paper import Chapter, PaperVersion, Paragraph, ParagraphVersion
from .search_text import SearchText
from .statement import Statement
from .submission import Submission, SubmissionState

__all__ = [
    "BureauSectionPage",
    "Chapter",
    "ConsultationIndexPage",
    "ConsultationPage",
    "FilePart",
    "OpinionGrouping",
    "PaperFile",
    "PaperVersion",
    "Paragraph",
    "ParagraphVersion",
    "SearchText",
    "Statement",
    "Submission",
    "SubmissionState",
]
