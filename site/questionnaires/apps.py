from django.apps import AppConfig


class QuestionnairesConfig(AppConfig):
    """Questions put by a bureau and the responses to them."""

    name = "questionnaires"
    verbose_name = "Questionnaires"
