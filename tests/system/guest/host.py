#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Is what "netdev ... read" says (JSON on standard input) what unmodified ip and ethtool print?"""
import json
import re
import subprocess
import sys

# what "ethtool -k" calls otherwise than the kernel does
LEGACY = {
    'rx-checksum': 'rx-checksumming', 'tx-generic-segmentation': 'generic-segmentation-offload',
    'rx-gro': 'generic-receive-offload', 'rx-lro': 'large-receive-offload', 'rx-vlan-hw-parse': 'rx-vlan-offload',
    'tx-vlan-hw-insert': 'tx-vlan-offload', 'rx-ntuple-filter': 'ntuple-filters', 'rx-hashing': 'receive-hashing',
}
FLOWS = ('tcp4', 'udp4', 'sctp4', 'tcp6', 'udp6', 'sctp6')
FIELDS = (('IP SA', 1), ('IP DA', 2), ('bytes 0 & 1', 4), ('bytes 2 & 3', 8))
wrong = 0


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else ''


def same(what, said, shown):
    global wrong
    if said != shown:
        wrong += 1
        print(f'{what}: netdev says {said}, ip and ethtool {shown}')


def number(text):
    return int(text) if text and text.isdigit() else 0


def halves(text):
    """Maximums and current values of -l and -g, by their names."""
    parts = text.split('Current hardware settings:')
    return [dict(re.findall(r'^([\w ]+):\s+(\S+)', part, re.M)) for part in parts] if len(parts) == 2 else [{}, {}]


state = json.load(sys.stdin)
dev = state['name']
link = json.loads(run('ip', '-d', '-j', 'link', 'show', 'dev', dev))[0]
for ours, theirs in (('mtu', 'mtu'), ('ifindex', 'ifindex'), ('mac', 'address'), ('min_mtu', 'min_mtu'), ('max_mtu', 'max_mtu')):
    same(ours, state[ours], link[theirs])
for flag in ('up', 'promisc', 'allmulti'):
    same(flag, state[flag], flag.upper() in link['flags'])
most, now = halves(run('ethtool', '-l', dev))
for name in ('combined', 'rx', 'tx'):
    word = name.upper() if len(name) == 2 else name.capitalize()
    same(f'channels {name}', state['channels'][name], number(now.get(word)))
    same(f'channels max {name}', state['channels']['max_' + name], number(most.get(word)))
most, now = halves(run('ethtool', '-g', dev))
for name in ('rx', 'tx'):
    same(f'rings {name}', state['rings'][name], number(now.get(name.upper())))
    same(f'rings max {name}', state['rings']['max_' + name], number(most.get(name.upper())))
text = run('ethtool', '-c', dev)
for name in ('rx', 'tx'):
    same(f'{name}-usecs', state['coalesce'][f'{name}_usecs'], number(re.search(rf'^{name}-usecs:\s+(\S+)', text, re.M)[1]))
adaptive = re.search(r'^Adaptive RX: (\S+)\s+TX: (\S+)', text, re.M)
same('adaptive', [state['coalesce']['adaptive_rx'], state['coalesce']['adaptive_tx']], [word == 'on' for word in adaptive.groups()])
shown = {name: (value, rest) for name, value, rest in re.findall(r'^\s*([\w-]+): (on|off)(.*)$', run('ethtool', '-k', dev), re.M)}
known = 0
for name, feature in state['features'].items():
    have = shown.get(LEGACY.get(name, name))
    if not have:
        continue
    known += 1
    same(f'feature {name}', [feature['active'], feature['fixed']], [have[0] == 'on', '[fixed]' in have[1]])
    if not feature['fixed']:
        requested = feature['wanted'] != feature['active']
        same(f'feature {name} requested', requested, '[requested' in have[1])
same('more than 40 features', known > 40, True)
text = run('ethtool', '-x', dev)
same('table', state['table'], [int(n) for line in re.findall(r'^\s*\d+:\s+([\d ]+)$', text, re.M) for n in line.split()])
key = re.search(r'^((?:[0-9a-f]{2}:){7,}[0-9a-f]{2})$', text, re.M)
same('key', state['key'], key[1] if key else '')
same('symmetric', state['symmetric'], 'symmetric-xor: on' in text)
for flow in FLOWS:
    text = run('ethtool', '-n', dev, 'rx-flow-hash', flow)
    fields = sum(bit for words, bit in FIELDS if words in text) if 'hash' in text or 'use' in text else -1
    same(f'fields of {flow}', state['hash_fields'][flow], fields)
found = {one['ifname']: one for one in json.loads(run('ip', '-d', '-j', 'link', 'show', 'type', 'vlan') or '[]') if one}


def on_it(one):
    below = one.get('link')
    return below == dev or (below in found and on_it(found[below]))


vlans = []
for one in filter(on_it, found.values()):
    data = one['linkinfo']['info_data']
    vlans.append((one['ifindex'], one['ifname'], one['link'], data['protocol'], data['id'], one['mtu'], 'UP' in one['flags']))
same('vlans', sorted((v['ifindex'], v['name'], v['parent'], v['protocol'], v['id'], v['mtu'], v['up']) for v in state['vlans']), sorted(vlans))
sys.exit(wrong > 0)
