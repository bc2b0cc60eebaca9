"""The campaigns that the tests of batches start from."""

from tests.pipeline.batches import begun, collected, issued, waiting

__all__ = ["begun", "collected", "issued", "waiting"]
