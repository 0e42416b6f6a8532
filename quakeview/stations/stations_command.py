"""``quakeview stations``: what is known of stations, from files and from data centres, as a table and as StationXML."""

import argparse
import csv
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from quakeview.errors import QuakeViewError

if TYPE_CHECKING:
    from quakeview.jobs import Progress
    from quakeview.stations.book import StationBook
    from quakeview.waveforms.archive import Archive

HEAD = ("network", "station", "latitude", "longitude", "elevation_m", "response")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``quakeview stations``."""
    parser.epilog = (
        "CSV on stdout, a line for each station with coordinates, which opens as a list of stations; response is yes, "
        "gain or empty. What contradicts itself is told on stderr."
    )
    parser.add_argument(
        "paths",
        nargs="+",
        type=Path,
        metavar="FILE|FOLDER",
        help="station metadata (StationXML, SEED, RESP, SC3ML, FDSN text, a CSV of coordinates) and waveforms",
    )
    parser.add_argument(
        "--fdsn",
        metavar="CENTRE",
        help="download the metadata of the stations with waveforms from a data centre: EARTHSCOPE, GEOFON, an address",
    )
    parser.add_argument("-o", "--output", type=Path, metavar="XML", help="write everything as StationXML")


def main(options: argparse.Namespace) -> int:
    """Print the table; return the exit code.

    Raises:
        QuakeViewError: if no file says anything of a station, or the data centre cannot be reached.
    """
    from quakeview.atomic import write_atomically
    from quakeview.progressbar import terminal_progress
    from quakeview.stations.fdsn import stationxml

    with terminal_progress() as progress:
        book, archive, sentences = _read(options.paths, progress)
        if options.fdsn:
            book, missing = _with_download(options.fdsn, book, archive, progress)
            sentences += missing
    for sentence in (*sentences, *book.notes):
        print(sentence, file=sys.stderr)
    if not book.files:
        raise QuakeViewError("The files say nothing of stations; add station metadata, or --fdsn with a data centre.")
    for place in sorted({channel[:2] for channel in archive.channels} - book.coordinates.keys()):
        print(f"{'.'.join(place)} has waveforms but no coordinates.", file=sys.stderr)
    if options.output:
        write_atomically(options.output, stationxml(book.inventory))
    csv.writer(sys.stdout, lineterminator="\n").writerows(table(book))
    print(f"{book.summary}.", file=sys.stderr)
    return 0


def _with_download(
    centre: str, book: "StationBook", archive: "Archive", progress: "Progress"
) -> tuple["StationBook", list[str]]:
    """What a data centre knows of the stations with waveforms as well, and a sentence on those it does not know."""
    from quakeview.stations.fdsn import download, not_known, stations_with_data
    from quakeview.stations.inventories import StationFile

    wanted = stations_with_data(archive)
    if not wanted:
        raise QuakeViewError("--fdsn downloads the metadata of stations with waveforms; name waveform files as well.")
    inventory, missing = download(centre, wanted, progress)
    return book.with_files([StationFile(Path(centre), inventory)]), not_known(centre, missing)


def table(book: "StationBook") -> list[Sequence[str]]:
    """The head, and a row for each station that has coordinates."""
    rows: list[Sequence[str]] = [HEAD]
    for (network, station), place in sorted(book.coordinates.items()):
        coordinates = f"{place.latitude:.6f}", f"{place.longitude:.6f}", f"{place.elevation:.1f}"
        rows.append((network, station, *coordinates, book.responses[network, station]))
    return rows


def _read(paths: Sequence[Path], progress: "Progress") -> tuple["StationBook", "Archive", list[str]]:
    """Everything that the files say of stations, the waveforms among them, and sentences on what is neither."""
    from quakeview.stations.book import StationBook
    from quakeview.stations.headers import channels_by_file, stations_in_headers
    from quakeview.stations.inventories import holds_stations, read_station_file
    from quakeview.waveforms.archive import Archive
    from quakeview.waveforms.scanning import FileProblem, find_files

    archive, files, sentences = Archive(), [], []
    for item in find_files(paths):
        if isinstance(item, FileProblem):
            sentences.append(item.sentence)
        elif holds_stations(item):
            files.append(read_station_file(item))
        else:
            sentences += [problem.sentence for problem in archive.add([item], progress)]
    headers = StationBook(tuple(stations_in_headers(channels_by_file(archive))))
    return headers.with_files(files), archive, sentences
