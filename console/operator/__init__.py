"""What whoever has the machine does: accounts, backups, checks, certificates."""
