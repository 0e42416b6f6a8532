"""WaveCastNet (Lyu et al. 2025) and its recurrent rivals: networks that continue a film of the ground."""
