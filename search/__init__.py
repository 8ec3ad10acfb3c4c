"""Search: one analysis of text, engines that propose, one order (ADR 59). No page uses it yet."""
