"""Training runs seen from outside: started as processes of their own, queued, followed by reading their folders.

A run folder says all there is to know: ``state.json`` (``run_state``), ``metrics.jsonl``, ``log.jsonl``. No port and no
pipe connects a run with whoever watches it, so that windows come and go while it trains. No PyTorch here.
"""
