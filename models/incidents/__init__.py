"""What comes in and what is done about it: complaints, incidents, evidence, every step."""
