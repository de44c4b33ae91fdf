"""What Pluis adds to the Rasa engine. Runs in its own environment and imports nothing of the product."""
