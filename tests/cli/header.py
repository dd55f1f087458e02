#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Is every function of libiavfctl exported and documented? usage: header.py iavfctl.h libiavfctl.map

A function is documented by the comment of its block: blocks are separated by empty lines.
"""
import re
import sys

header, exports = open(sys.argv[1]).read(), open(sys.argv[2]).read()
exported = set(re.findall(r'^\s+(iavfctl_\w+);', exports, re.M))
wrong = []
declared = set()
if not exported:
    wrong.append('nothing is exported')
for block in re.split(r'\n\s*\n', header):
    code = re.sub(r'/\*.*?\*/', '', block, flags=re.S)
    names = re.findall(r'\b(iavfctl_\w+)\(', code)
    declared.update(names)
    if names and '/*' not in block:
        wrong += [f'{name} is not documented' for name in names]
    # what can go wrong has to be said where an error is returned
    if re.search(r'^enum iavfctl_error iavfctl_', code, re.M) and 'rror' not in ' '.join(re.findall(r'/\*.*?\*/', block, re.S)):
        wrong.append(f'the errors of {", ".join(names)} are not told')
wrong += [f'{name} is in the map, not in the header' for name in exported - declared]
wrong += [f'{name} is in the header, not in the map' for name in declared - exported]
for forbidden in ('sd_bus', 'systemd/', 'libmnl', 'json_', 'json-c', 'nlmsghdr'):
    if forbidden in re.sub(r'/\*.*?\*/', '', header, flags=re.S):
        wrong.append(f'{forbidden} is in the header')
print('\n'.join(wrong))
sys.exit(bool(wrong))
