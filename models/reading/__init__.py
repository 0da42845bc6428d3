"""What is asked of the record: reads, and writes nothing."""
