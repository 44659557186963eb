"""Use cases: the only place where SCIM documents meet the verification engine. No Flask in here."""
