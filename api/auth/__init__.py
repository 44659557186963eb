"""Who may do what: access tokens of the embedded and of foreign issuers, scopes, principals."""
