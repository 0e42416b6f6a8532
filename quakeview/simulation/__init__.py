"""Wave propagation (waves, earth, sources), and apart from it synthetic seismograms for training (records)."""
