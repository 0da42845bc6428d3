"""What leaves: pushes and messages."""
