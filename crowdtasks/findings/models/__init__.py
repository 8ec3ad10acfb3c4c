from .finding import Change, Finding, Severity, Triage

__all__ = ["Change", "Finding", "Severity", "Triage"]
