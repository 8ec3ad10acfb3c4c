from django.apps import AppConfig


class ProductsConfig(AppConfig):
    """Products, builds and rounds."""

    name = "crowdtasks.products"
    label = "products"
    verbose_name = "Products"

    def ready(self) -> None:
        """Hang the room in the tree and the desk."""
        from core.tree import register_tree_builder
        from crowdtasks import offering
        from crowdtasks.products import (
            document_changes,
            face,
            face_round,
            gate,
            mypage,
            notices,
            offered,
            own_data,
            report,
            sitemap,
            sus,
            tasks,  # noqa: F401 - registers jobs
            telling,
        )
        from crowdtasks.products.tree import build_index
        from crowdtasks.products.views import serve
        from questionnaires import outcome_targets

        register_tree_builder("products", build_index)
        document_changes.connect()
        face.register()
        face_round.register()
        gate.register()
        mypage.register()
        notices.register_kinds()
        own_data.register()
        report.register()
        telling.register()
        outcome_targets.read_together(sus.is_statement)
        serve.connect()
        sitemap.register()
        offering.register(offered.listed())
