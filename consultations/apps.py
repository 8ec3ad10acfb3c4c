from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    """Consultation papers, their paragraphs and statements, from draft to outcome."""

    name = "consultations"
    verbose_name = "Consultations"
