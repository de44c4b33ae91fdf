"""Copies of the whole database: sealed on the way out, proven equal on the way back."""
