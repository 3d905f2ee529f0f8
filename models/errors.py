"""Errors of the models room: what a caller can catch when an artefact or a runtime is unusable."""


class ModelError(Exception):
    """Root of everything that models/ raises on purpose."""

    exit_code = 2


class RuntimeMissingError(ModelError):
    """No interpreter for .tflite files is installed in this environment."""


class ArtefactError(ModelError):
    """A model, gallery or table on disk is missing, damaged or not the one in the manifest."""

    exit_code = 5
