from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    """Consultation papers, their paragraphs and statements, from draft to outcome."""

    name = "consultations"
    verbose_name = "Consultations"

    def ready(self) -> None:
        """Hang the room in the tree; take votes; count a visit's choices when it signs in."""
        from consultations import (  # noqa: F401 - tasks registers jobs
            face,
            moderation_targets,
            notices,
            outcome_targets,
            report,
            report_groups,
            search_index,
            signal_handlers,
            signin,
            tasks,
            threads,
        )
        from consultations.actions.paper import publish_paper, revise_paper, start_paper
        from consultations.models.submission import approvals
        from consultations.statements import takes_votes
        from consultations.tree import build_index
        from consultations.views import serve
        from core.tree import register_tree_builder
        from participation import approving, ballots, faces

        face.register()
        approving.connect(approvals)
        faces.connect_desk(faces.Desk(start_paper, revise_paper, publish_paper))
        ballots.register("statement", takes_votes, related="statement")
        register_tree_builder("consultations", build_index)
        signal_handlers.connect()
        serve.connect()
        threads.register()
        outcome_targets.register()
        signin.connect()
        moderation_targets.register()
        report.register()
        report_groups.register()
        notices.register()
        search_index.register()
