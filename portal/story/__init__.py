"""The story that `make demo` tells, step by step, on invented people."""
