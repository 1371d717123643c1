"""The interface for other systems: JSON over HTTPS, described by OpenAPI at /api/v1/openapi.json."""
