"""HierarchicalQuake: the blocks of the paper, each on its own, and the network as printed."""
