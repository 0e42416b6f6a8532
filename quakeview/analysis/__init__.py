"""Views of a piece of record: polarisation, spectra, spectrograms and statistics. No Qt."""
