/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Made from docs/spec/iavf.yaml by docs/spec/gen; do not edit. */
#ifndef _UAPI_LINUX_IAVF_NETLINK_H
#define _UAPI_LINUX_IAVF_NETLINK_H

#define IAVF_FAMILY_NAME	"iavf"
#define IAVF_FAMILY_VERSION	1
#ifndef IAVF_ABI
#define IAVF_ABI	1
#endif
#define IAVF_RECORD_MAX	61440
#define IAVF_MBX_MAX	4096
#define IAVF_LOG_MAX	32
#define IAVF_MESSAGE_MAX	80

/* What the kernel knows of a VF. */
enum iavf_vf_state {
	/* No working mailbox; the device does not answer or failed. */
	IAVF_VF_STATE_DEAD = 0,
	/* A reset was seen and has not finished. */
	IAVF_VF_STATE_RESETTING = 1,
	/* The mailbox works, there is no netdev yet. */
	IAVF_VF_STATE_MAILBOX = 2,
	/* The mailbox works and the netdev is registered. */
	IAVF_VF_STATE_READY = 3,
};

enum iavf_reset_step {
	IAVF_RESET_STEP_IMPENDING = 0,
	IAVF_RESET_STEP_STARTED = 1,
	IAVF_RESET_STEP_READY = 2,
	IAVF_RESET_STEP_FAILED = 3,
};

enum iavf_reset_cause {
	IAVF_RESET_CAUSE_NONE = 0,
	IAVF_RESET_CAUSE_PF_ANNOUNCED = 1,
	IAVF_RESET_CAUSE_PF_SILENT = 2,
	IAVF_RESET_CAUSE_OWNER = 3,
	IAVF_RESET_CAUSE_STOP = 4,
	IAVF_RESET_CAUSE_PROBE = 5,
	IAVF_RESET_CAUSE_STALL = 6,
};

/* What a user asked for; the owner answers with the PF's verdict. */
enum iavf_request_kind {
	/* Configure and enable the queues. Rings are posted already. */
	IAVF_REQUEST_KIND_OPEN = 0,
	/*
	 * The queues were running with other rings (MTU, ring size, queue count). They are
	 * disabled and reposted; configure and enable them.
	 */
	IAVF_REQUEST_KIND_RECONFIGURE = 1,
	IAVF_REQUEST_KIND_SET_MAC = 2,
	IAVF_REQUEST_KIND_VLAN_ADD = 3,
	/* Change of the bits in features, of those in features-wanted. */
	IAVF_REQUEST_KIND_SET_FEATURES = 4,
	/*
	 * A reconfigure is about to stop the queues: would the owner take it? Nothing has been
	 * touched yet. An owner that does not know this kind does not object.
	 */
	IAVF_REQUEST_KIND_PREPARE = 5,
	/*
	 * What the PF has counted. Not a verdict: the kernel waits 100 ms at most, and not at
	 * all for an owner that is not there or does not answer; failing leaves no trace.
	 */
	IAVF_REQUEST_KIND_STATS = 6,
	/*
	 * Queue pairs beyond what the PF granted, up to possible-queues. A PF that gives them
	 * resets the VF; granted is the request when a vf-commit has them.
	 */
	IAVF_REQUEST_KIND_MORE_QUEUES = 7,
	/* Those of rss-key, rss-lut and rss-hfunc that are there; queues is the number in use. */
	IAVF_REQUEST_KIND_SET_RSS = 8,
	/* What of rss-flow is hashed, rss-fields. */
	IAVF_REQUEST_KIND_SET_RSS_FIELDS = 9,
};

/* Offloads in words of the field; what is not granted cannot be switched on. */
enum iavf_features {
	IAVF_FEATURES_VLAN_CTAG_STRIP = 1,
	IAVF_FEATURES_VLAN_STAG_STRIP = 2,
	IAVF_FEATURES_VLAN_CTAG_INSERT = 4,
	IAVF_FEATURES_VLAN_STAG_INSERT = 8,
	IAVF_FEATURES_VLAN_CTAG_FILTER = 16,
	IAVF_FEATURES_VLAN_STAG_FILTER = 32,
	IAVF_FEATURES_RX_HASH = 64,
	IAVF_FEATURES_ENCAP = 128,
	IAVF_FEATURES_ENCAP_CSUM = 256,
	IAVF_FEATURES_USO = 512,
	IAVF_FEATURES_KEEP_CRC = 1024,
	IAVF_FEATURES_WB_ON_ITR = 2048,
	IAVF_FEATURES_ADV_LINK_SPEED = 4096,
};

enum iavf_rx_flags {
	IAVF_RX_FLAGS_UP = 1,
	IAVF_RX_FLAGS_PROMISC = 2,
	IAVF_RX_FLAGS_ALLMULTI = 4,
};

/* What a module can do beyond its abi; an owner uses what it finds. */
enum iavf_capabilities {
	/* vf-commit takes rss-key and rss-lut. */
	IAVF_CAPABILITIES_RSS = 1,
	/* vf-commit takes pf. */
	IAVF_CAPABILITIES_PF = 2,
	/* vf-commit takes features-fixed and features-on. */
	IAVF_CAPABILITIES_FIXED = 4,
	/*
	 * vf-commit takes possible-queues, requests have rx-queues and tx-queues; there are
	 * more-queues requests.
	 */
	IAVF_CAPABILITIES_QUEUES = 8,
	/*
	 * vf-commit takes rss-hfunc, rss-flows and rss-hena; users ask set-rss and set-rss-
	 * fields.
	 */
	IAVF_CAPABILITIES_RSS_SET = 16,
	/* vf-commit takes on-absence and grace-ms. */
	IAVF_CAPABILITIES_ABSENCE = 32,
	/* netdev-update takes mtu. */
	IAVF_CAPABILITIES_MTU = 64,
};

/* Where a VLAN tag travels in the descriptors. */
enum iavf_vlan_tag {
	IAVF_VLAN_TAG_NONE = 0,
	/* Rx L2TAG1; Tx data descriptor. */
	IAVF_VLAN_TAG_L2TAG1 = 1,
	/* Rx second L2TAG2; Tx context descriptor. */
	IAVF_VLAN_TAG_L2TAG2 = 2,
};

enum iavf_rss_hfunc {
	IAVF_RSS_HFUNC_TOEPLITZ = 0,
	/* Source and destination are XORed first, so that both ways of a flow have one hash. */
	IAVF_RSS_HFUNC_TOEPLITZ_SYMMETRIC = 1,
};

enum iavf_rss_flow {
	IAVF_RSS_FLOW_TCP4 = 0,
	IAVF_RSS_FLOW_UDP4 = 1,
	IAVF_RSS_FLOW_SCTP4 = 2,
	IAVF_RSS_FLOW_TCP6 = 3,
	IAVF_RSS_FLOW_UDP6 = 4,
	IAVF_RSS_FLOW_SCTP6 = 5,
};

enum iavf_rss_fields {
	IAVF_RSS_FIELDS_SRC_IP = 1,
	IAVF_RSS_FIELDS_DST_IP = 2,
	IAVF_RSS_FIELDS_SRC_PORT = 4,
	IAVF_RSS_FIELDS_DST_PORT = 8,
};

/* What becomes of a VF that nobody controls. */
enum iavf_absence {
	/* Nothing; traffic goes on. */
	IAVF_ABSENCE_HOLD = 0,
	/* The carrier goes off. The queues stay as they are. */
	IAVF_ABSENCE_ISOLATE = 1,
	/* The carrier goes off and the kernel stops the queues. */
	IAVF_ABSENCE_DOWN = 2,
};

/* One VF; in vf-get, notifications and, with the snapshot part, in vf-add and changed. */
enum {
	/* Instance id; a new probe is a new id, never reused while the module is loaded. */
	IAVF_A_VF_ID = 1,
	/* PCI address, such as 0000:3b:02.0. */
	IAVF_A_VF_PCI = 2,
	/* Counts VF resets. A message about device state carries the generation it is about. */
	IAVF_A_VF_GENERATION = 3,
	IAVF_A_VF_STATE = 4,
	IAVF_A_VF_IFINDEX = 5,
	IAVF_A_VF_IFNAME = 6,
	/* Inode number of the netdev's network namespace. */
	IAVF_A_VF_NETNS = 7,
	IAVF_A_VF_MAC = 8,
	IAVF_A_VF_MTU = 9,
	IAVF_A_VF_MAX_MTU = 10,
	IAVF_A_VF_RX_QUEUES = 11,
	IAVF_A_VF_TX_QUEUES = 12,
	/* Descriptors. */
	IAVF_A_VF_RX_RING = 13,
	IAVF_A_VF_TX_RING = 14,
	/*
	 * MSI-X vectors the driver has, the mailbox's included. Queue i is on vector 1 + i %
	 * (vectors - 1), with those of the PF if it grants fewer.
	 */
	IAVF_A_VF_VECTORS = 15,
	IAVF_A_VF_CARRIER = 16,
	/* 0 when unknown. */
	IAVF_A_VF_LINK_MBPS = 17,
	/* Process that opened the session; absent without an owner. */
	IAVF_A_VF_OWNER_PID = 18,
	IAVF_A_VF_UNRESPONSIVE = 19,
	/* The reason, when what was asked for is not what the PF granted. */
	IAVF_A_VF_DEGRADED = 20,
	IAVF_A_VF_LAST_ERROR = 21,
	IAVF_A_VF_COUNTERS = 22,
	IAVF_A_VF_RX_FLAGS = 23,
	/* Secondary unicast addresses, 6 bytes each. */
	IAVF_A_VF_UNICAST = 24,
	/* Multicast addresses, 6 bytes each. */
	IAVF_A_VF_MULTICAST = 25,
	/* Bitmap of 802.1Q ids asked for, 512 bytes, bit n of byte n / 8 by n % 8. */
	IAVF_A_VF_VLAN_CTAG = 26,
	/* The same for 802.1ad. */
	IAVF_A_VF_VLAN_STAG = 27,
	/* Switched on now. */
	IAVF_A_VF_FEATURES = 28,
	IAVF_A_VF_FEATURES_GRANTED = 29,
	/* Queue pairs the kernel can drive. */
	IAVF_A_VF_MAX_QUEUES = 30,
	/* The seq of the last mbx-send accepted; the next owner goes on from it. */
	IAVF_A_VF_SEND_SEQ = 31,
	/* The seq of the last mbx-recv. */
	IAVF_A_VF_RECV_SEQ = 32,
	/* The current rings are known to the device (op 6 acknowledged) in this generation. */
	IAVF_A_VF_CONFIGURED = 33,
	/* The PF acknowledged the enabling of the current rings in this generation. */
	IAVF_A_VF_ENABLED = 34,
	IAVF_A_VF_PAD = 35,
	/* The owner's limits (vf-commit) are in force in this generation. */
	IAVF_A_VF_COMMITTED = 36,
	/* Queue pairs that a new netdev has when the PF grants so many. */
	IAVF_A_VF_DEFAULT_QUEUES = 37,
	/* The RSS table is a user's; else it follows the number of queues. */
	IAVF_A_VF_RSS_CONFIGURED = 38,
	/*
	 * What the owner wants done when nobody controls the VF: there is no owner that said
	 * vf-commit, or it is unresponsive.
	 */
	IAVF_A_VF_ON_ABSENCE = 39,
	/* How long nobody has to control the VF before on-absence is done. */
	IAVF_A_VF_GRACE_MS = 40,
	/* It is done. A vf-commit, or the first sign of an unresponsive owner, undoes it. */
	IAVF_A_VF_ABSENT = 41,
	/* How long nobody controlled the VF the last time; not while nobody does. */
	IAVF_A_VF_ABSENT_US = 42,

	__IAVF_A_VF_MAX,
	IAVF_A_VF_MAX = (__IAVF_A_VF_MAX - 1)
};

enum {
	/* Positive errno. */
	IAVF_A_ERROR_ERRNO = 1,
	IAVF_A_ERROR_MESSAGE = 2,
	IAVF_A_ERROR_AGE_MS = 3,

	__IAVF_A_ERROR_MAX,
	IAVF_A_ERROR_MAX = (__IAVF_A_ERROR_MAX - 1)
};

enum {
	IAVF_A_COUNTERS_PAD = 1,
	IAVF_A_COUNTERS_RESETS = 2,
	IAVF_A_COUNTERS_MBX_SENT = 3,
	IAVF_A_COUNTERS_MBX_RECEIVED = 4,
	/* Messages of an older generation, dropped or refused. */
	IAVF_A_COUNTERS_STALE = 5,
	/* Replies dropped because the owner did not read. */
	IAVF_A_COUNTERS_OVERRUN = 6,
	IAVF_A_COUNTERS_REQUESTS = 7,
	IAVF_A_COUNTERS_REQUESTS_FAILED = 8,
	/* Owners so far. */
	IAVF_A_COUNTERS_SESSIONS = 9,
	/* How long the last reset took, from noticing it to a working mailbox. */
	IAVF_A_COUNTERS_RESET_US = 10,
	/* Stops in which the PF did not confirm and bus mastering had to be cut. */
	IAVF_A_COUNTERS_UNPROVEN_STOPS = 11,

	__IAVF_A_COUNTERS_MAX,
	IAVF_A_COUNTERS_MAX = (__IAVF_A_COUNTERS_MAX - 1)
};

enum {
	IAVF_A_SESSION_ABI = 1,
	/* The session descriptor, close-on-exec, in the caller's table. */
	IAVF_A_SESSION_FD = 2,
	/* Take the session over from a living owner; on a person's word only. */
	IAVF_A_SESSION_FORCE = 3,
	/* What this module can do beyond abi. */
	IAVF_A_SESSION_CAPABILITIES = 4,
	IAVF_A_SESSION_PAD = 5,

	__IAVF_A_SESSION_MAX,
	IAVF_A_SESSION_MAX = (__IAVF_A_SESSION_MAX - 1)
};

/* Messages of the session descriptor. */
enum {
	/* Instance id. */
	IAVF_A_MSG_VF = 1,
	IAVF_A_MSG_GENERATION = 2,
	/*
	 * mbx-send: chosen by the owner, per VF, each greater than that of the last one
	 * accepted. mbx-recv, vf-log: given by the kernel, per VF.
	 */
	IAVF_A_MSG_SEQ = 3,
	IAVF_A_MSG_OPCODE = 4,
	/* What the PF answered. */
	IAVF_A_MSG_STATUS = 5,
	IAVF_A_MSG_PAYLOAD = 6,
	/* For the opcodes whose payload belongs to the kernel (6, 8, 9). */
	IAVF_A_MSG_VSI_ID = 7,
	IAVF_A_MSG_COVERS_SEND = 8,
	IAVF_A_MSG_COVERS_RECV = 9,
	IAVF_A_MSG_RECORD = 10,
	/* Snapshot in vf-add and netdev-ready, what changed in changed. */
	IAVF_A_MSG_STATE = 11,
	IAVF_A_MSG_RESET_STEP = 12,
	IAVF_A_MSG_RESET_CAUSE = 13,
	/* Request id, unique while the module is loaded. */
	IAVF_A_MSG_REQUEST = 14,
	IAVF_A_MSG_KIND = 15,
	/* Positive errno as user space knows them, 0 for success. */
	IAVF_A_MSG_ERRNO = 16,
	IAVF_A_MSG_MESSAGE = 17,
	IAVF_A_MSG_MAC = 18,
	IAVF_A_MSG_TPID = 19,
	IAVF_A_MSG_VID = 20,
	IAVF_A_MSG_MTU = 21,
	IAVF_A_MSG_FEATURES = 22,
	IAVF_A_MSG_FEATURES_WANTED = 23,
	IAVF_A_MSG_MAX_MTU = 24,
	/* Queue pairs. */
	IAVF_A_MSG_QUEUES = 25,
	IAVF_A_MSG_MAX_VECTORS = 26,
	IAVF_A_MSG_TX_TAG = 27,
	IAVF_A_MSG_RX_TAG = 28,
	/* How many non-zero VLANs the PF takes; absent when unknown. */
	IAVF_A_MSG_VLAN_BUDGET = 29,
	/* Policy; absent means every id. */
	IAVF_A_MSG_VLAN_CTAG_ALLOWED = 30,
	IAVF_A_MSG_VLAN_STAG_ALLOWED = 31,
	/* In vf-log, the entry was sent by the owner; else it was received. */
	IAVF_A_MSG_SENT = 32,
	/* In vf-record, no record was ever set; the other attributes are absent then. */
	IAVF_A_MSG_LAST = 33,
	/* In vf-commit, the reason why the VF is degraded; absent when it is not. */
	IAVF_A_MSG_DEGRADED = 34,
	/* In vf-commit, the key that the PF acknowledged, for ethtool; absent when it did not. */
	IAVF_A_MSG_RSS_KEY = 35,
	/* The same of the table, a queue number in each byte. */
	IAVF_A_MSG_RSS_LUT = 36,
	/*
	 * In reply to stats, what the PF counted since it built the VF: received bytes,
	 * unicast, multicast, broadcast, discards, unknown protocol; sent bytes, unicast,
	 * multicast, broadcast, discards, errors. 64 bits each, host byte order.
	 */
	IAVF_A_MSG_STATS = 37,
	/* In vf-commit, what is known of the PF, for ethtool -i. */
	IAVF_A_MSG_PF = 38,
	/* In vf-commit, what is granted, on, and cannot be switched. */
	IAVF_A_MSG_FEATURES_FIXED = 39,
	/* In vf-commit, what has to be on from now on, though a user switched it off. */
	IAVF_A_MSG_FEATURES_ON = 40,
	/*
	 * Where they differ from tx-queues, the pairs that both have come first, and queues is
	 * the larger number.
	 */
	IAVF_A_MSG_RX_QUEUES = 41,
	IAVF_A_MSG_TX_QUEUES = 42,
	/*
	 * In vf-commit, queue pairs that the PF may be asked for (more-queues); an owner that
	 * gives it serves queues without a pair.
	 */
	IAVF_A_MSG_POSSIBLE_QUEUES = 43,
	IAVF_A_MSG_RSS_HFUNC = 44,
	/* In vf-commit, what the device hashes of each rss-flow, a byte of rss-fields each. */
	IAVF_A_MSG_RSS_FLOWS = 45,
	IAVF_A_MSG_RSS_FLOW = 46,
	IAVF_A_MSG_RSS_FIELDS = 47,
	/* The same as in the state, in open and reconfigure. */
	IAVF_A_MSG_RSS_CONFIGURED = 48,
	/*
	 * In vf-commit, the PF leaves RSS to the registers of the VF: they get rss-key, rss-
	 * lut and, as the enables of the hash, this.
	 */
	IAVF_A_MSG_RSS_HENA = 49,
	/* In vf-commit; absent means hold. */
	IAVF_A_MSG_ON_ABSENCE = 50,
	IAVF_A_MSG_GRACE_MS = 51,

	__IAVF_A_MSG_MAX,
	IAVF_A_MSG_MAX = (__IAVF_A_MSG_MAX - 1)
};

enum {
	/* State of one VF (by id or pci) or of all. */
	IAVF_CMD_VF_GET = 1,
	/* The same on change; a VF that went has no state attribute. */
	IAVF_CMD_VF_NTF = 2,
	/* Become the owner. EBUSY when there is one. */
	IAVF_CMD_SESSION_OPEN = 3,
	/* Mirror of the mailbox. */
	IAVF_CMD_TRACE_NTF = 4,
	/* A VF; state is a snapshot. Followed by vf-record, vf-log ..., vf-sync. */
	IAVF_CMD_VF_ADD = 16,
	/* The VF is gone; its requests were answered with ENODEV. */
	IAVF_CMD_VF_DEL = 17,
	/* The owner's checkpoint, as it was set. */
	IAVF_CMD_VF_RECORD = 18,
	/* One message since the record was set, in order. */
	IAVF_CMD_VF_LOG = 19,
	/* Record and log of this VF are complete; what follows is live. */
	IAVF_CMD_VF_SYNC = 20,
	/* A message of the PF, but events. */
	IAVF_CMD_MBX_RECV = 21,
	/* The kernel saw a reset begin or end. */
	IAVF_CMD_RESET = 22,
	/* A user waits for an answer. */
	IAVF_CMD_REQUEST = 23,
	/* Nobody waits any more (a deadline passed or the caller was killed). */
	IAVF_CMD_REQUEST_CANCEL = 24,
	/* What users changed without waiting; coalesced, always the whole of each attribute. */
	IAVF_CMD_CHANGED = 25,
	/*
	 * The netdev asked for by netdev-create is registered, or errno says why not; state is
	 * a snapshot.
	 */
	IAVF_CMD_NETDEV_READY = 26,
	/* The owner works on the request; stops the accept clock. */
	IAVF_CMD_ACCEPT = 32,
	/* The verdict on a request. */
	IAVF_CMD_REPLY = 33,
	/* Send a message to the PF. */
	IAVF_CMD_MBX_SEND = 34,
	/* Register the netdev; answered by netdev-ready. */
	IAVF_CMD_NETDEV_CREATE = 35,
	/*
	 * The PF changed something under the netdev; or its configuration did, and the netdev
	 * is where only the kernel reaches it (mtu).
	 */
	IAVF_CMD_NETDEV_UPDATE = 36,
	/* Limits and grants; all of them, each time. */
	IAVF_CMD_VF_COMMIT = 37,
	/* Ask the PF to reset the VF (RESET_VF). */
	IAVF_CMD_VF_RESET = 38,
	/* Store a checkpoint; the log up to covers is dropped. */
	IAVF_CMD_RECORD_SET = 39,

	__IAVF_CMD_MAX,
	IAVF_CMD_MAX = (__IAVF_CMD_MAX - 1)
};

#define IAVF_MCGRP_STATE	"state"
#define IAVF_MCGRP_TRACE	"trace"

#endif /* _UAPI_LINUX_IAVF_NETLINK_H */
