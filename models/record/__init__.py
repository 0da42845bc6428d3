"""What happened, sealed; the engines; what leaves; who owns the clock."""
