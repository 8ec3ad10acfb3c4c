from .paper import Chapter, PaperVersion, Paragraph, ParagraphVersion
from .search_text import SearchText
from .statement import Statement

__all__ = ["Chapter", "PaperVersion", "Paragraph", "ParagraphVersion", "SearchText", "Statement"]
