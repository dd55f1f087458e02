/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small things about texts and growing arrays. */
#ifndef IAVFD_TEXT_H
#define IAVFD_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the UTF-8 character at p, 0: it is none (overlong, surrogate, beyond U+10FFFF). */
unsigned int text_character(const char *p, size_t left);

/* Line and column of an offset, from 1; a column is a character. */
void text_position(const char *text, size_t offset, unsigned int *line, unsigned int *column);

/* A copy of at most most bytes in printable ASCII, other bytes as ?, "..." where it was cut. */
char *text_clean(const char *text, size_t len, size_t most);

/* Element i of *array, which grows for it. NULL: no memory, and nothing has changed. */
void *text_grow(void **array, uint32_t *room, uint32_t i, size_t size);

/* The one of n words that was probably meant; NULL: none is near. */
const char *text_nearest(const char *word, const char *const *words, size_t n);

/* "02:00:00:00:00:01" to bytes. How many of at most most; 0: not in pairs with colons between. */
size_t text_hex(const char *text, size_t len, uint8_t *bytes, size_t most);

/*
 * "1-100,200" into the bitmap, whose other bits stay. Numbers from min to max without leading
 * zeros, ranges upwards.
 */
bool text_ids(const char *text, size_t len, uint32_t min, uint32_t max, uint8_t *bitmap);

#endif
