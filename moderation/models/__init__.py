from .decision import Decision
from .item import Item, ItemState
from .report import Report

__all__ = ["Decision", "Item", "ItemState", "Report"]
