"""It reaches a human: raise, tell, acknowledge, decide."""
