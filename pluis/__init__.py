"""Pluis debriefs a family counselor after a home visit and makes sure that a human knows in time."""
