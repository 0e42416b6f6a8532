"""WaveCastNet (Lyu et al. 2025) and its recurrent baselines: networks that continue a film of the ground."""
