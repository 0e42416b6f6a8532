"""Archives of many stations and days: picked day by day into a catalogue that grows."""
