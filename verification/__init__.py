"""The verification engine: numbers, the decision table, codes, limits and delivery, as pure code."""
