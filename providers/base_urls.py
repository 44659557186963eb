"""Where the vendors' interfaces are: apart from their providers, for settings name these and load no HTTP client."""

from __future__ import annotations

TWILIO = "https://api.twilio.com"
VONAGE = "https://rest.nexmo.com"
GRAPH = "https://graph.microsoft.com/v1.0"
GRAPH_LOGIN = "https://login.microsoftonline.com"
