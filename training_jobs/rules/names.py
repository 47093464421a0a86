"""Which names templates, parameters, metrics and output files may have."""

import re

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}\.[a-z]{1,8}")
