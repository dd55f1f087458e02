/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Toeplitz hash of receive side scaling. */
#ifndef AVFSIM_HW_TOEPLITZ_H
#define AVFSIM_HW_TOEPLITZ_H

#include <stddef.h>
#include <stdint.h>

/* Hash of len bytes of input; the key must have at least len + 4 bytes. */
uint32_t toeplitz_hash(const uint8_t *key, const uint8_t *input, size_t len);

#endif
