"""What sci-track offers."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_trackers() -> list[ComponentSpec]:
    """Files that can be looked at while a run is at work."""
    return [
        ComponentSpec(
            name="tensorboard",
            target="sci_track.tensorboard:TensorBoardTracker",
            config="sci_track.config:TensorBoardConfig",
            summary="TensorBoard event files: losses, learning rates, settings, results and figures",
        ),
        ComponentSpec(
            name="csv",
            target="sci_track.csv:CsvTracker",
            config="sci_track.config:CsvConfig",
            summary="Updates and epochs as CSV files that grow while the run is at work",
        ),
    ]
