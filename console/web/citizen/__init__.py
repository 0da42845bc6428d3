"""What citizens ask for."""
