"""The demonstration's product from its first build on: volunteers, two rounds, what was found."""

from crowdtasks.panel.demo.loading import PART

__all__ = ["PART"]
