"""Delivery: everything between the law and the people who use it."""
