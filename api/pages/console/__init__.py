"""The Console: what administrators see of users, groups, messages and settings."""
