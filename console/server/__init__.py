"""What the machine does: sockets, keys, logs, metrics, the data folder."""
