#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What locks.sh measured: locks.py table|failed|within FILE [STATE]. The clocks are those of docs/failures.md."""
import statistics
import sys

STATES = ["alive", "crowd", "stopped", "dead", "gone"]
ALIVE = ["alive", "crowd"]
OTHERS = {
    "dummy-ethtool-k": "`ethtool -k` of another interface",
    "genl-list": "`genl ctrl list`",
    "iavfctl-list": "`iavfctl list`",
    "dummy-mtu": "`ip link set mtu` of another interface",
    "dummy-hwaddr": "SIOCGIFHWADDR of another interface",
}
CALLS = {
    "ethtool-L": "`ethtool -L`", "ethtool-K": "`ethtool -K`", "ethtool-G": "`ethtool -G`", "ethtool-X": "`ethtool -X`",
    "ethtool-C": "`ethtool -C`", "ethtool-S": "`ethtool -S`", "mtu": "`ip link set mtu`", "address": "`ip link set address`",
    "down": "`ip link set down`", "up": "`ip link set up`", "vlan-add": "`ip link add type vlan`", "vlan-del": "`ip link del`",
    "tc-qdisc": "`tc qdisc`",
}
CONTROL = "nothing"


def clock(name, state):
    """Milliseconds that a call may wait for somebody: accept 500, verdict 2000, a stop 700, counters 100."""
    if name == "down":
        return 700
    if name in ("ethtool-C", "vlan-add", "vlan-del", "tc-qdisc"):
        return 0
    if name == "ethtool-S":
        return {"dead": 0, "gone": 0}.get(state, 100)
    return {"stopped": 500, "gone": 0}.get(state, 2000)


def read(path):
    samples = {}
    for line in open(path):
        state, name, ms, status = line.rstrip("\n").split("\t")
        samples.setdefault((name, state), []).append((float(ms), int(status)))
    return samples


def worst(samples, name, state):
    return max((ms for ms, _ in samples.get((name, state), [])), default=0)


def limit(samples, name, state):
    """The clock, and what it takes anyway: with the daemon alive, and the stalls of this machine meanwhile."""
    noise = 2 * worst(samples, CONTROL, state)
    longest = max(clock(n, state) for n in CALLS)
    if name in OTHERS:
        # behind one call, whichever that was
        return longest + worst(samples, name, "alive") * (state != "alive") + noise
    if state == "crowd":
        # behind one of the other VF
        return clock(name, state) + longest + noise
    # what it takes anyway: with the daemon alive, and then what calls of others on a dummy take
    anyway = [name] if state != "alive" else OTHERS
    return clock(name, state) + max(worst(samples, n, "alive") for n in anyway) + noise


def cell(samples, name, state):
    all_of_it = samples.get((name, state))
    if not all_of_it:
        return ""
    lost = sum(1 for _, status in all_of_it if status)
    text = "%.0f / %.0f" % (statistics.median(ms for ms, _ in all_of_it), worst(samples, name, state))
    if name in CALLS:
        text += " of %d" % clock(name, state)
    return text + (" (%d of %d failed)" % (lost, len(all_of_it)) if lost else "")


def table(samples):
    states = [s for s in STATES if any(state == s for _, state in samples)]
    print("| call | " + " | ".join("daemon " + s for s in states) + " |")
    print("|---|" + "---|" * len(states))
    for name, text in list(CALLS.items()) + list(OTHERS.items()) + [(CONTROL, "a program that does nothing")]:
        row = [cell(samples, name, state) for state in states]
        if any(row):
            print("| " + text + " | " + " | ".join(row) + " |")
    print("crowd: alive, and both VFs are called at once; gone: dead for longer than 5 s")
    print("milliseconds: median / worst, of the clock on which a call on a VF waits; below them what others did meanwhile")


def failed(samples, who="all"):
    """Nothing fails while the daemon is alive; what others do never does."""
    bad = 0
    for (name, state), all_of_it in samples.items():
        count = sum(1 for _, status in all_of_it if status)
        if count and (name in OTHERS if who == "others" else state in ALIVE):
            print("%s, daemon %s: %d of %d failed" % (name, state, count, len(all_of_it)))
            bad += 1
    return bad


def within(samples, state):
    bad = 0
    for name in list(CALLS) + list(OTHERS):
        if (name, state) not in samples:
            continue
        ms, bound = worst(samples, name, state), limit(samples, name, state)
        print("%s: %.0f ms of %.0f" % (name, ms, bound))
        if ms > bound:
            print("%s, daemon %s: took %.0f ms, its clock and this machine allow %.0f" % (name, state, ms, bound))
            bad += 1
    return bad


def main():
    verb, samples = sys.argv[1], read(sys.argv[2])
    if verb == "table":
        table(samples)
        return 0
    bad = failed(samples, *sys.argv[3:]) if verb == "failed" else within(samples, sys.argv[3])
    return 1 if bad else 0


sys.exit(main())
