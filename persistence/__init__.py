"""SQLAlchemy Core tables, repositories, unit of work, outbox and migrations."""
