"""What an administrator changes, a file for each thing. Every change is an event of its own."""
