/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The PF model: what the physical function's driver (ice) does for its VFs.
 *
 * Pure: bytes in, bytes and hardware orders out. No I/O, no threads, no clock
 * of its own (time comes in as an argument, in nanoseconds), no globals, so that
 * the daemon's logic can be tested against it in one process.
 *
 * The caller owns the hardware. It hands mailbox messages in with pf_receive(),
 * lets time pass with pf_run(), and carries out what arrives in struct pf_hw.
 *
 * Source of the behaviour: protocol.md sections 3 to 5, 8 and 9.
 */
#ifndef AVFSIM_PF_H
#define AVFSIM_PF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PF_MAX_VFS	64
#define PF_MAX_QUEUES	16	/* queue pairs of one VF */
#define PF_MAX_VECTORS	17	/* MSI-X of one VF, mailbox included */
#define PF_MSG_MAX	4096	/* bytes of one mailbox buffer */
#define PF_RSS_KEY_SIZE	52
#define PF_RSS_LUT_SIZE	64
#define PF_MAX_MACS	512
#define PF_NO_DEADLINE	UINT64_MAX

struct pf;
struct faults;

enum pf_reset_kind {
	PF_RESET_SILENT,	/* like a PF reset or VFLR: no message */
	PF_RESET_ANNOUNCED,	/* EVENT RESET_IMPENDING first */
	PF_RESET_BY_VF,		/* RESET_VF (op 2) arrived */
	PF_RESET_FLR,		/* the function was reset by its config space */
};

/* A Tx or Rx queue context as the PF programs it into the hardware (op 6). */
struct pf_txq {
	uint64_t ring;		/* DMA address, 128-byte aligned */
	uint16_t len;		/* descriptors; 0 = not configured */
};

struct pf_rxq {
	uint64_t ring;
	uint16_t len;
	uint16_t buf_size;	/* bytes the device may write per descriptor */
	uint32_t max_pkt;	/* longest frame, without FCS */
	uint8_t rxdid;		/* 1 legacy 32-byte */
	bool keep_crc;
};

/* One 802.1Q/802.1ad filter; tpid 0 = no such tag. */
struct pf_vlan {
	uint16_t outer_tpid, outer_id;
	uint16_t inner_tpid, inner_id;
};

struct pf_vlan_offload {	/* what the VSI does with a tag of this TPID; 0 = nothing */
	uint16_t strip_tpid;	/* outer strip: tag goes to L2TAG2_2 */
	uint16_t insert_tpid;	/* outer insert: tag comes from the context descriptor */
	bool inner_strip;	/* inner 8100: tag goes to L2TAG1 */
	bool inner_insert;	/* inner 8100: tag comes from the data descriptor */
};

enum pf_rss_flow {
	PF_RSS_TCP4, PF_RSS_UDP4, PF_RSS_SCTP4, PF_RSS_TCP6, PF_RSS_UDP6, PF_RSS_SCTP6,
	PF_RSS_FLOWS,
};

enum pf_rss_field {
	PF_RSS_SRC_IP = 1, PF_RSS_DST_IP = 2, PF_RSS_SRC_PORT = 4, PF_RSS_DST_PORT = 8,
};

struct pf_stats {		/* order of virtchnl eth_stats */
	uint64_t rx_bytes, rx_unicast, rx_multicast, rx_broadcast, rx_discards, rx_unknown_protocol;
	uint64_t tx_bytes, tx_unicast, tx_multicast, tx_broadcast, tx_discards, tx_errors;
};

/*
 * The VSI of a VF: everything that the hardware and the switch must know of
 * it. The PF writes it, others read it through pf_vsi(); only .stats is
 * counted from outside, by the switch.
 */
struct pf_vsi {
	bool enabled;			/* false during a reset and before GET_VF_RESOURCES */
	bool link_up;
	uint16_t num_queues;
	uint16_t num_vectors;
	struct pf_txq txq[PF_MAX_QUEUES];
	struct pf_rxq rxq[PF_MAX_QUEUES];
	uint8_t rxq_vector[PF_MAX_QUEUES], txq_vector[PF_MAX_QUEUES];	/* 0 = none mapped */
	uint8_t rxq_itr[PF_MAX_QUEUES], txq_itr[PF_MAX_QUEUES];
	uint8_t rss_key[PF_RSS_KEY_SIZE];
	uint8_t rss_lut[PF_RSS_LUT_SIZE];
	uint64_t rss_hena;
	uint8_t rss_fields[PF_RSS_FLOWS];	/* advanced RSS; 0: all, if rss_hena says so */
	bool rss_symmetric;
	bool rss_by_registers;		/* the VF writes key, table and hena itself (RSS_REG) */
	bool rss_plain[PF_RSS_FLOWS];	/* advanced RSS: not symmetric even so */
	uint8_t mac[6];			/* the VF's own address; zero until set */
	uint8_t macs[PF_MAX_MACS][6];	/* filters, own address included */
	unsigned int num_macs;
	uint8_t outer_vlan[3][4096 / 8];/* filter bitmaps for 8100, 88a8, 9100 (DVM) */
	uint8_t inner_vlan[4096 / 8];	/* filter bitmap for 8100 (SVM) */
	unsigned int num_vlans;		/* non-zero ones */
	bool single_vlan;		/* 0x8100 alone is a tag to the switch */
	bool vlan_pruning;		/* tagged frames without a filter are not received */
	bool vlan_antispoof;		/* nor sent, while spoof_check is on */
	bool unicast_promisc, multicast_promisc;
	bool spoof_check;
	bool trusted;
	struct pf_vlan port_vlan;	/* outer_tpid 0 = none; the guest never sees it */
	struct pf_vlan_offload vlan;
	struct pf_stats stats;
};

/* Orders to the hardware of one VF. All are carried out before they return. */
struct pf_hw {
	void *ctx;
	/* Put a message into the VF's receive queue. */
	void (*send)(void *ctx, unsigned int vf, uint32_t opcode, int32_t status,
		     const void *payload, size_t len);
	/*
	 * Queue contexts are in pf_vsi. As on ice a Tx queue is live as soon as
	 * op 6 programmed it; an Rx queue when op 8 enables it.
	 */
	void (*txq_start)(void *ctx, unsigned int vf, unsigned int queue);
	void (*rxq_start)(void *ctx, unsigned int vf, unsigned int queue);
	void (*txq_stop)(void *ctx, unsigned int vf, unsigned int queue);
	void (*rxq_stop)(void *ctx, unsigned int vf, unsigned int queue);
	/* The function goes dead: queues stop, mailbox enables read 0, RSTAT 0. */
	void (*reset_begin)(void *ctx, unsigned int vf, enum pf_reset_kind kind);
	/* The PF rebuilt the VSI: RSTAT reads VFACTIVE. */
	void (*reset_done)(void *ctx, unsigned int vf);
	/*
	 * One message passed (both directions), after the faults were applied:
	 * for the transcript. fault is a short word ("drop", "refuse" ...) or NULL.
	 */
	void (*trace)(void *ctx, unsigned int vf, bool from_vf, uint32_t opcode, int32_t status,
		      const void *payload, size_t len, const char *fault);
};

struct pf_config {
	const char *profile;		/* "ice-dvm"; all of them: pf_profile_name() */
	bool untrusted;
	unsigned int num_vfs;		/* 1..PF_MAX_VFS */
	unsigned int num_queues;	/* queue pairs a VF, 1..16; 0 = profile's default */
	uint32_t link_mbps;		/* 0 = 25000 */
	uint16_t max_mtu;		/* frame limit as in vf_resource.max_mtu; 0 = 9728 */
	uint64_t msg_delay_ns;		/* time the PF spends on one message */
	uint64_t reset_ns;		/* from the trigger to VFACTIVE; 0 = 5 ms */
	uint64_t announce_ns;		/* from RESET_IMPENDING to the reset; 0 = 50 us */
};

/* Create. NULL with errno EINVAL (a config field is out of range), ENOENT (no such profile), ENOMEM. */
struct pf *pf_new(const struct pf_config *config, const struct pf_hw *hw, struct faults *faults);
void pf_free(struct pf *pf);

/*
 * One message of the VF, copied. Messages of a VF are served in order, each after
 * msg_delay_ns; more than 63 waiting marks the VF malicious until its reset, as ice does.
 */
void pf_receive(struct pf *pf, uint64_t now, unsigned int vf, uint32_t opcode,
		const void *payload, size_t len);

/* The function was reset through its PCIe capability. */
void pf_flr(struct pf *pf, uint64_t now, unsigned int vf);

/* Host side: reset a VF. */
void pf_reset(struct pf *pf, uint64_t now, unsigned int vf, enum pf_reset_kind kind);

/*
 * Another PF takes over, as if the host had loaded another driver: all that the host or a VF had
 * set is gone, and each VF is reset without a word. -ENOENT: no such profile.
 */
int pf_set_profile(struct pf *pf, uint64_t now, const char *profile, bool untrusted);
const char *pf_get_profile(const struct pf *pf);

/* Host side changes; each returns 0 or -errno and resets the VF where the real PF does. */
int pf_set_mac(struct pf *pf, uint64_t now, unsigned int vf, const uint8_t mac[6]);
int pf_set_trust(struct pf *pf, uint64_t now, unsigned int vf, bool trusted);
int pf_set_spoof_check(struct pf *pf, uint64_t now, unsigned int vf, bool on);
/* tpid 0: none. -EPROTONOSUPPORT: not a tag in this mode. */
int pf_set_port_vlan(struct pf *pf, uint64_t now, unsigned int vf, uint16_t tpid, uint16_t id);
int pf_set_link(struct pf *pf, uint64_t now, unsigned int vf, bool up, uint32_t mbps);
/* The longest frame: GET_VF_RESOURCES says it the next time, CONFIG_VSI_QUEUES is judged by it. */
int pf_set_max_frame(struct pf *pf, uint64_t now, unsigned int vf, uint16_t bytes);
/* Interrupt vectors, mailbox included; queues follow. */
int pf_set_vectors(struct pf *pf, uint64_t now, unsigned int vf, unsigned int num);
int pf_set_msg_delay(struct pf *pf, uint64_t delay_ns);
int pf_set_reset_time(struct pf *pf, uint64_t reset_ns);
/* What a VF can get by REQUEST_QUEUES, because others have the rest; 0: as the profile has it. */
int pf_set_max_queues(struct pf *pf, unsigned int pairs);

/* Serve what is due. Returns the time of the next thing to do, or PF_NO_DEADLINE. */
uint64_t pf_run(struct pf *pf, uint64_t now);

struct pf_vsi *pf_vsi(struct pf *pf, unsigned int vf);
unsigned int pf_num_vfs(const struct pf *pf);

/*
 * Violations of the protocol that a real PF would not notice but a correct driver never commits
 * (a reserved field set, more than 16 messages in flight, a ring beyond its limits...).
 * The callback gets a sentence; NULL leaves them only counted.
 */
void pf_on_violation(struct pf *pf, void (*fn)(void *ctx, unsigned int vf, const char *what), void *ctx);
uint64_t pf_violations(const struct pf *pf);

#endif
