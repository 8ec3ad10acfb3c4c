"""The ground: audit, clock, text, limits, jobs, schedule, errors, base pages."""
