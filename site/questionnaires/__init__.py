"""Definition, questions, conditions, drafts, responses and answers; used by all three rooms."""
