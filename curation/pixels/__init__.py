"""Pictures made safe: decoded, searched for writing, blanked, written again. Plain Python over pydicom and NumPy.

It knows no Django, opens no connection and runs in a child process that may die of what it is given. It imports of
`curation.deid` what reading a file needs; nothing there imports from here, since the engine needs no NumPy.
"""
