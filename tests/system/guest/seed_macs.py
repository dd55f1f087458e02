# SPDX-License-Identifier: GPL-2.0-or-later
"""Are the VFs' addresses those that /var/lib/iavfd/seed.json gives? An implementation of its own."""
import json
import subprocess
import sys

M = (1 << 64) - 1


def rotl(x, n):
    return ((x << n) | (x >> (64 - n))) & M


def siphash(key, data):
    k0, k1 = int.from_bytes(key[:8], 'little'), int.from_bytes(key[8:], 'little')
    v = [k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573]
    def rounds(n):
        for _ in range(n):
            v[0] = (v[0] + v[1]) & M
            v[1] = rotl(v[1], 13) ^ v[0]
            v[0] = rotl(v[0], 32)
            v[2] = (v[2] + v[3]) & M
            v[3] = rotl(v[3], 16) ^ v[2]
            v[0] = (v[0] + v[3]) & M
            v[3] = rotl(v[3], 21) ^ v[0]
            v[2] = (v[2] + v[1]) & M
            v[1] = rotl(v[1], 17) ^ v[2]
            v[2] = rotl(v[2], 32)
    tail = len(data) % 8
    for i in range(0, len(data) - tail, 8):
        m = int.from_bytes(data[i:i+8], 'little')
        v[3] ^= m
        rounds(2)
        v[0] ^= m
    m = int.from_bytes(data[len(data)-tail:], 'little') | ((len(data) & 255) << 56)
    v[3] ^= m
    rounds(2)
    v[0] ^= m
    v[2] ^= 0xff
    rounds(4)
    return v[0] ^ v[1] ^ v[2] ^ v[3]

assert siphash(bytes(range(16)), bytes(range(15))) == 0xa129ca6149be45e5
seed = bytes.fromhex(json.load(open('/var/lib/iavfd/seed.json'))['seed'])
bad = 0
for vf in json.loads(subprocess.check_output(['iavfctl', '-j', 'list']))['vfs']:
    b = bytearray(siphash(seed, f"mac {vf['pci']} 0".encode()).to_bytes(8, 'little')[:6])
    b[0] = b[0] & 0xfc | 2
    want = ':'.join(f'{x:02x}' for x in b)
    print(vf['pci'], 'has', vf['mac'], 'seed says', want, 'SAME' if want == vf['mac'] else 'DIFFERENT')
    bad |= want != vf['mac']
sys.exit(bad)
