"""The points ledger: double entry, append-only, every point explained (ADR 6 and 48).

It knows neither campaigns nor rewards. They name an engagement or a person, an amount and a key of
their own, and call ``ledger.actions``; they read by ``ledger.reading``.
"""
