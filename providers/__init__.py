"""The outside world: SMS gateways and other remote parties, the only importer of requests."""
