"""The conformance service and the sample services, on top of the archive library."""
