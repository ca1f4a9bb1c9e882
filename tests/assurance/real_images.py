"""real_images.py PORTCULLIS: the report on the default codec over real images, as an administrator runs it."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pydicom.data

FEWEST = 30


def main():
    folders = [Path(pydicom.data.__file__).parent / "test_files"]
    if collection := os.environ.get("PORTCULLIS_SAMPLES"):
        folders.append(Path(collection))
    with tempfile.TemporaryDirectory() as output:
        done = subprocess.run([sys.argv[1], "codec", "report", "--output", output, *folders],
                              text=True, capture_output=True)
        print(done.stdout, done.stderr)
        if done.returncode != 0:
            sys.exit(f"exit status {done.returncode}")
        if done.stderr:
            sys.exit("there is something on standard error, which is no terminal")
        report = json.loads((Path(output) / "report.json").read_text())
        if report["images_from_files"] < FEWEST:
            sys.exit(f"{report['images_from_files']} images: fewer than {FEWEST}")
        if not all(metric["at_expectation"] and metric["tests"] > 0 for metric in report["metrics"]):
            sys.exit("a metric is not at expectation, or was not judged")
        page = (Path(output) / "report.html").read_text()
        for image in report["images"]:
            for picture in filter(None, image["pictures"].values()):
                if picture not in page or not (Path(output) / picture).is_file():
                    sys.exit(f"{picture} is missing")


main()
