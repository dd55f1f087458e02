#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""config_keys.py PCI NETDEV: every key of the schema is applied, seen by other tools, and taken back to the byte.

One line a key: "ok key-PATH", "not ok key-PATH", "skip key-PATH: why". A key of the schema that is not in the table below is
an error: who adds a key says where it can be seen."""
import json
import re
import subprocess
import sys

PCI, DEV = sys.argv[1:3]
SCHEMA = "/usr/share/iavfd/config.schema.json"


def run(*words, fails=False, text=None):
    done = subprocess.run(words, input=text, capture_output=True, text=True, check=False)
    if done.returncode and not fails:
        raise AssertionError(f"{' '.join(words)}: {done.stderr.strip()}")
    return done.stdout if not fails else done


def link():
    return json.loads(run("ip", "-d", "-j", "link", "show", DEV))[0]


def ethtool(option, pattern, *more):
    """What the pattern finds in ethtool's output."""
    found = re.search(pattern, run("ethtool", option, DEV, *more), re.M)
    return found.group(1).strip() if found else None


def current(option, word):
    """Behind 'Current hardware settings:'."""
    return ethtool(option, r"^Current[^\n]*\n(?:.*\n)*?" + word + r":\s*(\S+)")


def channels(kind):
    both = [int(n) if (n := current("-l", word)) and n.isdigit() else 0 for word in (kind, "Combined")]
    return sum(both)


def feature(name):
    return ethtool("-k", rf"^\s*{name}: (on|off)") == "on"


def table():
    rows = re.findall(r"^\s*\d+:\s+([\d ]+)$", run("ethtool", "-x", DEV), re.M)
    return [int(n) for row in rows for n in row.split()]


def hash_key():
    return ethtool("-x", r"hash key:\n(\S+)")


def symmetric():
    return "toeplitz-symmetric" if re.search(r"symmetric-xor: on", run("ethtool", "-x", DEV)) else "toeplitz"


def fields(flow):
    words = {"IP SA": "src-ip", "IP DA": "dst-ip", "L4 bytes 0 & 1": "src-port", "L4 bytes 2 & 3": "dst-port"}
    said = run("ethtool", "-n", DEV, "rx-flow-hash", flow)
    return sorted(word for begin, word in words.items() if begin in said)


def vf():
    return json.loads(run("iavfctl", "-j", "show", PCI))["vfs"][0]


def pf_vlans(kind):
    return sorted(v for v in json.loads(run("avfsimctl", "show", "0"))["vlans"][kind] if v)


def vlan_refused(protocol, vid):
    """Whether ip is refused a VLAN device."""
    done = run("ip", "link", "add", "link", DEV, "name", "probe", "type", "vlan", "proto", protocol, "id", str(vid),
               fails=True)
    if not done.returncode:
        run("ip", "link", "del", "probe")
    return bool(done.returncode)


def vlan_devices():
    found = [d for d in json.loads(run("ip", "-d", "-j", "link", "show", "type", "vlan")) if d.get("ifname")]
    tags = [(d, d["linkinfo"]["info_data"]) for d in found]
    return sorted((d["ifname"], d["link"], tag["protocol"], tag["id"], d["mtu"]) for d, tag in tags)


def on(flag):
    return flag in link()["flags"]


# One of each kind of key that a device has: main() looks whether these are all of the schema.
DEVICES = [{"id": 5, "name": "five", "protocol": "802.1Q", "mtu": 1300,
            "devices": [{"id": 6, "name": "six", "protocol": "802.1ad", "mtu": 1200}]}]

# Of each key: the value to set, and what then is seen, as (seen, wanted); a function, so that it is asked when it is so.
KEY = ":".join(f"{i:02x}" for i in range(52))
NAMES = {
    "rx-checksum": "rx-checksumming", "tx-checksum": "tx-checksum-ipv4", "sg": "tx-scatter-gather",
    "tso": "tx-tcp-segmentation", "uso": "tx-udp-segmentation", "gso": "generic-segmentation-offload",
    "gro": "generic-receive-offload", "rx-hash": "receive-hashing", "encap": "tx-gre-segmentation", "keep-crc": "rx-fcs",
    "vlan-ctag-strip": "rx-vlan-offload", "vlan-stag-strip": "rx-vlan-stag-hw-parse",
    "vlan-ctag-insert": "tx-vlan-offload", "vlan-stag-insert": "tx-vlan-stag-hw-insert",
    "vlan-ctag-filter": "rx-vlan-filter", "vlan-stag-filter": "rx-vlan-stag-filter",
}
# What else has to be said with it, for the kernel to take it.
WITH = {
    "features.keep-crc": {"features": {"vlan-ctag-strip": False}},
    "features.vlan-stag-strip": {"features": {"vlan-ctag-strip": False, "vlan-ctag-insert": False}},
    "features.vlan-stag-insert": {"features": {"vlan-ctag-strip": False, "vlan-ctag-insert": False}},
    "grace_ms": {"on_absence": "isolate"},
    "moderation.rx_usecs": {"moderation": {"rx_adaptive": False}},
    "moderation.tx_usecs": {"moderation": {"tx_adaptive": False}},
}
# What Linux 6.1 does not have; everything else may only be skipped because this VF has no such switch.
OLD_KERNELS = {"rss.hash_function"}
KEYS = {
    "mac": ("02:00:00:00:55:01", lambda v: (link()["address"], v)),
    "mtu": (1400, lambda v: (link()["mtu"], v)),
    "rx_queues": (1, lambda v: (channels("RX"), v)),
    "tx_queues": (1, lambda v: (channels("TX"), v)),
    "rx_ring": (1024, lambda v: (current("-g", "RX"), str(v))),
    "tx_ring": (1024, lambda v: (current("-g", "TX"), str(v))),
    "promisc": (True, lambda v: (on("PROMISC"), v)),
    "allmulti": (True, lambda v: (on("ALLMULTI"), v)),
    "moderation.rx_usecs": (100, lambda v: (ethtool("-c", r"^rx-usecs:\s*(\S+)"), str(v))),
    "moderation.tx_usecs": (100, lambda v: (ethtool("-c", r"^tx-usecs:\s*(\S+)"), str(v))),
    "moderation.rx_adaptive": (False, lambda v: (ethtool("-c", r"^Adaptive RX: (\S+)"), "off")),
    "moderation.tx_adaptive": (False, lambda v: (ethtool("-c", r"^Adaptive RX: \S+\s+TX: (\S+)"), "off")),
    "vlan.filters.ctag": ("7-9", lambda v: (pf_vlans("8100"), [7, 8, 9])),
    "vlan.filters.stag": ("7-9", lambda v: (pf_vlans("88a8"), [7, 8, 9])),
    "vlan.allowed.ctag": ("1-9", lambda v: ((vlan_refused("802.1Q", 10), vlan_refused("802.1Q", 9)), (True, False))),
    "vlan.allowed.stag": ("1-9", lambda v: ((vlan_refused("802.1ad", 10), vlan_refused("802.1ad", 9)), (True, False))),
    "vlan.budget": (0, lambda v: (vlan_refused("802.1Q", 10), True)),
    "vlan.devices": (DEVICES, lambda v: (vlan_devices(), [("five", DEV, "802.1Q", 5, 1300),
                                                          ("six", "five", "802.1ad", 6, 1200)])),
    "rss.key": (KEY, lambda v: (hash_key(), v)),
    "rss.table": ([1] * 64, lambda v: (table(), v)),
    "rss.weights": ([0, 1], lambda v: (table(), [1] * 64)),
    "rss.equal": (1, lambda v: (table(), [0] * 64)),
    "rss.hash_function": ("toeplitz-symmetric", lambda v: (symmetric(), v)),
    "max_queues": (1, lambda v: (run("ethtool", "-L", DEV, "combined", "3", fails=True).returncode != 0, True)),
    "on_absence": ("isolate", lambda v: (vf()["on_absence"], v)),
    "grace_ms": (5000, lambda v: (vf()["grace_ms"], v)),
}
for short, name in NAMES.items():
    KEYS["features." + short] = (None, lambda v, name=name: (feature(name), v))
for flow in ("tcp4", "udp4", "sctp4", "tcp6", "udp6", "sctp6"):
    KEYS["rss.fields." + flow] = (["src-ip"], lambda v, flow=flow: (fields(flow), v))


def leaves(schema, node, path=()):
    while "$ref" in node:
        target = schema
        for word in node["$ref"].lstrip("#/").split("/"):
            target = target[word]
        node = target
    if "properties" not in node or (path and path[-1] == "devices"):
        yield ".".join(path)
        return
    for key, below in node["properties"].items():
        if key != "_comment":
            yield from leaves(schema, below, path + (key,))


def device_keys(schema):
    device = schema["definitions"]["config"]["properties"]["vlan"]["properties"]["devices"]["items"]
    return {key for key in device["properties"] if key != "_comment"}


def described():
    return json.loads(run("iavfctl", "-j", "config", "show", PCI))["keys"]


def of_key(path):
    return next((key for key in described() if key["key"] == path), {})


def picture():
    parts = [json.dumps([(k["key"], k["live"]) for k in described()]), json.dumps(vlan_devices())]
    parts += [run("ethtool", option, DEV) for option in ("-k", "-l", "-g", "-c", "-x")]
    state = link()
    parts.append(json.dumps([state["mtu"], state["address"], state["flags"]]))
    pf = json.loads(run("avfsimctl", "show", "0"))
    pf["macs"] = sorted(set(pf["macs"]) - {"01:80:c2:00:00:21"})	# kept with the first VLAN, for ever
    parts.append(json.dumps([pf["macs"], pf["vlans"], pf["rss_key"], pf["rss_lut"], pf["rss_fields"]]))
    return "\n".join(parts)


def merge(to, more):
    for key, value in more.items():
        if isinstance(value, dict):
            merge(to.setdefault(key, {}), value)
        else:
            to[key] = value


def document(path, value):
    config = {}
    merge(config, WITH.get(path, {}))
    below = config
    for word in path.split(".")[:-1]:
        below = below.setdefault(word, {})
    below[path.split(".")[-1]] = value
    return json.dumps({"schema": "iavf-config/1", "match": {"pci": PCI}, "config": config})


def one(path):
    value, see = KEYS[path]
    before = picture()
    live = of_key(path).get("live")
    if value is None:	# a switch: the other way
        if live is None:
            return "this VF does not have it"
        value = not live
    done = run("iavfctl", "apply", "-", fails=True, text=document(path, value))
    if done.returncode:
        assert picture() == before, "refused, and not as before"
        assert path in OLD_KERNELS, done.stderr.strip()
        return done.stderr.strip()
    seen, wanted = see(value)
    assert seen == wanted, f"seen {seen!r}, not {wanted!r}"
    told = of_key(path)
    assert told.get("source") == "stdin:1" and not told["drifted"], f"described as {told}"
    run("iavfctl", "rollback")
    after = picture()
    assert after == before, "not as before:\n" + "\n".join(
        f"# - {a}\n# + {b}" for a, b in zip(before.split("\n"), after.split("\n")) if a != b)
    return None


def main():
    with open(SCHEMA, encoding="utf-8") as file:
        schema = json.load(file)
    paths = list(leaves(schema, schema["definitions"]["config"]))
    failed = 0
    assert device_keys(schema) == set(DEVICES[0]), "a device has keys that DEVICES does not"
    for path in paths:
        try:
            why = one(path) if path in KEYS else "not in the table of config_keys.py"
            assert path in KEYS, why
            print(f"skip key-{path}: {why}" if why else f"ok key-{path}")
        except AssertionError as error:
            failed += 1
            print(f"not ok key-{path}\n# {error}")
            run("iavfctl", "rollback", fails=True)
        sys.stdout.flush()
    sys.exit(failed > 0)


main()
