from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    """Consultation papers, their paragraphs and statements, from draft to outcome."""

    name = "consultations"
    verbose_name = "Consultations"

    def ready(self) -> None:
        from consultations.statements import takes_votes
        from participation import ballots

        ballots.register("statement", takes_votes, related="statement")
