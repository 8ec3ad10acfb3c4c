"""The room's part of the demonstration: one product, two builds, a round of each."""

from crowdtasks.products.demo.loading import PART

__all__ = ["PART"]
