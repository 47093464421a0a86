"""The story that `make demo` tells: the whole way of a donation, through the same doors that people use."""
