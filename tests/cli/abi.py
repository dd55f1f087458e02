#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The ABI of libiavfctl, a line for each promise, from what abidw says of a library: symbols, functions, where each member
of each struct lies and what it is, the numbers of enums.

usage: abidw ... LIBRARY | abi.py [BASELINE]

Without BASELINE the lines are printed. With it every line of it has to be there still, and new ones have to be on record
(check update-abi). Structs may so grow at their end; abidiff with a suppression for that would take a swap of two members, too.
"""
import sys
import xml.etree.ElementTree as tree

root = tree.parse(sys.stdin).getroot()
types = {e.get('id'): e for e in root.iter() if e.get('id')}


def name(ident):
    e = types[ident]
    if e.tag == 'pointer-type-def':
        return name(e.get('type-id')) + ' *'
    if e.tag == 'qualified-type-def':
        return 'const ' + name(e.get('type-id'))
    if e.tag == 'array-type-def':
        return name(e.get('type-id')) + ''.join(f"[{s.get('length')}]" for s in e.iter('subrange'))
    kind = {'class-decl': 'struct ', 'enum-decl': 'enum '}.get(e.tag, '')
    return kind + e.get('name')


def function(e):
    arguments = ', '.join(name(p.get('type-id')) for p in e.findall('parameter'))
    return f"function {name(e.find('return').get('type-id'))} {e.get('name')}({arguments})"


lines = set()
for e in root.iter():
    own = (e.get('name') or '').startswith('iavfctl')
    if e.tag == 'elf-symbol':
        lines.add(f"symbol {e.get('name')}@{e.get('version')}")
    elif e.tag == 'function-decl' and own:
        lines.add(function(e))
    elif e.tag == 'class-decl' and own:
        for m in e.findall('data-member'):
            v = m.find('var-decl')
            lines.add(f"struct {e.get('name')} {int(m.get('layout-offset-in-bits')) // 8:4} {name(v.get('type-id'))} {v.get('name')}")
    elif e.tag == 'enum-decl' and own:
        for v in e.findall('enumerator'):
            lines.add(f"enum {e.get('name')} {v.get('name')} = {v.get('value')}")

if len(sys.argv) == 1:
    print('\n'.join(sorted(lines)))
    sys.exit()
before = set(open(sys.argv[1]).read().splitlines())
for line in sorted(before - lines):
    print(f'gone or changed, which breaks programs: {line}')
for line in sorted(lines - before):
    print(f'new, not on record (tests/cli/check update-abi): {line}')
sys.exit(before != lines)
