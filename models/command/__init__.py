"""What the command sets, tells, keeps and checks."""
