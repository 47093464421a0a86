"""Private acquisition values that we keep beside the standard's list, each a number that conversion software needs.

Every row names a creator, the group with the last byte of the element, and a VR that cannot hold text about anyone
(numbers only, and a value that is no number does not pass). All but United Imaging's are in the private dictionary
that pydicom carries. dcm2niix reads all of these; without them a diffusion or functional series is a heap of slices.
"""

# (creator, group << 16 | last byte, VR, VM, meaning)
ACQUISITION: tuple[tuple[str, int, str, str, str], ...] = (
    # Siemens before XA keeps slice timing and mosaic geometry here and in the CSA header, which some archives drop.
    ("SIEMENS MR HEADER", 0x0019000A, "US", "1", "Number of Images in Mosaic"),
    ("SIEMENS MR HEADER", 0x0019000B, "DS", "1", "Slice Measurement Duration"),
    ("SIEMENS MR HEADER", 0x00190014, "IS", "3", "Relative Table Position"),
    ("SIEMENS MR HEADER", 0x00190018, "IS", "1", "Real Dwell Time"),
    ("SIEMENS MR HEADER", 0x00190028, "FD", "1", "Bandwidth per Pixel Phase Encode"),
    ("SIEMENS MR HEADER", 0x00190029, "FD", "1-n", "Mosaic Reference Acquisition Times"),
    # GE writes the direction of diffusion into three fields of its user data, and no public one.
    ("GEMS_ACQU_01", 0x001900BB, "DS", "1", "Diffusion Direction, Phase"),
    ("GEMS_ACQU_01", 0x001900BC, "DS", "1", "Diffusion Direction, Frequency"),
    ("GEMS_ACQU_01", 0x001900BD, "DS", "1", "Diffusion Direction, Slice"),
    ("GEMS_ACQU_01", 0x001900DF, "DS", "1", "Number of Images without Diffusion"),
    ("GEMS_ACQU_01", 0x001900E0, "DS", "1", "Number of Diffusion Directions"),
    # GE's slices and their order within a volume.
    ("GEMS_RELA_01", 0x0021004F, "SS", "1", "Locations in Acquisition"),
    ("GEMS_RELA_01", 0x0021005E, "DS", "1", "Time after Start of Acquisition"),
    # Needed to undistort echo-planar images, and to tell magnitude from phase.
    ("GEMS_PARM_01", 0x0043002C, "SS", "1", "Effective Echo Spacing"),
    ("GEMS_PARM_01", 0x0043002F, "SS", "1", "Kind of Image: Magnitude, Phase, Real or Imaginary"),
    ("GEMS_PARM_01", 0x00430030, "SS", "1", "Collapse Flag"),
    ("GEMS_PARM_01", 0x00430083, "DS", "1-2", "Parallel Acquisition Factors"),
    # Philips in classic objects; the strength of diffusion is in the standard's list already.
    ("Philips MR Imaging DD 001", 0x200500B0, "FL", "1", "Diffusion Direction, Right to Left"),
    ("Philips MR Imaging DD 001", 0x200500B1, "FL", "1", "Diffusion Direction, Anterior to Posterior"),
    ("Philips MR Imaging DD 001", 0x200500B2, "FL", "1", "Diffusion Direction, Foot to Head"),
    # United Imaging: its grid of slices and its diffusion (as dcm2niix reads them; pydicom does not list this creator).
    ("Image Private Header", 0x00650009, "FD", "1", "Diffusion B-Value"),
    ("Image Private Header", 0x00650037, "FD", "3", "Diffusion Gradient Direction"),
    ("Image Private Header", 0x00650050, "DS", "1", "Number of Images in Grid"),
    ("Image Private Header", 0x00650058, "IS", "1", "Phase Encoding Direction Positive"),
)
# Binary headers that are read, and of which only numbers from a closed list are written anew (csa.py).
CSA_CREATOR = "SIEMENS CSA HEADER"
CSA_HEADERS = frozenset({0x00290010, 0x00290020})
# Texts of the standard's list that name techniques and are no words of a language; every other text has to be made of
# known words.
TECHNICAL_TERMS = frozenset(
    {
        ("GEMS_ACQU_01", 0x0019009E),  # Internal Pulse Sequence Name
        ("GEMS_PARM_01", 0x00430027),  # Scan Pitch Ratio
        ("Philips Imaging DD 001", 0x20010087),  # Nucleus
        ("Philips Imaging DD 001", 0x2001008B),  # Transmitting Coil
        ("NQHeader", 0x00990020),  # Units
        ("HOLOGIC, Inc.", 0x7E010001),  # Codec Version
        ("HOLOGIC, Inc.", 0x7E010002),  # Codec Content Type
    }
)
