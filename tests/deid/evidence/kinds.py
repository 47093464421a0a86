"""Kinds of objects with an identity where people and devices write into them: reports, plans, waveforms, slides."""

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from tests.deid import planted as ct
from tests.deid import reports, siemens
from tests.deid.reports import ROOT, code, content, reference


def report(word: str) -> bytes:
    """A structured report with the identity in each kind of content item, and below."""
    deep = content("TEXT", "121071/DCM", f"seen by {word}", content("PNAME", "99999/99X", f"{word}^A"))
    items = [
        content("TEXT", "121106/DCM", word),
        content("PNAME", "121008/DCM", f"{word}^X"),
        content("TEXT", "99123/99LOCAL", f"{word} lung mass"),
        content("CODE", "121071/DCM", f"{word[:16]}/99LOCAL/{word}"),
        content("CONTAINER", f"125007/DCM/{word}", "", deep, deep),
        content("NUM", "99111/99X", "5 mm", content("TEXT", "112039/DCM", word)),
    ]
    return ct.as_file(reports.report(*items))


def key_objects(word: str) -> bytes:
    """A selection of key objects with a remark."""
    text_item = content("TEXT", "113012/DCM", f"for {word}")
    return ct.as_file(reports.report(text_item, sop_class=ROOT + "88.59"))


def without_picture(sop_class: str, modality: str) -> Dataset:
    """An object of the planted patient that has no picture."""
    whole = reports.report(sop_class=ROOT + sop_class)
    for keyword in (
        "ValueType",
        "ContinuityOfContent",
        "CompletionFlag",
        "VerificationFlag",
        "ConceptNameCodeSequence",
    ):
        delattr(whole, keyword)
    del whole.ContentSequence
    whole.Modality = modality
    return whole


def items(**values: object) -> Sequence:
    """A sequence of one item with these values."""
    item = Dataset()
    for keyword, value in values.items():
        setattr(item, keyword, value)
    return Sequence([item])


def graphics(word: str) -> bytes:
    """A presentation state with writing on the picture."""
    whole = without_picture("11.1", "PR")
    whole.ContentLabel, whole.ContentDescription, whole.ContentCreatorName = word[:16].upper(), word, word
    texts = items(UnformattedTextValue=f"12 mm {word}", AnchorPoint=[1.0, 2.0], AnchorPointVisibility="N")
    compound = items(CompoundGraphicType="RULER", GraphicDimensions=2, MajorTicksSequence=items(TickLabel=word))
    whole.GraphicAnnotationSequence = items(
        GraphicLayer="LAYER", TextObjectSequence=texts, CompoundGraphicSequence=compound
    )
    whole.GraphicLayerSequence = items(GraphicLayer="LAYER", GraphicLayerDescription=word)
    whole.SoftcopyVOILUTSequence = items(WindowCenter="1", WindowWidth="2", WindowCenterWidthExplanation="LUNG")
    return ct.as_file(whole)


def structures(word: str) -> bytes:
    """A set of regions with names, labels and remarks that people typed."""
    whole = without_picture("481.3", "RTSTRUCT")
    whole.StructureSetLabel, whole.StructureSetName, whole.StructureSetDescription = word[:16], word, word
    whole.StructureSetROISequence = items(
        ROINumber=1, ROIName=f"{word} lung", ROIDescription=word, ROIGenerationAlgorithm="MANUAL"
    )
    whole.RTROIObservationsSequence = items(
        ObservationNumber=1, ROIObservationLabel=word[:16], ROIInterpreter=f"{word}^X", ROIObservationDescription=word
    )
    whole.ApprovalStatus, whole.ReviewerName = "APPROVED", word
    return ct.as_file(whole)


def plan(word: str) -> bytes:
    """A treatment plan with names and remarks."""
    whole = without_picture("481.5", "RTPLAN")
    whole.RTPlanLabel, whole.RTPlanName, whole.RTPlanDescription = word[:16], word, word
    whole.BeamSequence = items(BeamName=word, BeamDescription=word, TreatmentMachineName=word[:16], BeamNumber=1)
    whole.DoseReferenceSequence = items(DoseReferenceDescription=word, DoseReferenceNumber=1)
    whole.PatientSetupSequence = items(SetupTechniqueDescription=word, PatientSetupNumber=1)
    return ct.as_file(whole)


def waveform(word: str) -> bytes:
    """An electrocardiogram with annotations, labels and a remark."""
    whole = without_picture("9.1.1", "ECG")
    channel = items(ChannelLabel=word[:16], ChannelSourceSequence=Sequence([code(f"{word[:16]}/99X/{word}")]))
    whole.WaveformSequence = items(
        MultiplexGroupLabel=word[:16], ChannelDefinitionSequence=channel, WaveformBitsAllocated=16
    )
    whole.WaveformAnnotationSequence = items(UnformattedTextValue=f"{word} sinus rhythm", AnnotationGroupNumber=1)
    whole.AcquisitionContextSequence = Sequence([content("TEXT", "121106/DCM", word)])
    return ct.as_file(whole)


def segmentation(word: str) -> bytes:
    """Segments with labels that people typed."""
    whole = without_picture("66.4", "SEG")
    whole.ContentCreatorName, whole.ContentLabel, whole.ContentDescription = word, "SEG", word
    whole.SegmentSequence = items(
        SegmentNumber=1,
        SegmentLabel=f"{word} liver",
        SegmentDescription=word,
        TrackingID=word,
        SegmentAlgorithmName=word,
    )
    return ct.as_file(whole)


def slide(word: str) -> bytes:
    """A slide's picture with the text and the bar code of its label, and the specimen's number."""
    whole = ct.dataset()
    whole.SOPClassUID, whole.Modality = ROOT + "77.1.6", "SM"
    whole.ImageType = ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
    whole.LabelText, whole.BarcodeValue, whole.ContainerIdentifier = word, word, word
    steps = items(SpecimenPreparationStepContentItemSequence=Sequence([content("TEXT", "121106/DCM", word)]))
    whole.SpecimenDescriptionSequence = items(
        SpecimenIdentifier=word, SpecimenShortDescription=word, SpecimenPreparationSequence=steps
    )
    return ct.as_file(whole)


def frames(word: str) -> bytes:
    """Functional groups of a multi-frame object, each with a remark."""
    whole = ct.dataset()
    whole.SOPClassUID, whole.NumberOfFrames = ROOT + "4.1", 1
    frame = items(FrameComments=word, FrameLabel=word, FrameAcquisitionNumber=1, StackID="1")
    source = Sequence([reference(f"1.2.826.0.5.{len(word)}")])
    whole.PerFrameFunctionalGroupsSequence = items(
        FrameContentSequence=frame,
        DerivationImageSequence=items(DerivationDescription=word, SourceImageSequence=source),
    )
    whole.SharedFunctionalGroupsSequence = items(ReferencedImageSequence=items(PatientComments=word))
    return ct.as_file(whole)


def siemens_header(word: str) -> bytes:
    """A Siemens header with a name between its fields and in a text of it."""
    tags = siemens.mosaic_tags(1000) | {"ImaCoilString": [word]}
    return siemens.mosaic(1, 1000, "1.2.826.0.44", siemens.csa2(tags, junk=word.encode()))
