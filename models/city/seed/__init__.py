"""What a new installation starts with: the facts of one city."""
