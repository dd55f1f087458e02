/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What stays the same on this machine from boot to boot: one random number, made once and kept in
 * the state folder. Every VF's own address is computed from it and from its PCI address, so nothing
 * is written while VFs come and go, and the loop never waits for a disk.
 */
#ifndef IAVFD_SEED_H
#define IAVFD_SEED_H

#include <stdbool.h>
#include <stdint.h>

struct log;

struct seed {
	bool known;		/* false: nothing stable was found */
	uint8_t bytes[16];
};

/*
 * Read the seed from dir/seed.json, or make one and keep it there; when that cannot be, compute it
 * from the machine id; when there is none, it is not known. A file that cannot be understood is
 * put aside as seed.json.bad. Reads and writes the disk: call it before the loop.
 */
void seed_load(struct seed *seed, const char *dir, struct log *log);

/*
 * The stable address of a VF: unicast, locally administered. turn 0, then 1 and so on when the
 * address is taken. false, and zeros: the seed is not known.
 */
bool seed_mac(const struct seed *seed, const char *pci, unsigned int turn, uint8_t mac[6]);

/* A number for anything else of a VF that shall stay the same, named by what; else random. */
uint64_t seed_number(const struct seed *seed, const char *what, const char *pci);

#endif
