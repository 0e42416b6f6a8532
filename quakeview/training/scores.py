"""How good picks and estimates are: the paper's scores where they are sound, and honest statistics of the residuals."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

TOLERANCES = (0.1, 0.3, 0.5)
"""Seconds within which a pick is a true positive, limits included."""
OUTLIER = 0.5
"""Seconds from the truth beyond which a pick is an outlier."""


def top_pick(curve: NDArray[np.floating], threshold: float = 0.3) -> float | None:
    """The one pick of a trace: where the probability is largest, refined by a parabola; None below the threshold."""
    peak = int(np.argmax(curve))
    if curve[peak] < threshold:
        return None
    if not 0 < peak < len(curve) - 1:
        return float(peak)
    before, at, after = (float(value) for value in curve[peak - 1 : peak + 2])
    curvature = before - 2 * at + after
    return peak + (0.0 if curvature >= 0 else float(np.clip(0.5 * (before - after) / curvature, -0.5, 0.5)))


def pick_scores(
    picked: Sequence[float | None], true: Sequence[float | None], tolerances: Sequence[float] = TOLERANCES
) -> dict[str, float]:
    """Scores of one phase, one pick per trace.

    Args:
        picked, true: seconds of the pick and of the label of each trace; None where there is none.

    Returns:
        ``precision@t``, ``recall@t``, ``f1@t`` for each tolerance t (s); ``residual_mean``, ``residual_std``,
        ``residual_mae`` (s) of the true positives at the largest tolerance only, NaN without any; ``outliers``,
        the fraction of picks on labelled traces that are off by more than ``OUTLIER``; ``picks`` and
        ``labels``, their numbers.
    """
    residuals = np.array([p - t for p, t in zip(picked, true, strict=True) if p is not None and t is not None])
    n_picks = sum(p is not None for p in picked)
    n_labels = sum(t is not None for t in true)
    scores = {"picks": float(n_picks), "labels": float(n_labels)}
    for tolerance in tolerances:
        hits = int((np.abs(residuals) <= tolerance + 1e-9).sum())
        precision, recall = hits / max(n_picks, 1), hits / max(n_labels, 1)
        scores[f"precision@{tolerance}"] = precision
        scores[f"recall@{tolerance}"] = recall
        scores[f"f1@{tolerance}"] = 2 * hits / max(n_picks + n_labels, 1)
    good = residuals[np.abs(residuals) <= max(tolerances)]
    scores |= {f"residual_{name}": value for name, value in _moments(good).items()}
    scores["outliers"] = float((np.abs(residuals) > OUTLIER).mean()) if len(residuals) else float("nan")
    return scores


def regression_scores(estimated: NDArray[np.floating], true: NDArray[np.floating]) -> dict[str, float]:
    """Mean, standard deviation and mean absolute value of estimate minus truth, and R2 (NaN for a constant truth)."""
    residuals = np.asarray(estimated, float) - np.asarray(true, float)
    return {**_moments(residuals), "r2": _r_squared(residuals, true - np.mean(true))}


def circular_scores(estimated: NDArray[np.floating], true: NDArray[np.floating]) -> dict[str, float]:
    """The same for angles in degrees: residuals are wrapped to ±180, and R2 takes deviations from the circular mean."""
    residuals = wrapped(np.asarray(estimated, float) - np.asarray(true, float))
    mean = np.degrees(np.angle(np.exp(1j * np.radians(true)).mean()))
    return {**_moments(residuals), "r2": _r_squared(residuals, wrapped(true - mean))}


def class_scores(estimated: NDArray[np.integer], true: NDArray[np.integer], n_classes: int = 2) -> dict[str, float]:
    """Accuracy, and precision, recall and F1 averaged over the classes (macro)."""
    estimated, true = np.asarray(estimated), np.asarray(true)
    precision, recall, f1 = [], [], []
    for label in range(n_classes):
        hits = int(((estimated == label) & (true == label)).sum())
        said, there = int((estimated == label).sum()), int((true == label).sum())
        precision.append(hits / max(said, 1))
        recall.append(hits / max(there, 1))
        f1.append(2 * hits / max(said + there, 1))
    return {
        "accuracy": float((estimated == true).mean()),
        "precision": float(np.mean(precision)),
        "recall": float(np.mean(recall)),
        "f1": float(np.mean(f1)),
    }


def wrapped(degrees: NDArray[np.floating]) -> NDArray[np.floating]:
    """Angles in [-180, 180)."""
    return (np.asarray(degrees) + 180) % 360 - 180


def _moments(residuals: NDArray[np.floating]) -> dict[str, float]:
    if not len(residuals):
        return dict.fromkeys(("mean", "std", "mae"), float("nan"))
    return {"mean": float(residuals.mean()), "std": float(residuals.std()), "mae": float(np.abs(residuals).mean())}


def _r_squared(residuals: NDArray[np.floating], deviations: NDArray[np.floating]) -> float:
    spread = float(np.square(deviations).sum())
    return 1 - float(np.square(residuals).sum()) / spread if spread > 0 else float("nan")
