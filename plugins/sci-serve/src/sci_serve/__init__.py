"""A REST server for models trained with sci."""
