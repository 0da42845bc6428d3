"""Who is there, and what may come in: sessions, passwords, cookies, limits, the size of a body."""
