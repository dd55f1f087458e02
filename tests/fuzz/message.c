// SPDX-License-Identifier: GPL-2.0-or-later
/* Any bytes that an owner writes to the session descriptor. */
#include "owner_message.h"

#define FAMILY		0x25
#define GENERATION	3

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char sentence[128];

	owner_message(data, size, FAMILY, GENERATION, sentence, sizeof(sentence));
	return 0;
}
