/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Transmit offloads on one packet: checksums and segmentation, as the data and
 * context descriptors ask for them (protocol.md section 12.1). Pure.
 */
#ifndef AVFSIM_HW_TXOFF_H
#define AVFSIM_HW_TXOFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TX_MIN_MSS	64
#define TX_MAX_MSS	9668
#define TX_MAX_HEADER	512	/* all headers of a segmented packet */
#define TX_MAX_FRAME	9728

enum tx_ip { TX_IP_NONE, TX_IP_V6, TX_IP_V4, TX_IP_V4_CSUM };	/* IIPT and EIPT */
enum tx_l4 { TX_L4_NONE, TX_L4_TCP, TX_L4_SCTP, TX_L4_UDP };	/* L4T */
enum tx_tunnel { TX_TUNNEL_NONE, TX_TUNNEL_UDP, TX_TUNNEL_GRE };/* L4TUNT */

struct tx_offload {		/* all lengths in bytes */
	uint16_t mac_len;	/* outermost L2 header; tags to be inserted not included */
	uint16_t ip_len, l4_len;/* innermost headers */
	enum tx_ip ip;
	enum tx_l4 l4;
	enum tx_ip outer_ip;	/* TX_IP_NONE = no tunnel; here TX_IP_V6 is written as 1 too */
	uint16_t outer_ip_len;
	uint16_t nat_len;	/* from behind the outer IP header to the inner one */
	enum tx_tunnel tunnel;
	bool outer_ip_same_id;
	bool outer_udp_csum;
	bool tso;
	uint16_t mss;
	uint32_t tso_len;	/* payload without headers */
};

/* NULL, or a sentence on what the descriptors got wrong about this packet. */
const char *tx_offload_check(const struct tx_offload *o, const uint8_t *frame, size_t len);

/* Insert the checksums asked for. The frame passed tx_offload_check(). */
void tx_checksum(const struct tx_offload *o, uint8_t *frame, size_t len);

size_t tx_header_len(const struct tx_offload *o);
size_t tx_num_segments(const struct tx_offload *o);

/*
 * Build segment i into out (header + mss bytes of room), checksums included;
 * its length is returned. The frame passed tx_offload_check().
 */
size_t tx_segment(const struct tx_offload *o, const uint8_t *frame, size_t i, uint8_t *out);

#endif
