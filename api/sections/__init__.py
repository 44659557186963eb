"""The settings by section: each is a part of `api.settings.Settings`, declared in a module of its own."""
