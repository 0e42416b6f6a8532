"""What a catalogue is like: from where it is complete, its b-value, its clusters, its course in time.

::

    from quakeview.seismicity import Method, decluster, summarise

    summary = summarise(catalogue)
    summary.completeness.magnitude, summary.b.interval, summary.cautions
    decluster(catalogue, Method.NEAREST_NEIGHBOUR, summary.least, summary.b.b).mainshocks
"""
