"""Fictitious teams, families and accounts to try Pluis with. Never part of a real installation."""

from pluis.demo.seed import seed

__all__ = ["seed"]
