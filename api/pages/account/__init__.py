"""My Account: what users see and change of their own account."""
