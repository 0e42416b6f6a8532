"""Work beside the window: jobs that are shown, small computations of which the newest counts, and the jobs panel.

The threads are Python's: PROJ, through pyproj 3.7, crashes on threads that Qt has made.
"""
