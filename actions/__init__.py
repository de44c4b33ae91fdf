"""What the dialogue does: each action takes a tracker, calls the debrief service and hands back messages."""
