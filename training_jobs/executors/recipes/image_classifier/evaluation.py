"""How good the classifier is on donors it never saw: area under the ROC curve with its interval, calibration."""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, rankdata
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_curve

Numbers = NDArray[np.float64]
ROC_POINTS = 11


def auc_with_interval(labels: Numbers, scores: Numbers, level: float = 0.95) -> tuple[float, float, float]:
    """AUC and its interval by DeLong's variance (DeLong 1988, in Sun and Xu's fast form) on the logit scale.

    `labels` are 0 or 1, one a donor. With perfect or perfectly wrong scores, where the variance is 0, the interval
    is that of a single exchanged pair, so that it never pretends to be a point.
    """
    positive, negative = scores[labels == 1], scores[labels == 0]
    m, n = len(positive), len(negative)
    everyone = rankdata(np.concatenate([positive, negative]))
    auc = float((everyone[:m].sum() - m * (m + 1) / 2) / (m * n))
    by_positive = (everyone[:m] - rankdata(positive)) / n
    by_negative = 1 - (everyone[m:] - rankdata(negative)) / m
    variance = by_positive.var(ddof=1) / m + by_negative.var(ddof=1) / n
    safe = min(max(auc, 1 / (2 * m * n)), 1 - 1 / (2 * m * n))
    deviation = np.sqrt(max(variance, 1 / (m * n) ** 2)) / (safe * (1 - safe))
    reach = norm.ppf(0.5 + level / 2) * deviation
    logit = np.log(safe / (1 - safe))
    low, high = (1 / (1 + np.exp(-value)) for value in (logit - reach, logit + reach))
    return auc, float(low), float(high)


def calibration(labels: Numbers, probabilities: Numbers) -> dict[str, float]:
    """Brier score, and slope and intercept of the outcome on the logit of the probability (1 and 0 are perfect)."""
    clipped = np.clip(probabilities, 1e-6, 1 - 1e-6)
    logit = np.log(clipped / (1 - clipped)).reshape(-1, 1)
    fitted = LogisticRegression(C=1e6).fit(logit, labels)
    return {
        "brier_score": round(float(brier_score_loss(labels, probabilities)), 3),
        "slope": round(float(fitted.coef_[0, 0]), 2),
        "intercept": round(float(fitted.intercept_[0]), 2),
    }


def roc_points(labels: Numbers, scores: Numbers) -> list[list[float]]:
    """The ROC curve at fixed false-positive rates: the full curve would show a step for every donor."""
    false_positive, true_positive, _ = roc_curve(labels, scores)
    at = np.linspace(0, 1, ROC_POINTS)
    return [
        [round(float(x), 2), round(float(y), 2)]
        for x, y in zip(at, np.interp(at, false_positive, true_positive), strict=True)
    ]
