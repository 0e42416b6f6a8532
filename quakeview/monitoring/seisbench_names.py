"""What is known of SeisBench without it: its pickers that work here, and how to get it. No torch here."""

SYSTEM = "SeisBench"
PREFIX = "seisbench:"
"""How names of pickers begin that are to be had from SeisBench: ``seisbench:PhaseNet/stead``."""
PICKERS = (
    "PhaseNet",
    "PhaseNetLight",
    "VariableLengthPhaseNet",
    "EQTransformer",
    "OBSTransformer",
    "GPD",
    "BasicPhaseAE",
    "Skynet",
    "LFEDetect",
)
"""Its networks that pick P and S on three components of one station; PickBlue is PhaseNet/obs and EQTransformer/obs."""
NOT_INSTALLED = "SeisBench is not installed; install it with 'pip install seisbench' and start again."
