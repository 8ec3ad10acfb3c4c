from .paper import Chapter, PaperVersion, Paragraph, ParagraphVersion
from .statement import Statement

__all__ = ["Chapter", "PaperVersion", "Paragraph", "ParagraphVersion", "Statement"]
