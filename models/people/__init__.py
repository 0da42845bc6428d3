"""Who is let in: officers, citizens, walls, keys; by which session, device and code."""
