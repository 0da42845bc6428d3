"""What the staff, partners and administrators ask for."""
