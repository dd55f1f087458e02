/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one table of what can be configured. Reader, JSON Schema, man page, plan, diff and show are
 * made from it: a key that is added here is a key everywhere.
 *
 * Pure: no I/O, no clock, no globals but the constant table.
 */
#ifndef IAVFD_SETTINGS_H
#define IAVFD_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Of a VF up to SETTING_NUM_VF, of the daemon itself from there on. Order is that of show. */
enum setting {
	SETTING_MAC,
	SETTING_MTU,
	SETTING_RX_QUEUES,
	SETTING_TX_QUEUES,
	SETTING_RX_RING,
	SETTING_TX_RING,
	SETTING_PROMISC,
	SETTING_ALLMULTI,
	SETTING_MODERATION_RX_USECS,
	SETTING_MODERATION_TX_USECS,
	SETTING_MODERATION_RX_ADAPTIVE,
	SETTING_MODERATION_TX_ADAPTIVE,
	SETTING_FEATURE_RX_CHECKSUM,
	SETTING_FEATURE_TX_CHECKSUM,
	SETTING_FEATURE_SG,
	SETTING_FEATURE_TSO,
	SETTING_FEATURE_USO,
	SETTING_FEATURE_GSO,
	SETTING_FEATURE_GRO,
	SETTING_FEATURE_RX_HASH,
	SETTING_FEATURE_ENCAP,
	SETTING_FEATURE_KEEP_CRC,
	SETTING_FEATURE_VLAN_CTAG_STRIP,
	SETTING_FEATURE_VLAN_STAG_STRIP,
	SETTING_FEATURE_VLAN_CTAG_INSERT,
	SETTING_FEATURE_VLAN_STAG_INSERT,
	SETTING_FEATURE_VLAN_CTAG_FILTER,
	SETTING_FEATURE_VLAN_STAG_FILTER,
	SETTING_VLAN_FILTERS_CTAG,
	SETTING_VLAN_FILTERS_STAG,
	SETTING_VLAN_ALLOWED_CTAG,
	SETTING_VLAN_ALLOWED_STAG,
	SETTING_VLAN_BUDGET,
	SETTING_VLAN_DEVICES,
	SETTING_RSS_KEY,
	SETTING_RSS_TABLE,
	SETTING_RSS_WEIGHTS,
	SETTING_RSS_EQUAL,
	SETTING_RSS_HASH_FUNCTION,
	SETTING_RSS_FIELDS_TCP4,	/* in the order of enum iavf_rss_flow */
	SETTING_RSS_FIELDS_UDP4,
	SETTING_RSS_FIELDS_SCTP4,
	SETTING_RSS_FIELDS_TCP6,
	SETTING_RSS_FIELDS_UDP6,
	SETTING_RSS_FIELDS_SCTP6,
	SETTING_MAX_QUEUES,
	SETTING_ON_ABSENCE,
	SETTING_GRACE_MS,
	SETTING_NUM_VF,

	SETTING_LOG_LEVEL = SETTING_NUM_VF,
	SETTING_COUNT
};

enum setting_kind {
	SETTING_NUMBER,		/* min to max, a multiple of step */
	SETTING_SWITCH,		/* true or false */
	SETTING_WORD,		/* one of words; number is its index */
	SETTING_WORDS,		/* array of words, not empty; number has a bit of each */
	SETTING_ADDRESS,	/* "02:00:00:00:00:01"; data: 6 bytes; unicast, not zero */
	SETTING_IDS,		/* VLAN ids; data: SETTING_IDS_SIZE bytes */
	SETTING_BYTES,		/* "6d:5a:..."; data: min to max bytes */
	SETTING_NUMBERS,	/* array of numbers; data: uint16_t each */
	SETTING_DEVICES		/* VLAN devices; data: struct vlan_device each */
};

/* Who makes it so. */
enum setting_domain {
	SETTING_NETDEV,		/* an interface: rtnetlink and ethtool, by the worker */
	SETTING_POLICY,		/* the daemon, in what it grants the kernel and users */
	SETTING_PROCESS		/* the daemon, for itself; not of a VF */
};

#define SETTING_IDS_SIZE	512	/* bit n of byte n / 8 by n % 8, as in iavf.yaml */
#define SETTING_TABLE_MAX	512	/* entries of an RSS table, at most */
#define SETTING_DEVICES_MAX	1024
#define SETTING_PATH_MAX	64
#define SETTING_NAME_SIZE	16	/* of an interface, with its end */

struct setting_type {
	const char *path;		/* "moderation.rx_usecs" */
	enum setting_kind kind;
	enum setting_domain domain;
	uint32_t min, max;		/* NUMBER, each of NUMBERS; of BYTES, how many */
	uint32_t step;			/* 0 is 1 */
	uint32_t most;			/* NUMBERS, DEVICES: how many at most */
	const char *unit;		/* NULL: none */
	const char *const *words;	/* NULL behind the last */
	/* A feature: its names in the kernel (ethtool's string set), NULL behind the last. */
	const char *const *features;
	/* Of those with the same name only one can be said; a later one takes the place of all. */
	const char *instead;
	const char *doc;		/* one sentence */
};

/*
 * One VLAN device. Those on which others stand come first. Zeroed before it is filled, so that two
 * can be compared as memory.
 */
struct vlan_device {
	uint16_t id;			/* 1 to 4094 */
	uint16_t tpid;			/* 0x8100 or 0x88a8, host byte order */
	uint16_t on;			/* index of the device below, or VLAN_DEVICE_ON_VF */
	uint16_t mtu;			/* as SETTING_MTU; 0: none said, it is as it is */
	char name[SETTING_NAME_SIZE];	/* "": that below, a dot, the id, as in eth0.100 */
};

#define VLAN_DEVICE_ON_VF	UINT16_MAX

/*
 * The one order that equal lists are in: as many into to, with other memory. No two on the same
 * device may have the same tpid and id, and all have to stand on the VF in the end.
 */
void vlan_devices_sort(const struct vlan_device *from, size_t num, struct vlan_device *to);

/* Can a configuration say this MTU of a device? */
bool vlan_device_mtu_good(int64_t mtu);
/*
 * Of a sorted list those that a configuration can list: users may have more, deeper, and with
 * other names. to has room for as many. How many; -ENOMEM.
 */
ssize_t vlan_devices_sayable(const struct vlan_device *from, size_t num, struct vlan_device *to);

/*
 * A value; which part counts is said by the kind. All that is beyond number is flat memory without
 * padding, so that equal values are equal bytes.
 */
struct setting_value {
	uint32_t number;		/* NUMBER; SWITCH 0 or 1; WORD index; WORDS bits */
	size_t size;			/* of data, bytes */
	void *data;			/* malloc'd, the value's own; NULL when size is 0 */
};

/* Never NULL. setting: below SETTING_COUNT */
const struct setting_type *setting_type(enum setting setting);

/* SETTING_COUNT: no such path. */
enum setting setting_by_path(const char *path);

/* A sentence about an object such as "vlan.filters"; NULL: there is none at this path. */
const char *setting_group_doc(const char *path);

bool setting_value_equal(const struct setting_value *a, const struct setting_value *b);
/* to is overwritten, not freed. 0 or -ENOMEM */
int setting_value_copy(struct setting_value *to, const struct setting_value *from);
/* Frees data and zeroes it. */
void setting_value_clear(struct setting_value *value);

/* of: SETTING_IDS */
static inline bool setting_ids_has(const struct setting_value *ids, unsigned int id)
{
	return id < 8 * SETTING_IDS_SIZE && ((const uint8_t *)ids->data)[id / 8] & (1u << id % 8);
}

/*
 * The value as canonical JSON, one line; to be freed. Equal values have equal texts, and a value
 * read from the text is equal. NULL: no memory.
 */
char *setting_print(enum setting setting, const struct setting_value *value);

/*
 * What may be there, for people: "a number from 68 to 9710", "one of hold, isolate, down". to is
 * at least 256 bytes; returned.
 */
char *setting_allowed(enum setting setting, char *to, size_t size);

/*
 * One value from JSON text; words, addresses and id lists also without quotes, as on a command
 * line. 0; -ENOMEM; -EINVAL, and why is a sentence of at most 255 bytes.
 */
int setting_read(enum setting setting, const char *text, struct setting_value *value,
		 char why[256]);

#endif
