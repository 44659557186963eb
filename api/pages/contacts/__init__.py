"""The controls of phone numbers and mail addresses, in My Account and, on behalf of a user, in the Console."""
