from .definition import Option, Question, QuestionKind, Questionnaire, Section
from .draft import Draft, Route
from .draft_link import DraftLink
from .response import AboutYou, Answer, AnswerChoice, Capacity, Response, TextState
from .tally import Spread, Tally, Totals

__all__ = [
    "AboutYou",
    "Answer",
    "AnswerChoice",
    "Capacity",
    "Draft",
    "DraftLink",
    "Option",
    "Question",
    "QuestionKind",
    "Questionnaire",
    "Response",
    "Route",
    "Section",
    "Spread",
    "Tally",
    "TextState",
    "Totals",
]
