"""The OpenID provider on Authlib: what it knows of the protocol, filled in with what this service keeps."""
