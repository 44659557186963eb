"""The tests; a package, because a development dependency installs another one named `tests`, which would win."""
