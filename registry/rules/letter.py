"""The letter with which a donor asks a hospital for their images: what it says under which law. Plain Python.

EU and EEA: Regulation (EU) 2016/679. Article 15(3) gives a copy; Article 12(5) makes it free of charge, for a first
copy of a medical record whatever it is wanted for (Court of Justice, 26 October 2023, FT v DW, C-307/22). Article
12(3): without undue delay and within one month, which can be extended by two further months with reasons. Article 20
gives data in a structured, commonly used and machine-readable format, but only what a person provided, and only where
it is processed by consent or contract; hospitals often process by other grounds, so the letter asks under it *as far
as it applies*.

United Kingdom: the same articles of the UK GDPR; since 5 February 2026 the month is reckoned by its Article 12A (Data
(Use and Access) Act 2025, section 76).

United States: 45 CFR 164.524. (b)(2): 30 days, and one extension of no more than 30 days with written reasons.
(c)(2): the form and format asked for, if readily producible. (c)(3)(ii): an electronic copy goes to another person
whom the patient designates, if the request is in writing, signed, and clearly says who that is and where to send it;
since Ciox Health v. Azar (D.D.C., 23 January 2020) only for what is in an electronic health record. (c)(4): a
reasonable, cost-based fee for a copy to the patient; since that judgment it does not limit the fee for a copy that
goes to somebody else, and the letter does not say so.
"""

from enum import StrEnum
from typing import Final

from core.texts import gettext_noop as _


class Law(StrEnum):
    """Where the hospital is, which decides by what law it is asked."""

    EU = "eu"
    UK = "uk"
    US = "us"
    OTHER = "other"


class Way(StrEnum):
    """How the hospital can hand the images over."""

    PAGE = "page"
    DISC = "disc"


#: What the letter says of the right to a copy, of time and of cost.
RIGHTS: Final[dict[Law, tuple[str, ...]]] = {
    Law.EU: (
        _(
            "I ask for this copy under Article 15(3) of the General Data Protection Regulation, Regulation (EU) "
            "2016/679. As far as Article 20 applies, I also ask for the images as data in a structured, commonly used "
            "and machine-readable format. DICOM is such a format."
        ),
        _(
            "Please answer without undue delay, and within one month of receiving this letter at the latest (Article "
            "12(3)). Where it is necessary because requests are complex or many, that time can be extended by two "
            "further months; please tell me so, and why, within the first month."
        ),
        _(
            "The first copy is free of charge, and I need not give a reason for asking (Articles 12(5) and 15(3); "
            "Court of Justice of the European Union, judgment of 26 October 2023, C-307/22)."
        ),
    ),
    Law.UK: (
        _(
            "I ask for this copy under Article 15(3) of the UK General Data Protection Regulation. As far as Article "
            "20 applies, I also ask for the images as data in a structured, commonly used and machine-readable format. "
            "DICOM is such a format."
        ),
        _(
            "Please answer without undue delay, and within one month at the latest (Articles 12(3) and 12A). Where it "
            "is necessary because requests are complex or many, that time can be extended by two further months; "
            "please tell me so, and why, within the first month."
        ),
        _("The first copy is free of charge (Articles 12(5) and 15(3))."),
    ),
    Law.US: (
        _(
            "I ask for this copy under my right of access, 45 CFR 164.524 (HIPAA Privacy Rule). I ask for an "
            "electronic copy, in the form and format named above (45 CFR 164.524(c)(2))."
        ),
        _(
            "Please act on this request no later than 30 days after you receive it. If you cannot, you may extend that "
            "time once, by no more than 30 days; within the first 30 days please tell me in writing why, and by which "
            "date you will be done (45 CFR 164.524(b)(2))."
        ),
        _(
            "For a copy to me you may charge a reasonable, cost-based fee only: for the labor of copying, for a disc "
            "or stick, and for postage (45 CFR 164.524(c)(4)). I do not ask for a summary or an explanation. Please "
            "tell me the fee beforehand."
        ),
    ),
    Law.OTHER: (
        _(
            "I ask for this copy as the person whom these images show, under the right to my own medical records that "
            "the law here gives me. Please tell me soon when I can expect it, and beforehand whether there is a cost."
        ),
    ),
}
#: What it says besides where the hospital is to send the images to the programme itself.
DIRECTIONS: Final[dict[Law, str]] = {
    Law.EU: _("As far as Article 20 applies, I ask you to send the images there directly (Article 20(2))."),
    Law.UK: _("As far as Article 20 applies, I ask you to send the images there directly (Article 20(2))."),
    Law.US: _(
        "I direct you to transmit an electronic copy of the images directly to the person whom I designate: "
        "%(programme)s, at the address given here (45 CFR 164.524(c)(3)(ii))."
    ),
    Law.OTHER: "",
}
