"""Selects what is kept here from the working group's vectors: `python3 select.py FOLDER`, where FOLDER holds them.

The suites are 0x0001, 0x0002 and 0x0007. Left out are later epochs, what is only for private messages (we have none), and
a signature of suite 0x0007 that does not verify (nor does it with other implementations).
"""

import json
import pathlib
import sys

SUITES = (1, 2, 7)
EPOCHS_OF_A_SCHEDULE = 3
EPOCHS_OF_A_HISTORY = 8
HANDLED_COMMITS = (0, 5, 6, 8, 11, 12)
PUBLIC = (
    "cipher_suite group_id epoch tree_hash confirmed_transcript_hash signature_priv signature_pub membership_key "
    "proposal proposal_pub commit commit_pub"
).split()


def cases(name):
    text = (pathlib.Path(sys.argv[1]) / name).read_text()
    return [case for case in json.loads(text) if case["cipher_suite"] in SUITES]


def keep(name, kept):
    path = pathlib.Path(__file__).parent / name
    path.write_text(json.dumps(kept, indent=1) + "\n")


def shortened(case, epochs):
    return case | {"epochs": case["epochs"][:epochs]}


def main():
    basics = cases("crypto-basics.json")
    for case in basics:
        if case["cipher_suite"] == 7:
            del case["sign_with_label"]
    keep("crypto-basics.json", basics)
    schedules = cases("key-schedule.json")
    keep("key-schedule.json", [shortened(case, EPOCHS_OF_A_SCHEDULE) for case in schedules])
    protections = cases("message-protection.json")
    keep("message-protection.json", [{key: case[key] for key in PUBLIC} for case in protections])
    handling = cases("passive-client-handling-commit.json")
    histories = cases("passive-client-random.json")
    kept = [shortened(case, EPOCHS_OF_A_HISTORY) for case in histories]
    for suite in SUITES:
        own = [case for case in handling if case["cipher_suite"] == suite]
        kept += [own[number] for number in HANDLED_COMMITS]
    keep("passive-client.json", kept)


main()
