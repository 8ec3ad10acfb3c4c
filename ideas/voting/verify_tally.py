#!/usr/bin/env python3
"""Recount the file of a vote: python3 verify_tally.py FILE

Needs nothing but Python 3.9 or newer; read it, it is short. It ends with 0 when the file holds
together, or with 1 and a line for each fault.

The file, line by line (UTF-8):
  1. what was voted on, as JSON: the rules, and the ideas on the ballot;
  2. one line "c <64 hexadecimal digits>" for each voter: the voter's commitment, sorted;
  3. one line "v <idea>=<value>,..." for each vote, sorted, so that none can be told whose it is;
  4. what the count gave, as JSON: voters, votes that count, spoiled ones, totals, and "digest",
     the SHA-256 of all lines before this one.

A commitment is the SHA-256 of the ballot's id, a secret and the vote, on three lines without a
newline at the end. Each voter finds the own one on the receipt, and can open it there:
  --find COMMITMENT          is this voter's line in the list?
  --open SECRET VOTE         the same, made from the secret and the vote of the receipt
  --digest DIGEST            does the file end with the digest that was published?
"""

import argparse
import hashlib
import json
import re
import sys

FORMAT = "kaifong-vote-1"
MOST_SHOWN = 20
COMMITMENT = re.compile(r"c [0-9a-f]{64}")
VOTE = re.compile(r"v [0-9a-z]{1,32}=[0-9]{1,4}(,[0-9a-z]{1,32}=[0-9]{1,4})*")


class Recount:
    """Reads the lines once and remembers every fault."""

    def __init__(self):
        self.faults = []
        self.header = {}
        self.said = None
        self.commitments = 0
        self.lines = 0
        self.votes = 0
        self.spoiled = 0
        self.totals = {}
        self.costs = {}
        self.wanted = {}
        self.digest = ""

    def fault(self, sentence):
        if len(self.faults) < MOST_SHOWN:
            self.faults.append(sentence)

    def look_for(self, commitment):
        self.wanted[commitment] = False

    def read(self, file):
        """Read the whole file (opened in binary) and judge it."""
        sha = hashlib.sha256()
        waiting, number = None, 0
        before = ("", "")
        for line in file:
            if waiting is not None:
                sha.update(waiting)
                before = self.line(number, waiting, before)
            waiting, number = line, number + 1
        self.digest = sha.hexdigest()
        self.last(waiting)
        return self.judge()

    def line(self, number, raw, before):
        """One line before the last; gives back its kind and text for the next to compare."""
        try:
            text = raw.decode("utf-8").rstrip("\n")
        except UnicodeDecodeError:
            self.fault(f"Line {number} cannot be read.")
            return before
        if number == 1:
            self.first(text)
            return before
        kind = text[:1]
        if kind == "c" and COMMITMENT.fullmatch(text):
            self.commitment(number, text, before)
        elif kind == "v" and VOTE.fullmatch(text):
            self.vote(number, text, before)
        else:
            self.fault(f"Line {number} is neither a commitment nor a vote.")
            return before
        return (kind, text)

    def first(self, text):
        try:
            header = json.loads(text)
            self.costs = {idea["id"]: idea.get("cost", 0) for idea in header["ideas"]}
            self.totals = {idea["id"]: {} for idea in header["ideas"]}
            if len(self.costs) != len(header["ideas"]):
                self.fault("Line 1 names an idea twice.")
            if header["format"] != FORMAT:
                self.fault(f"Line 1 names the format {header['format']!r}, not {FORMAT!r}.")
            header["ballot"], header["values"]
            self.header = header
        except (ValueError, KeyError, TypeError):
            self.fault("Line 1 does not say what was voted on.")

    def commitment(self, number, text, before):
        self.commitments += 1
        if before[0] == "v":
            self.fault(f"Line {number}: a commitment stands among the votes.")
        elif before[1] == text:
            self.fault(f"Line {number}: a commitment is repeated.")
        elif before[1] > text:
            self.fault(f"Line {number}: the commitments are not in order.")
        if text[2:] in self.wanted:
            self.wanted[text[2:]] = True

    def vote(self, number, text, before):
        self.lines += 1
        if before[0] == "v" and before[1] > text:
            self.fault(f"Line {number}: the votes are not in order; one was changed or added.")
        pairs = [part.split("=") for part in text[2:].split(",")]
        chosen = {idea: int(value) for idea, value in pairs if idea in self.totals}
        if len({idea for idea, _value in pairs}) != len(pairs):
            self.fault(f"Line {number}: a vote names an idea twice.")
        if not self.allowed(chosen):
            self.spoiled += 1
            return
        self.votes += 1
        for idea, value in chosen.items():
            self.totals[idea][value] = self.totals[idea].get(value, 0) + 1

    def allowed(self, chosen):
        """Whether what is still on the ballot of a vote counts, by the rules of line 1."""
        header = self.header
        if not chosen or any(value not in header.get("values", ()) for value in chosen.values()):
            return False
        if "most" in header and len(chosen) > header["most"]:
            return False
        spent = sum(self.costs[idea] for idea in chosen)
        return "budget" not in header or spent <= header["budget"]

    def last(self, raw):
        try:
            said = json.loads((raw or b"").decode("utf-8"))
            self.said = {
                "voters": int(said["voters"]),
                "votes": int(said["votes"]),
                "spoiled": int(said["spoiled"]),
                "digest": str(said["digest"]),
                "totals": {
                    idea: {int(value): int(count) for value, count in counts.items()}
                    for idea, counts in said["totals"].items()
                },
            }
        except (ValueError, KeyError, TypeError, AttributeError):
            self.fault("The last line does not say what the count gave.")

    def judge(self):
        """Compare what was counted with what the file says; gives back the faults."""
        said = self.said
        if said is None:
            return self.faults
        if self.lines < self.commitments:
            self.fault(
                f"{self.commitments} commitments but {self.lines} votes: a vote was removed, or a "
                "commitment added."
            )
        elif self.lines > self.commitments:
            self.fault(
                f"{self.lines} votes but {self.commitments} commitments: a vote was added, or a "
                "commitment removed."
            )
        for name, words, found in (
            ("voters", "commitments", self.commitments),
            ("votes", "votes that count", self.votes),
            ("spoiled", "spoiled votes", self.spoiled),
        ):
            if said[name] != found:
                self.fault(f"The file says {said[name]} {words}; there are {found}.")
        for idea in sorted(set(self.totals) | set(said["totals"])):
            counted, told = self.totals.get(idea), said["totals"].get(idea)
            if counted != told:
                self.fault(
                    f"The totals of {idea} are wrong: the file says {told}, the recount {counted}."
                )
        if said["digest"] != self.digest:
            self.fault("The digest is wrong: a line was changed after the count.")
        for commitment, found in self.wanted.items():
            if not found:
                self.fault(f"The commitment {commitment} is not in the list.")
        return self.faults


def commitment_of(ballot, secret, vote):
    """The commitment to a vote, as the receipt shows it."""
    return hashlib.sha256(f"{ballot}\n{secret}\n{vote}".encode()).hexdigest()


def check(path, find="", opened=None, digest=""):
    """Recount a file; gives back the ``Recount`` with its faults."""
    recount = Recount()
    if find:
        recount.look_for(find.strip().lower())
    if opened:
        with open(path, "rb") as file:
            recount.first(file.readline().decode("utf-8", "replace"))
        recount.look_for(commitment_of(recount.header.get("ballot", ""), *opened))
        recount.faults.clear()
    with open(path, "rb") as file:
        recount.read(file)
    if digest and recount.said and recount.said["digest"] != digest.strip().lower():
        recount.fault("The file ends with another digest than the one you gave.")
    return recount


def main(arguments=None):
    """The command: prints what was found; 0 when the file holds together, else 1."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file")
    parser.add_argument("--find", default="", metavar="COMMITMENT")
    parser.add_argument("--open", nargs=2, dest="opened", metavar=("SECRET", "VOTE"))
    parser.add_argument("--digest", default="")
    options = parser.parse_args(arguments)
    try:
        recount = check(options.file, options.find, options.opened, options.digest)
    except OSError as error:
        print(f"The file cannot be read: {error}", file=sys.stderr)
        return 1
    for sentence in recount.faults:
        print(sentence, file=sys.stderr)
    if recount.faults:
        return 1
    print(
        f"The count is right: {recount.commitments} voters, {recount.votes} votes that count, "
        f"{recount.spoiled} spoiled. Digest {recount.digest}."
    )
    if recount.wanted:
        print("Your commitment is in the list.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
