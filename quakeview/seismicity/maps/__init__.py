"""Forecasts as maps: a day as arrays ready to draw, days kept for playing, words, files of other programs, pictures."""
