"""The questionnaire: what may be asked, what is known, and which question is next."""
