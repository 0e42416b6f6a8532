"""Data sets from records that a person has read: windows with labels, checked, divided by earthquake."""
