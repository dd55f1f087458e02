/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The session's judgement of an owner's message: kmod/session/message.c itself, in user space. */
#ifndef FUZZ_OWNER_MESSAGE_H
#define FUZZ_OWNER_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

/* 0, or the -errno of the write() and the sentence. VF 0 does not exist, the others are at this generation. */
int owner_message(const void *data, size_t len, uint16_t family, uint32_t generation,
		  char *sentence, size_t size);

#endif
