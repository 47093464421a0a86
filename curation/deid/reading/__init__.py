"""Reading: elements out of bytes, and whom a file says it is about."""
