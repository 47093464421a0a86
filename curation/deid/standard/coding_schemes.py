"""The public coding schemes (PS3.16 Table 8-1) and the form that a code of each has; local schemes can hold anything.

A text in the place of a code, such as a name, has none of these forms.
"""

import re

_NUMBER, _ICD = r"\d{1,8}", r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?"
_SNOMED_RT = r"[A-Z]\d?-[0-9A-F]{3,6}"
_FORMS = {
    "DCM": r"\d{5,6}",
    "SCT": rf"\d{{6,18}}|{_SNOMED_RT}",  # writers moved to the newer designator before the newer codes
    **dict.fromkeys(("SRT", "SNM3", "99SDM"), _SNOMED_RT),
    "LN": r"(?:L[PA])?\d{1,7}-\d",
    "FMA": r"(?:FMA:?)?\d{1,6}",
    "RADLEX": r"RP?ID\d{1,6}",
    "RADELEMENT": r"RDES?\d{1,6}(?:\.\d{1,2})?",
    "NCIt": r"C\d{3,7}",
    "UMLS": r"C\d{7}",
    "UCUM": r"[0-9 ./*^()\[\]{}'%+-]{1,16}",  # units of letters are compared with the known ones
    "MDC": r"\d{1,3}:\d{1,6}|\d{1,8}",
    "SCPECG": r"\d{1,2}(?:\.\d{1,2}){1,3}(?:-\d{1,3}){1,3}",
    "IBSI": r"[0-9A-Z]{4}",
    **dict.fromkeys(("MA", "UBERON"), r"(?:MA|UBERON)?[:_]?\d{7}"),
    **dict.fromkeys(("ICD10", "I10", "I10P", "I11"), rf"{_ICD}|[0-9A-Z]\d[0-9A-Z]{{5}}"),
    **dict.fromkeys(("ICD9", "I9", "I9C"), r"[EV]?\d{2,3}(?:\.\d{1,2})?"),
    **dict.fromkeys(("ICDO3", "ICDO"), r"[CM]?-?\d{2,4}(?:[./]\d)?"),
    **dict.fromkeys(("BI", "NEU", "ITIS_TSN", "PUBCHEM_CID", "RXNORM", "UNS", "BARI", "NCDR", "MDNS"), _NUMBER),
    "ACR": r"\d{1,4}(?:\.\d{1,5})?",
    "NICIP": r"[A-Z]{4,6}",
    "PATHLEX": r"[A-Z]?\d{1,6}",
    "MSH": r"D\d{6,9}",
    "CD8": r"\d{1,6}",
    **dict.fromkeys(("ISO3166_1", "ISO639_1", "ISO639_2"), r"[A-Za-z]{2,3}|\d{3}"),
    **dict.fromkeys(("RFC5646", "RFC3066"), r"[A-Za-z]{2,3}(?:-[A-Z]{2})?"),
}
CODING_SCHEMES: dict[str, re.Pattern[str]] = {scheme: re.compile(form) for scheme, form in _FORMS.items()}
