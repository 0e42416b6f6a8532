"""What a catalogue is like: from where it is complete, its b-value, its clusters, its course in time.

::

    summary = summarise(read_catalogue("catalogue.csv").catalogue)   # quakeview.seismicity.statistics.summary
    summary.completeness.magnitude, summary.b.interval, summary.cautions
    decluster(catalogue, Method.NEAREST_NEIGHBOUR, 4.5).mainshocks   # quakeview.seismicity.statistics.declustering
"""
