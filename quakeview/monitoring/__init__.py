"""SeisMoLLM: network, annotation of long records, picks and their exchange formats."""
