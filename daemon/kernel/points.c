// SPDX-License-Identifier: GPL-2.0-or-later
#ifdef IAVFD_FAULT_POINTS

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "iavf_netlink.h"
#include "message.h"
#include "points.h"
#include "virtchnl/names.h"
#include "virtchnl/opcodes.h"

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))
#define NAME_SIZE	80
#define ASKED		64	/* requests whose kind is remembered */

static const char *const moments[] = { "read", "done", "before", "after" };
static const char *const steps[] = { "impending", "started", "ready", "failed" };

static const char *const kinds[] = {
	[IAVF_REQUEST_KIND_OPEN] = "open",
	[IAVF_REQUEST_KIND_RECONFIGURE] = "reconfigure",
	[IAVF_REQUEST_KIND_SET_MAC] = "set-mac",
	[IAVF_REQUEST_KIND_VLAN_ADD] = "vlan-add",
	[IAVF_REQUEST_KIND_SET_FEATURES] = "set-features",
	[IAVF_REQUEST_KIND_PREPARE] = "prepare",
	[IAVF_REQUEST_KIND_STATS] = "stats",
	[IAVF_REQUEST_KIND_MORE_QUEUES] = "more-queues",
	[IAVF_REQUEST_KIND_SET_RSS] = "set-rss",
	[IAVF_REQUEST_KIND_SET_RSS_FIELDS] = "set-rss-fields",
};

/* What iavfd sends. */
static const uint32_t ops[] = {
	VIRTCHNL_OP_VERSION, VIRTCHNL_OP_GET_VF_RESOURCES, VIRTCHNL_OP_GET_OFFLOAD_VLAN_V2_CAPS,
	VIRTCHNL_OP_CONFIG_VSI_QUEUES, VIRTCHNL_OP_ENABLE_QUEUES, VIRTCHNL_OP_CONFIG_IRQ_MAP,
	VIRTCHNL_OP_ADD_ETH_ADDR, VIRTCHNL_OP_DEL_ETH_ADDR, VIRTCHNL_OP_ADD_VLAN,
	VIRTCHNL_OP_DEL_VLAN, VIRTCHNL_OP_ADD_VLAN_V2, VIRTCHNL_OP_DEL_VLAN_V2,
	VIRTCHNL_OP_CONFIG_PROMISCUOUS_MODE, VIRTCHNL_OP_ENABLE_VLAN_STRIPPING,
	VIRTCHNL_OP_DISABLE_VLAN_STRIPPING, VIRTCHNL_OP_ENABLE_VLAN_STRIPPING_V2,
	VIRTCHNL_OP_DISABLE_VLAN_STRIPPING_V2, VIRTCHNL_OP_ENABLE_VLAN_INSERTION_V2,
	VIRTCHNL_OP_DISABLE_VLAN_INSERTION_V2, VIRTCHNL_OP_GET_STATS, VIRTCHNL_OP_REQUEST_QUEUES,
	VIRTCHNL_OP_CONFIG_RSS_KEY, VIRTCHNL_OP_CONFIG_RSS_LUT, VIRTCHNL_OP_CONFIG_RSS_HFUNC,
	VIRTCHNL_OP_ADD_RSS_CFG,
};

static char *armed;		/* the file, mapped */
static char current[NAME_SIZE];	/* the line whose hits are counted */
static unsigned int hits;
static struct { uint32_t id, kind; } asked[ASKED];

static bool ours(uint8_t cmd)
{
	return cmd >= IAVF_CMD_ACCEPT;
}

/* The last word of names of this command, number i; NULL behind the last one, "" for none. */
static const char *word(uint8_t cmd, unsigned int i)
{
	switch (cmd) {
	case IAVF_CMD_MBX_SEND:
	case IAVF_CMD_MBX_RECV:
		return i < COUNT(ops) ? virtchnl_op_name(ops[i]) : NULL;
	case IAVF_CMD_REQUEST:
	case IAVF_CMD_ACCEPT:
	case IAVF_CMD_REPLY:
		return i < COUNT(kinds) ? kinds[i] : NULL;
	case IAVF_CMD_RESET:
		return i < COUNT(steps) ? steps[i] : NULL;
	}
	return i ? NULL : "";
}

static void put_name(char *name, enum point_moment moment, uint8_t cmd, const char *last)
{
	snprintf(name, NAME_SIZE, "%s-%s%s%s", moments[moment], message_word(cmd), *last ? "-" : "",
		 last);
}

static void list_command(uint8_t cmd)
{
	enum point_moment first = ours(cmd) ? POINT_BEFORE : POINT_READ;
	const char *last;
	char name[NAME_SIZE];

	for (unsigned int i = 0; (last = word(cmd, i)); i++) {
		for (unsigned int moment = first; moment < first + 2; moment++) {
			put_name(name, moment, cmd, last);
			puts(name);
		}
	}
}

static void list_points(void)
{
	for (unsigned int cmd = 0; cmd < __IAVF_CMD_MAX; cmd++) {
		if (message_word(cmd))
			list_command(cmd);
	}
}

__attribute__((constructor)) static void start(void)
{
	const char *path = getenv("IAVFD_FAULTS");
	int fd;

	if (!path)
		return;
	if (!strcmp(path, "list")) {
		list_points();
		fflush(stdout);
		_exit(0);
	}
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd >= 0)
		armed = mmap(NULL, POINTS_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd < 0 || armed == MAP_FAILED) {
		perror(path);
		_exit(1);
	}
	close(fd);
}

static uint32_t number(const struct nlmsghdr *message, uint16_t type)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, message, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == type)
			return mnl_attr_get_u32(attr);
	}
	return 0;
}

static uint32_t kind_of(uint8_t cmd, const struct nlmsghdr *message)
{
	uint32_t id = number(message, IAVF_A_MSG_REQUEST), i = id % ASKED;

	if (cmd == IAVF_CMD_REQUEST) {
		asked[i].id = id;
		asked[i].kind = number(message, IAVF_A_MSG_KIND);
	}
	return asked[i].id == id ? asked[i].kind : UINT32_MAX;
}

static const char *last_word(uint8_t cmd, const struct nlmsghdr *message)
{
	uint32_t n;

	switch (cmd) {
	case IAVF_CMD_MBX_SEND:
	case IAVF_CMD_MBX_RECV:
		return virtchnl_op_name(number(message, IAVF_A_MSG_OPCODE)) ?: "?";
	case IAVF_CMD_RESET:
		n = number(message, IAVF_A_MSG_RESET_STEP);
		return n < COUNT(steps) ? steps[n] : "?";
	case IAVF_CMD_REQUEST:
	case IAVF_CMD_ACCEPT:
	case IAVF_CMD_REPLY:
		n = kind_of(cmd, message);
		/* Accepting what was cancelled before it was read. */
		if (n == UINT32_MAX)
			return "";
		return n < COUNT(kinds) ? kinds[n] : "?";
	}
	return "";
}

/* A point that is not in the list is one that no suite walks. */
static void check_known(uint8_t cmd, const char *last)
{
	const char *known;

	for (unsigned int i = 0; (known = word(cmd, i)); i++) {
		if (!strcmp(known, last))
			return;
	}
	fprintf(stderr, "no fault point for %s %s\n", message_word(cmd), last);
	abort();
}

/* The line in force, without what tests may write meanwhile; its length with the newline, or 0. */
static size_t first_line(char *line, size_t *at)
{
	char copy[POINTS_SIZE + 1];
	size_t len;

	memcpy(copy, armed, POINTS_SIZE);
	copy[POINTS_SIZE] = '\0';
	*at = strspn(copy, " \n");
	len = strcspn(copy + *at, "\n");
	if (!len || len >= NAME_SIZE || copy[*at + len] != '\n')
		return 0;
	memcpy(line, copy + *at, len);
	line[len] = '\0';
	return len + 1;
}

void point(enum point_moment moment, const struct nlmsghdr *message)
{
	uint8_t cmd = ((const struct genlmsghdr *)mnl_nlmsg_get_payload(message))->cmd;
	const char *last = last_word(cmd, message);
	char line[NAME_SIZE], name[NAME_SIZE], wanted[NAME_SIZE], how[NAME_SIZE];
	unsigned int hit;
	size_t at, len;

	if (!armed)
		return;
	if (*last)
		check_known(cmd, last);
	len = first_line(line, &at);
	if (!len || sscanf(line, "%79s %u %79s", wanted, &hit, how) != 3)
		return;
	if (strcmp(line, current)) {
		strcpy(current, line);
		hits = 0;
	}
	put_name(name, moment, cmd, last);
	if (strcmp(name, wanted) || ++hits < hit)
		return;
	current[0] = '\0';
	memset(armed + at, ' ', len);
	raise(strcmp(how, "die") ? SIGSTOP : SIGKILL);
}

#endif
