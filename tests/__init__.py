"""The tests: a mirror of the tree, plus browser/, faults/ and bench/."""
