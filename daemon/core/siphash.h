/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SipHash-2-4 (Aumasson, Bernstein 2012): a keyed hash of short texts. */
#ifndef IAVFD_SIPHASH_H
#define IAVFD_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t siphash(const uint8_t key[16], const void *data, size_t len);

#endif
