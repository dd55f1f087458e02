/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pcapng file of mailbox messages: an interface for each VF, named by its PCI address, and a
 * packet for each message, of link type USER0 (147). A packet is 16 bytes, little endian, and the
 * payload:
 *
 *   0  u8   1, the version of this header
 *   1  u8   bit 0: sent by the VF, else received from the PF
 *   2  u16  length of this header, 16
 *   4  u32  generation of the VF
 *   8  u32  opcode
 *  12  s32  status of an answer
 *
 * Its comment is the line that "iavfctl trace" prints, its direction is in epb_flags, its time in
 * nanoseconds.
 */
#ifndef IAVFCTL_PCAPNG_H
#define IAVFCTL_PCAPNG_H

#include <stdio.h>

#include "iavfctl.h"

struct pcapng;

/* Begins the file, which stays the caller's. NULL: no memory. */
struct pcapng *pcapng_new(FILE *out);
void pcapng_free(struct pcapng *pcapng);

/*
 * comment: what becomes visible beside the packet. 0 or -1: no memory; whether it was written is in
 * ferror().
 */
int pcapng_put(struct pcapng *pcapng, const struct iavfctl_message *message, const char *comment);

#endif
