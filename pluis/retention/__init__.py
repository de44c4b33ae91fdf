"""How long what is kept, what is destroyed when, and what is left to say of it."""
