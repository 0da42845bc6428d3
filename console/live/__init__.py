"""What every open screen shows: the hub looks, fragments render, sockets only listen."""
