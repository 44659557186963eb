"""Thin views: parse, call one use case, dump."""
