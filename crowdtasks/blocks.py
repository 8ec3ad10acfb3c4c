"""The questions of a campaign: the engine's blocks, where a choice may check attention."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from questionnaires.blocks import (
    OneBlock,
    OptionBlock,
    QuestionsBlock,
    QuestionStream,
    SectionBlock,
)


class CheckedOptionBlock(OptionBlock):
    """One choice, which may be the right one of a question that checks attention."""

    expected = blocks.BooleanBlock(
        required=False,
        label=_("Right answer of an attention check"),
        help_text=_(
            "Only where the question says which one to choose, never for an opinion. Whoever "
            "chooses another is looked at by an officer; nothing is refused by itself."
        ),
    )

    class Meta:
        icon = "check"
        label = _("Option")
        label_format = "{label}"
        form_layout = blocks.BlockGroup(
            children=["label"], settings=["other", "alone", "closed", "expected"]
        )


class CheckedOptionsBlock(blocks.StreamBlock):
    option = CheckedOptionBlock()

    class Meta:
        icon = "list-ul"
        label = _("Options")


class CheckedOneBlock(OneBlock):
    options = CheckedOptionsBlock(required=False)


class TaskQuestionStream(QuestionStream):
    one = CheckedOneBlock()


class TaskSectionBlock(SectionBlock):
    questions = TaskQuestionStream(required=False)


class TaskQuestionsBlock(QuestionsBlock):
    """A whole questionnaire of a campaign."""

    section = TaskSectionBlock()
