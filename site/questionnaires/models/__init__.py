from .definition import Option, Question, QuestionKind, Questionnaire, Section
from .draft import Draft, Route
from .response import AboutYou, Answer, AnswerChoice, Capacity, Response, TextState
from .tally import Spread, Tally, Totals

__all__ = [
    "AboutYou",
    "Answer",
    "AnswerChoice",
    "Capacity",
    "Draft",
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
