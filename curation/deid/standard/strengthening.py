"""Our own layer over the standard's table: what else goes, and the few texts that stay because use needs them."""

from ..actions import Action

# Dates and times of devices, vocabularies, drugs and approvals: other people know the true ones, so that a shifted
# value would give away by how much this donor's dates were moved. The table's basic action holds for them.
NEVER_SHIFTED = frozenset(
    {
        0x00080106,  # Context Group Version
        0x00080107,  # Context Group Local Version
        0x0040DB06,  # Template Version
        0x0040DB07,  # Template Local Version
        0x00120086,  # Ethics Committee Approval Effectiveness Start Date
        0x00120087,  # Ethics Committee Approval Effectiveness End Date
        0x0044000B,  # Product Expiration DateTime
        0x00686226,  # Effective DateTime (of an implant template)
        0x00686270,  # Information Issue DateTime (of an implant template)
        0x0072000A,  # Hanging Protocol Creation DateTime
        0x300A022C,  # Source Strength Reference Date
        0x300A022E,  # Source Strength Reference Time
        0x04000310,  # Certified Timestamp, binary
        0x00340007,  # Frame Origin Timestamp, binary
    }
)

# Whose names a researcher may group by without knowing them: a keyed dummy stands for each, as D of the table allows.
SITES = frozenset({0x00080080})  # Institution Name
DEVICES = frozenset(
    {
        0x00081010,  # Station Name
        0x00181000,  # Device Serial Number
        0x0018700A,  # Detector ID
        0x00189371,  # X-Ray Detector ID
        0x00189367,  # X-Ray Source ID
        0x3010002D,  # Device Label
    }
)

OWN: dict[int, Action] = {
    0x00181600: Action.SHUTTER,  # Shutter Shape
    0x00181623: Action.REMOVE,  # Shutter Overlay Group: overlays go
    0x00282000: Action.ICC,  # ICC Profile: colours are needed to show it as it was seen
    0x00100010: Action.PSEUDONYM,  # Patient's Name
    0x00100020: Action.PSEUDONYM,  # Patient ID
    0x00080005: Action.CHARSET,  # Specific Character Set
    0x00080102: Action.CODE,  # Coding Scheme Designator
    0x00080100: Action.CODE,  # Code Value
    0x00080103: Action.CODE,  # Coding Scheme Version
    0x00080104: Action.CODE,  # Code Meaning
    0x00080119: Action.CODE,  # Long Code Value
    0x00080120: Action.CODE,  # URN Code Value
    0x00120062: Action.REMOVE,  # Patient Identity Removed: our own claim is written instead
    0x00120063: Action.REMOVE,  # De-identification Method
    0x00120064: Action.REMOVE,  # De-identification Method Code Sequence
    0x00280303: Action.REMOVE,  # Longitudinal Temporal Information Modified
    0x00143076: Action.REMOVE,  # Date of Gain Calibration
    0x00143077: Action.REMOVE,  # Time of Gain Calibration
    0x00144076: Action.REMOVE,  # Procedure Creation Date
    0x00144078: Action.REMOVE,  # Procedure Expiration Date
    0x0014407A: Action.REMOVE,  # Procedure Last Modified Date
    0x00141020: Action.REMOVE,  # Expiry Date
    0x00080404: Action.REMOVE,  # Item Inventory DateTime
    0x00080416: Action.REMOVE,  # Expiration DateTime
}

# Free text without a rule in the table goes, but for these technical terms.
TERMS = frozenset(
    {
        0x00080070,  # Manufacturer
        0x00081090,  # Manufacturer's Model Name
        0x00180024,  # Sequence Name
        0x00180031,  # Radiopharmaceutical
        0x00180085,  # Imaged Nucleus
        0x00181016,  # Secondary Capture Device Manufacturer
        0x00181018,  # Secondary Capture Device Manufacturer's Model Name
        0x00181019,  # Secondary Capture Device Software Versions
        0x00181020,  # Software Versions
        0x00181022,  # Video Image Format Acquired
        0x00181023,  # Digital Image Format Acquired
        0x00181040,  # Contrast/Bolus Route
        0x00181061,  # Trigger Source or Type
        0x00181064,  # Cardiac Framing Type
        0x00181070,  # Radiopharmaceutical Route
        0x00181085,  # PVC Rejection
        0x00181160,  # Filter Type
        0x00181161,  # Type of Filters
        0x001811B0,  # Acquisition Mode
        0x001811B1,  # Dose Mode Name
        0x00181210,  # Convolution Kernel
        0x00181250,  # Receive Coil Name
        0x00181251,  # Transmit Coil Name
        0x00181260,  # Plate Type
        0x00181261,  # Phosphor Type
        0x00185020,  # Processing Function
        0x0018702A,  # Detector Manufacturer Name
        0x0018702B,  # Detector Manufacturer's Model Name
        0x00189005,  # Pulse Sequence Name
        0x00189041,  # Receive Coil Manufacturer Name
        0x00189047,  # Multi-Coil Element Name
        0x00189050,  # Transmit Coil Manufacturer Name
        0x00189320,  # Image Filter
        0x00201040,  # Position Reference Indicator
        0x00209056,  # Stack ID
        0x00281054,  # Rescale Type
        0x00281055,  # Window Center & Width Explanation
        0x00283004,  # Modality LUT Type
        0x00480106,  # Optical Path Identifier
        0x006A000E,  # Referenced Optical Path Identifier
        0x00541101,  # Attenuation Correction Method
        0x00541103,  # Reconstruction Method
        0x00541104,  # Detector Lines of Response Used
        0x00541105,  # Scatter Correction Method
        0x300A0226,  # Source Isotope Name
    }
)

# Of grey values and colours; what is longer than a table can be goes.
LOOK_UP_TABLES = frozenset({0x00283006, 0x00281201, 0x00281202, 0x00281203, 0x00281204, 0x00281408}) | frozenset(
    {0x00281221, 0x00281222, 0x00281223, 0x00281224}
)
# Binary values without a rule go, but for pictures, look-up tables, waveforms, spectra and geometry.
BULK = frozenset(
    {0x7FE00001, 0x7FE00002, 0x7FE00008, 0x7FE00009, 0x7FE00010, 0x56000010, 0x56000020, 0x00283006}
    | {0x00281201, 0x00281202, 0x00281203, 0x00281204, 0x00281221, 0x00281222, 0x00281223, 0x00281224}
    | {0x54001010, 0x5400100A, 0x54000110, 0x54000112, 0x003A032E, 0x00281408}
    | {0x00640009, 0x00660016, 0x00660021, 0x00660022, 0x00660023, 0x00660024, 0x00660025, 0x00660029}
    | {0x00660040, 0x00660041, 0x00660042, 0x00660043, 0x00660125, 0x00660129, 0x006A0011, 0x00221531}
)
