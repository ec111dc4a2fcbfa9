"""Verifies logs of Conclave with pymerkle, by deriving the whole tree again from the entries.

    python verify.py FOLDER...

Each folder holds the files of an export kit. For each, one line says `accepted` or `refused` and why. Pymerkle knows trees
and proofs; it knows no signatures and no tiles, and neither does this program: it takes the checkpoints' words.
"""

import base64
import json
import pathlib
import sys

import pymerkle


class Refused(Exception):
    """The log is not what its checkpoints say."""


def main():
    for folder in map(pathlib.Path, sys.argv[1:]):
        try:
            verify(folder)
            print(f"{folder.name} accepted")
        except (Refused, pymerkle.InvalidProof, OSError, ValueError) as error:
            print(f"{folder.name} refused: {error}")


def verify(folder):
    size, root = checkpoint(folder / "log/checkpoint")
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    leaves = [tree.append_entry(entry) for entry in entries(folder, size)]
    if len(leaves) != size:
        raise Refused("there are fewer entries than were signed")
    if tree.get_root(size) != root:
        raise Refused("the entries do not have the root that was signed")
    earlier = sorted(folder.glob("checkpoints/*"))
    for path in [*earlier[:: len(earlier) // 16 + 1], *folder.glob("held/*")]:
        extends(tree, (size, root), checkpoint(path))
    check_inclusions(folder, tree, (size, root), leaves)


def checkpoint(path):
    lines = path.read_text(encoding="utf-8").split("\n")
    return int(lines[1]), base64.b64decode(lines[2], validate=True)


def entries(folder, size):
    for first in range(0, size, 256):
        width = min(256, size - first)
        name = element(first // 256) + ("" if width == 256 else f".p/{width}")
        bundle = (folder / "log/tile/entries" / name).read_bytes()
        for _ in range(width):
            length = int.from_bytes(bundle[:2], "big")
            if len(bundle) < 2 + length:
                raise Refused("a bundle of entries ends too early")
            yield bundle[2 : 2 + length]
            bundle = bundle[2 + length :]
        if bundle:
            raise Refused("a bundle of entries holds more")


def element(index):
    """The path of a bundle in C2SP tlog-tiles."""
    groups = [f"{index % 1000:03}"]
    while index := index // 1000:
        groups.append(f"x{index % 1000:03}")
    return "/".join(reversed(groups))


def extends(tree, newest, earlier):
    """The log goes on from that checkpoint."""
    (size, root), (old_size, old_root) = newest, earlier
    if old_size > size:
        raise Refused(f"somebody holds a checkpoint of {old_size} entries")
    proof = tree.prove_consistency(old_size, size)
    pymerkle.verify_consistency(old_root, root, proof, old_size, size, "sha256")


def check_inclusions(folder, tree, newest, leaves):
    """Conclave's proofs are accepted, and none of them when a bit of any hash is another."""
    size, root = newest
    if not (folder / "proofs.json").exists():
        return
    for given in json.loads((folder / "proofs.json").read_bytes())["inclusion"]:
        index = given["index"]
        leaf = tree.get_leaf(index + 1)
        # Pymerkle's own proof names the form; the hashes are ours.
        proof = tree.prove_inclusion(index + 1, size)
        proof.path = [leaf, *(base64.b64decode(text, validate=True) for text in given["hashes"])]
        pymerkle.verify_inclusion(leaf, root, proof, index + 1, size, "sha256")
        for at, digest in enumerate(proof.path):
            proof.path[at] = digest[:31] + bytes([digest[31] ^ 1])
            if accepts(leaf, root, proof):
                raise Refused(f"inclusion of entry {index} is accepted with hash {at} forged")
            proof.path[at] = digest


def accepts(leaf, root, proof):
    try:
        pymerkle.verify_inclusion(leaf, root, proof)
    except pymerkle.InvalidProof:
        return False
    return True


main()
