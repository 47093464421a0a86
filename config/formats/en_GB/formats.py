"""How dates are written in English: months in full, for nobody has to guess what 'Jul.' is. Read by Django."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, H:i"
TIME_FORMAT = "H:i"
MONTH_DAY_FORMAT = "j F"
