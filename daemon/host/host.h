/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What iavfd does to a netdev exactly as an administrator would with ip and ethtool: rtnetlink, the
 * generic netlink family "ethtool", and SIOCETHTOOL for what that family cannot say (RSS). So the
 * kernel's own request path asks the PF, and its verdict is the result.
 *
 * All functions wait for the kernel, some for the PF (seconds): for a worker thread (worker.h) or
 * a tool, never for the loop. A struct host is used by one thread at a time. Needs CAP_NET_ADMIN
 * to change anything, and sockets of AF_UNIX and AF_NETLINK only.
 *
 * Results are 0 or -errno with a sentence (host_error()), which goes on from "mtu of eth0: ".
 * Besides what the kernel says:
 *   -ENODEV   the device has no netdev, or not this one any more (it came again: another ifindex)
 *   -EXDEV    its netdev is in another network namespace, where rtnetlink and ethtool cannot reach
 *   -EBADMSG  the kernel's answer makes no sense
 *   -EINVAL   an argument that no kernel would take
 * Names are as ip and ethtool print them. Numbers are in host byte order.
 */
#ifndef IAVFD_HOST_H
#define IAVFD_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOST_SENTENCE		256
#define HOST_NAME		16	/* IFNAMSIZ */
#define HOST_FEATURE_NAME	32	/* ETH_GSTRING_LEN */
#define HOST_FEATURES_MAX	96
#define HOST_KEY_MAX		128
#define HOST_TABLE_MAX		512

/* The netdev of a device: by index, which must be that of a netdev of the PCI device. */
struct host_ref {
	uint32_t ifindex;
	char pci[16];		/* "0000:3b:02.0"; "": not checked (tests) */
};

struct host_error {
	int err;		/* 0 or -errno */
	bool from_kernel;	/* else the PF's words may be in the VF's last-error */
	char sentence[HOST_SENTENCE];
};

enum host_flags {
	HOST_UP = 1 << 0,
	HOST_PROMISC = 1 << 1,
	HOST_ALLMULTI = 1 << 2,
};

struct host_channels {
	uint32_t combined, rx, tx;
	uint32_t max_combined, max_rx, max_tx;	/* read only */
};

struct host_rings {
	uint32_t rx, tx;			/* descriptors */
	uint32_t max_rx, max_tx;		/* read only */
};

struct host_coalesce {
	uint32_t rx_usecs, tx_usecs;
	bool adaptive_rx, adaptive_tx;
};

/* As in "ethtool -k": fixed is "[fixed]", wanted and not active "off [requested on]". */
struct host_feature {
	char name[HOST_FEATURE_NAME];
	bool hw;		/* may be switched by users */
	bool wanted, active;
	bool fixed;
};

enum host_hash_fields {
	HOST_SRC_IP = 1 << 0,
	HOST_DST_IP = 1 << 1,
	HOST_SRC_PORT = 1 << 2,
	HOST_DST_PORT = 1 << 3,
};

enum host_flow {
	HOST_TCP4,
	HOST_UDP4,
	HOST_SCTP4,
	HOST_TCP6,
	HOST_UDP6,
	HOST_SCTP6,
	HOST_NUM_FLOWS,
};

/* The kernel's numbers; headers for users have none. */
enum host_function {
	HOST_TOEPLITZ = 1 << 0,
	HOST_XOR = 1 << 1,
	HOST_CRC32 = 1 << 2,
};

struct host_rss {
	uint32_t function;	/* enum host_function */
	bool symmetric;		/* "ethtool -X xfrm symmetric-xor", kernel 6.8 and later */
	unsigned int key_len, table_len;
	uint8_t key[HOST_KEY_MAX];
	uint16_t table[HOST_TABLE_MAX];
};

/* A VLAN device on the netdev, or on another VLAN device on it. */
struct host_vlan {
	uint32_t ifindex, parent;	/* parent: ifindex of what it is stacked on */
	uint16_t protocol, id;		/* 0x8100 or 0x88a8; 0 to 4094 */
	char name[HOST_NAME];
	char parent_name[HOST_NAME];
	uint32_t mtu;
	bool up;
};

/* Parts that the driver or the kernel may not have. */
enum host_have {
	HOST_HAVE_CHANNELS = 1 << 0,
	HOST_HAVE_RINGS = 1 << 1,
	HOST_HAVE_COALESCE = 1 << 2,
	HOST_HAVE_ADAPTIVE_RX = 1 << 3,
	HOST_HAVE_ADAPTIVE_TX = 1 << 4,
	HOST_HAVE_FEATURES = 1 << 5,
	HOST_HAVE_RSS = 1 << 6,
	HOST_HAVE_XFRM = 1 << 7,	/* the kernel knows symmetric; the driver may not */
};

struct host_state {
	uint32_t ifindex;
	char name[HOST_NAME];
	uint32_t mtu, min_mtu, max_mtu;		/* limits: 0 when the kernel does not tell */
	uint8_t mac[6];
	uint32_t flags;				/* enum host_flags, as users set them */
	uint32_t have;				/* enum host_have */
	struct host_channels channels;
	struct host_rings rings;
	struct host_coalesce coalesce;
	unsigned int num_features;
	struct host_feature features[HOST_FEATURES_MAX];
	struct host_rss rss;
	int8_t hash_fields[HOST_NUM_FLOWS];	/* enum host_hash_fields; -1: no such flow */
	unsigned int num_vlans;
	struct host_vlan *vlans;		/* parents before what is stacked on them */
};

struct host;

/* "tcp4" ... as in docs/spec/iavf.yaml. */
const char *host_flow_word(enum host_flow flow);

/* Opens nothing yet: sockets are opened by what needs them. NULL: no memory. */
struct host *host_new(void);
void host_free(struct host *host);

/* Of the last call; valid until the next one. */
const struct host_error *host_error(const struct host *host);

/*
 * Everything at once. *state is the caller's then (host_state_free()). A netdev that is renamed or
 * changed meanwhile gives a mixture of before and after, one that goes -ENODEV.
 */
int host_read(struct host *host, const struct host_ref *ref, struct host_state **state);
void host_state_free(struct host_state *state);
/* NULL: there is none of that name. */
const struct host_feature *host_feature(const struct host_state *state, const char *name);

int host_set_mtu(struct host *host, const struct host_ref *ref, uint32_t mtu);
int host_set_mac(struct host *host, const struct host_ref *ref, const uint8_t mac[6]);
/* mask and values: enum host_flags. */
int host_set_flags(struct host *host, const struct host_ref *ref, uint32_t mask, uint32_t values);
/* Each sets all of its numbers; the kernel leaves out what is the same. */
int host_set_channels(struct host *host, const struct host_ref *ref,
		      const struct host_channels *to);
int host_set_rings(struct host *host, const struct host_ref *ref, const struct host_rings *to);

enum host_coalesce_set {
	HOST_RX_USECS = 1 << 0,
	HOST_TX_USECS = 1 << 1,
	HOST_ADAPTIVE_RX = 1 << 2,
	HOST_ADAPTIVE_TX = 1 << 3,
};
int host_set_coalesce(struct host *host, const struct host_ref *ref, uint32_t which,
		      const struct host_coalesce *to);

struct host_feature_set {
	char name[HOST_FEATURE_NAME];
	bool on;
};
/*
 * In one request, as one "ethtool -K". -EOPNOTSUPP: the kernel knows no such feature, or it is
 * fixed; -EIO: the kernel took the wish and a feature stays as it was (the wish stays, too). The
 * sentence names it.
 */
int host_set_features(struct host *host, const struct host_ref *ref,
		      const struct host_feature_set *to, unsigned int num);

/* In one request to the PF. What is not in which stays. */
enum host_rss_set {
	HOST_RSS_KEY = 1 << 0,
	HOST_RSS_TABLE = 1 << 1,
	HOST_RSS_TABLE_DEFAULT = 1 << 2,	/* the driver's own: follows the number of queues */
	HOST_RSS_SYMMETRIC = 1 << 3,		/* -EOPNOTSUPP before kernel 6.8 */
	HOST_RSS_FUNCTION = 1 << 4,
};
/* Key and table are of the netdev's own sizes (struct host_state), otherwise -EINVAL. */
int host_set_rss(struct host *host, const struct host_ref *ref, uint32_t which,
		 const struct host_rss *to);
int host_set_hash_fields(struct host *host, const struct host_ref *ref, enum host_flow flow,
			 uint32_t fields);

/* A VLAN device is the one meant when parent, protocol, id and name are the same. */
struct host_vlan_set {
	uint16_t protocol, id;
	char name[HOST_NAME];
	char parent[HOST_NAME];	/* "": the netdev itself; otherwise a VLAN device on it */
	bool up;		/* for add: also up, which needs a parent that is up (-ENETDOWN) */
	uint32_t mtu;		/* for add 0: that of the parent; one that is there keeps its own */
};
/*
 * *made (may be NULL): it was not there before. -EEXIST: the name or the VLAN is another device's,
 * which is left as it is. -ENOENT: no such parent on this netdev.
 */
int host_vlan_add(struct host *host, const struct host_ref *ref, const struct host_vlan_set *vlan,
		  bool *made);
/*
 * The mtu of vlan; *changed (may be NULL): it was another. -ENOENT: the one meant is not there.
 * The kernel takes none above that of the parent (-ERANGE).
 */
int host_vlan_mtu(struct host *host, const struct host_ref *ref, const struct host_vlan_set *vlan,
		  bool *changed);
/*
 * A device that is not the one meant is left alone, and is no error. -EBUSY: another VLAN device
 * is stacked on it, which the kernel would remove with it.
 */
int host_vlan_del(struct host *host, const struct host_ref *ref, const struct host_vlan_set *vlan,
		  bool *removed);

#endif
