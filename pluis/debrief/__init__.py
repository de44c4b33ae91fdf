"""One debrief: open, answer, correct, pause, close. One transaction for each turn."""
