"""The commands, one module each, imported when it is run: docs/decisions/0012."""
