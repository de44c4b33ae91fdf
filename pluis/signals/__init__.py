"""Finding signals in a counselor's words: candidates by terms, then context, then findings.

Import what you need from the modules (`pluis.signals.finder`, `pluis.signals.taxonomy`); nothing heavy is
loaded before `Finder.load` is called.
"""
