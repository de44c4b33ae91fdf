"""The only door: pages for people, a JSON API for programs."""
