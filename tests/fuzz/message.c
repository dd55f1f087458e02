// SPDX-License-Identifier: GPL-2.0-or-later
/* Any bytes that an owner writes to the session descriptor; and the same without each attribute, and with each twice. */
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>

#include "owner_message.h"

#define FAMILY		0x25
#define GENERATION	3
#define HEADERS		(NLMSG_HDRLEN + GENL_HDRLEN)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge(const uint8_t *data, size_t size)
{
	char sentence[128];

	owner_message(data, size, FAMILY, GENERATION, sentence, sizeof(sentence));
}

static void tell_length(uint8_t *message, uint32_t len)
{
	memcpy(message, &len, sizeof(len));
}

/* The attribute at at has len bytes. */
static void change(const uint8_t *data, size_t size, size_t at, size_t len)
{
	uint8_t *other = malloc(size + len);

	memcpy(other, data, at);
	memcpy(other + at, data + at + len, size - at - len);
	tell_length(other, size - len);
	judge(other, size - len);
	memcpy(other, data, size);
	memcpy(other + size, data + at, len);
	tell_length(other, size + len);
	judge(other, size + len);
	free(other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nlattr attr;
	size_t at, len;

	judge(data, size);
	for (at = HEADERS; at + sizeof(attr) <= size; at += len) {
		memcpy(&attr, data + at, sizeof(attr));
		len = NLA_ALIGN((size_t)attr.nla_len);
		if (attr.nla_len < sizeof(attr) || at + len > size)
			break;
		change(data, size, at, len);
	}
	return 0;
}
