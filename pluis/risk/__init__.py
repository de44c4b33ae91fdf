"""From signals, answers and history to a level, with its reasons."""
