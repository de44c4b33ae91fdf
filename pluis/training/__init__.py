"""Practice on made-up visits: vignettes, a visit, feedback that guides. Nothing of it reaches real people."""
