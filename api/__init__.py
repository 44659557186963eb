"""HTTP service, command line and wiring: the only place where SCIM meets verification."""
