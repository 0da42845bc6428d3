"""The ground and the lists: categories, stations, agencies, and the facts of the city."""
