"""What administrators ask for: people, stations, partners, categories and targets, keys."""
