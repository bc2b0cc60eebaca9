"""The languages that forms and findings speak beside English, with their phrases as data."""

from xlplan.languages.speech import LANGUAGES, day_in_words, say, speaking, spoken

__all__ = ["LANGUAGES", "day_in_words", "say", "speaking", "spoken"]
