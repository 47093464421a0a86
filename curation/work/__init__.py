"""What workers do for curation: clean donations, draw pictures of what was cleaned, erase what was refused.

This file imports nothing: the child process that draws pictures starts from inside this package, without Django.
"""
