"""The twin of Microsoft Graph's authentication methods API: how it reads and writes what our use cases know."""
