/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Internet checksum (RFC 1071), CRC32c of SCTP (RFC 4960) and CRC32 of Ethernet.
 * Sums are in the byte order of the data, as the result is stored without a swap.
 */
#ifndef AVFSIM_HW_CSUM_H
#define AVFSIM_HW_CSUM_H

#include <stddef.h>
#include <stdint.h>

/* Add data to a sum. Every piece but the last must be of even length. */
uint64_t csum_add(uint64_t sum, const void *data, size_t len);

/* The ones' complement of the sum, ready to be stored with memcpy(). */
uint16_t csum_fold(uint64_t sum);

/* Sum of a pseudo header; ip_version is 4 or 6, len the length of the L4 header and its data. */
uint64_t csum_pseudo(unsigned int ip_version, const uint8_t *src, const uint8_t *dst,
		     uint8_t proto, uint32_t len);

uint32_t crc32c(uint32_t crc, const void *data, size_t len);	/* start with 0 */
uint32_t crc32_ethernet(const void *data, size_t len);

#endif
