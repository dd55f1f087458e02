// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "pcapng.h"

#define SECTION		0x0A0D0D0A
#define INTERFACE	1
#define PACKET		6
#define BYTE_ORDER_MAGIC 0x1A2B3C4D
#define LINKTYPE_USER0	147
#define OPTION_COMMENT	1
#define SHB_USERAPPL	4
#define IF_NAME		2
#define IF_TSRESOL	9
#define EPB_FLAGS	2
#define HEADER		16
#define BLOCK_MAX	8192	/* a message of 4096 bytes and its comment */

struct pcapng {
	FILE *out;
	uint32_t *ids;			/* of VFs, in the order of interfaces */
	uint32_t count;
	uint8_t block[BLOCK_MAX];
	size_t len;
};

/* A block */

static void put_bytes(struct pcapng *p, const void *data, size_t len)
{
	if (len)
		memcpy(p->block + p->len, data, len);
	p->len += len;
	while (p->len % 4)
		p->block[p->len++] = 0;
}

static void put_u32(struct pcapng *p, uint32_t value)
{
	put_bytes(p, &value, sizeof(value));
}

static void put_option(struct pcapng *p, uint16_t code, const void *data, size_t len)
{
	const uint16_t head[2] = { code, (uint16_t)len };

	put_bytes(p, head, sizeof(head));
	put_bytes(p, data, len);
}

static void begin(struct pcapng *p, uint32_t type)
{
	p->len = 0;
	put_u32(p, type);
	put_u32(p, 0);
}

static void end(struct pcapng *p)
{
	uint32_t len;

	put_option(p, 0, NULL, 0);
	len = (uint32_t)p->len + 4;
	put_u32(p, len);
	memcpy(p->block + 4, &len, sizeof(len));
	fwrite(p->block, 1, p->len, p->out);
}

/* What is in it */

static void put_section(struct pcapng *p)
{
	static const char program[] = "iavfctl " IAVF_VERSION;
	const uint16_t version[2] = { 1, 0 };
	const uint64_t unknown = UINT64_MAX;

	begin(p, SECTION);
	put_u32(p, BYTE_ORDER_MAGIC);
	put_bytes(p, version, sizeof(version));
	put_bytes(p, &unknown, sizeof(unknown));
	put_option(p, SHB_USERAPPL, program, strlen(program));
	end(p);
}

static void put_interface(struct pcapng *p, const struct iavfctl_message *message)
{
	const uint16_t type[2] = { LINKTYPE_USER0, 0 };
	const uint8_t nanoseconds = 9;
	char name[40];

	if (message->pci)
		snprintf(name, sizeof(name), "%s", message->pci);
	else
		snprintf(name, sizeof(name), "vf-%" PRIu32, message->vf_id);
	begin(p, INTERFACE);
	put_bytes(p, type, sizeof(type));
	put_u32(p, 0);
	put_option(p, IF_NAME, name, strlen(name));
	put_option(p, IF_TSRESOL, &nanoseconds, 1);
	end(p);
}

/* The number of the VF's interface, which is new for a new VF; -1: no memory. */
static int64_t interface_of(struct pcapng *p, const struct iavfctl_message *message)
{
	uint32_t *grown;

	for (uint32_t i = 0; i < p->count; i++) {
		if (p->ids[i] == message->vf_id)
			return i;
	}
	grown = realloc(p->ids, (p->count + 1) * sizeof(*grown));
	if (!grown)
		return -1;
	p->ids = grown;
	grown[p->count] = message->vf_id;
	put_interface(p, message);
	return p->count++;
}

static void put_header(struct pcapng *p, const struct iavfctl_message *message)
{
	struct {
		uint8_t version, flags;
		uint16_t len;
		uint32_t generation, opcode, status;
	} header = {
		.version = 1, .flags = message->sent, .len = htole16(HEADER),
		.generation = htole32(message->generation), .opcode = htole32(message->opcode),
		.status = htole32((uint32_t)message->status),
	};

	_Static_assert(sizeof(header) == HEADER, "as documented");
	put_bytes(p, &header, sizeof(header));
}

int pcapng_put(struct pcapng *p, const struct iavfctl_message *message, const char *comment)
{
	const uint32_t flags = message->sent ? 2 : 1;
	size_t room = BLOCK_MAX - 128, said = strlen(comment);
	size_t len = message->length < 4096 ? message->length : 4096;
	int64_t interface = interface_of(p, message);

	if (interface < 0)
		return -1;
	room -= len;
	begin(p, PACKET);
	put_u32(p, (uint32_t)interface);
	put_u32(p, message->time_ns >> 32);
	put_u32(p, (uint32_t)message->time_ns);
	put_u32(p, (uint32_t)(HEADER + len));
	put_u32(p, (uint32_t)(HEADER + message->length));
	put_header(p, message);
	if (len)
		put_bytes(p, message->payload, len);
	put_option(p, OPTION_COMMENT, comment, said < room ? said : room);
	put_option(p, EPB_FLAGS, &flags, sizeof(flags));
	end(p);
	return 0;
}

struct pcapng *pcapng_new(FILE *out)
{
	struct pcapng *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->out = out;
	put_section(p);
	return p;
}

void pcapng_free(struct pcapng *p)
{
	if (!p)
		return;
	free(p->ids);
	free(p);
}
