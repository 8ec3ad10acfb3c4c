"""Writes of the app: freezing a report, making its files, delivering it, receiving it."""
