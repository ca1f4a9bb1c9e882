"""audit search by patient over a large log."""

import time

from processes import build_folder, run

PROGRAM = build_folder() / "gateway" / "portcullis"


def measure_search(log, records, patient):
    """`log`: its folder, of so many records, some of which are of this patient."""
    began = time.monotonic()
    done = run([PROGRAM, "audit", "search", "--log", log, "--patient", patient, "--json"], seconds=3600)
    seconds = time.monotonic() - began
    found = len(done.output.splitlines())
    if done.status != 0 or found == 0:
        raise RuntimeError(f"no record of {patient} was found: {done}")
    print(f"  search by patient: {found:,} of {records:,} records in {seconds:.2f} s, "
          f"{records / seconds:,.0f} records a second")
    return {"records": records, "found": found, "seconds": round(seconds, 3)}
