"""Opinion groups: who answers alike. Pure numbers in and out; no database, no names.

The method and how it compares with published groupings: docs/opinion-groups.md. numpy and
scikit-learn are imported here alone, and this package by the job and the command alone, so that a
web process carries neither.
"""
