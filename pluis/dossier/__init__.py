"""The case as a whole: who, when seen, what was found, what was agreed."""
