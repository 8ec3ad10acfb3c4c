"""Consultation papers, their paragraphs and statements, from draft to outcome."""
