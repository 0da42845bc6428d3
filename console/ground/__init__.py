"""The ground: outlines, gazetteer, distances; the city that is served."""
