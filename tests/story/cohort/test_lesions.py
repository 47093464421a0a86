"""The painted lesions: on at least two of three slices, inside the body, and findable but not by everyone."""

import numpy as np

from portal.story.cohort import chance, make_cohort
from portal.story.cohort.anatomy import body
from portal.story.cohort.lesion import Spot, paint, place
from portal.story.cohort.slices import make_series


def test_a_lesion_is_on_two_or_three_slices_and_on_none_of_the_others():
    for seed in range(30):
        modality = "MR" if seed % 3 == 2 else "CT"
        ill = make_series(chance.pixels(seed), modality=modality, count=3, lesion=True)
        well = make_series(chance.pixels(seed), modality=modality, count=3, lesion=False)
        assert sum(ill.with_lesion) in (2, 3)
        assert not any(well.with_lesion)


def test_a_lesion_lies_on_tissue():
    inside = []
    for seed in range(40):
        plain = make_series(chance.pixels(seed), modality="CT", count=1, lesion=False).images[0]
        tissue = body(plain, "CT")
        spot = place(chance.pixels(seed, 1), plain, tissue, "CT")
        inside.append(tissue[spot.row, spot.column])
    assert all(inside)


def test_a_lesion_is_brightest_in_its_middle_and_leaves_the_rest_alone():
    flat = np.zeros((128, 128), np.float32)
    painted = paint(chance.pixels(1), flat, Spot(row=60, column=70, radius=6, contrast=500))
    row, column = np.unravel_index(painted.argmax(), painted.shape)
    assert np.hypot(row - 60, column - 70) < 6
    assert painted.max() > 450
    assert painted[:30].max() < 1


def test_lesions_make_the_images_of_ill_donors_tell_apart_but_not_perfectly():
    """Mann-Whitney statistic of one crude feature, the brightest small blob, which is what AUC is."""
    scores: dict[bool, list[float]] = {True: [], False: []}
    for donor in make_cohort(150):
        if donor.modality == "MR":
            series = make_series(
                chance.pixels(donor.seed, donor.index), modality="MR", count=3, lesion=donor.has_lesion
            )
            scores[donor.has_lesion].append(float(np.mean([_blob(image) for image in series.images])))
    above = np.mean([ill > well for ill in scores[True] for well in scores[False]])
    assert 0.65 < above < 1.0


def _blob(image: np.ndarray) -> float:
    """How much brighter the brightest disc is than the ring around it, by means over squares."""
    reach = image.shape[0] // 20
    return float((_mean(image, reach) - _mean(image, reach * 3)).max())


def _mean(image: np.ndarray, reach: int) -> np.ndarray:
    padded = np.pad(image, reach, mode="edge").astype(float)
    sums = np.pad(padded, ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    side = 2 * reach + 1
    return (sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]) / side**2
