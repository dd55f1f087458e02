// SPDX-License-Identifier: GPL-2.0-or-later
/* Requests to the PF. */
#include <endian.h>
#include <string.h>

#include "codec.h"

/* The message zeroed, so that pads are; NULL when it does not fit. */
static void *start(void *buf, size_t size, size_t len)
{
	if (len > size || len > VIRTCHNL_MSG_MAX)
		return NULL;
	return memset(buf, 0, len);
}

size_t virtchnl_put_version(void *buf, size_t size)
{
	struct virtchnl_version_info *msg = start(buf, size, sizeof(*msg));

	if (!msg)
		return 0;
	msg->major = htole32(VIRTCHNL_VERSION_MAJOR);
	msg->minor = htole32(VIRTCHNL_VERSION_MINOR);
	return sizeof(*msg);
}

size_t virtchnl_put_get_resources(void *buf, size_t size, uint32_t caps)
{
	uint32_t le = htole32(caps);

	if (!start(buf, size, sizeof(le)))
		return 0;
	memcpy(buf, &le, sizeof(le));
	return sizeof(le);
}

static uint16_t queues_of(unsigned int vector, unsigned int queues, unsigned int vectors)
{
	uint16_t map = 0;

	for (unsigned int q = vector - 1; q < queues; q += vectors - 1)
		map |= 1u << q;
	return map;
}

static void fill_vector(struct virtchnl_vector_map *map, uint16_t vsi, unsigned int vector,
			uint16_t rx_queues, uint16_t tx_queues)
{
	map->vsi_id = htole16(vsi);
	map->vector_id = htole16(vector);
	map->rxq_map = htole16(rx_queues);
	map->txq_map = htole16(tx_queues);
	map->rxitr_idx = htole16(0);
	map->txitr_idx = htole16(vector ? 1 : 0);
}

size_t virtchnl_put_irq_map(void *buf, size_t size, uint16_t vsi, unsigned int rx_queues,
			    unsigned int tx_queues, unsigned int vectors)
{
	unsigned int queues = rx_queues > tx_queues ? rx_queues : tx_queues;
	unsigned int used = vectors - 1 < queues ? vectors - 1 : queues;
	struct virtchnl_irq_map_info *msg;
	size_t len = virtchnl_len_irq_map(used + 1);

	if (!rx_queues || !tx_queues || queues > 16 || vectors < 2)
		return 0;
	msg = start(buf, size, len);
	if (!msg)
		return 0;
	msg->num_vectors = htole16(used + 1);
	for (unsigned int i = 0; i < used; i++)
		fill_vector(&msg->vecmap[i], vsi, i + 1, queues_of(i + 1, rx_queues, used + 1),
			    queues_of(i + 1, tx_queues, used + 1));
	fill_vector(&msg->vecmap[used], vsi, 0, 0, 0);
	return len;
}

size_t virtchnl_put_request_queues(void *buf, size_t size, unsigned int pairs)
{
	struct virtchnl_vf_res_request *msg = start(buf, size, sizeof(*msg));

	if (!msg || !pairs || pairs > VIRTCHNL_MAX_QUEUES)
		return 0;
	msg->num_queue_pairs = htole16(pairs);
	return sizeof(*msg);
}

size_t virtchnl_put_macs(void *buf, size_t size, uint16_t vsi, uint8_t type, const uint8_t *macs,
			 unsigned int n)
{
	struct virtchnl_ether_addr_list *msg;
	size_t len = virtchnl_len_ether_addr(n);

	if (!n || n > VIRTCHNL_MACS_MAX)
		return 0;
	msg = start(buf, size, len);
	if (!msg)
		return 0;
	msg->vsi_id = htole16(vsi);
	msg->num_elements = htole16(n);
	for (unsigned int i = 0; i < n; i++) {
		memcpy(msg->list[i].addr, macs + 6 * i, 6);
		msg->list[i].type = type;
	}
	return len;
}

size_t virtchnl_put_vlans(void *buf, size_t size, uint16_t vsi, const uint16_t *vids,
			  unsigned int n)
{
	struct virtchnl_vlan_filter_list *msg;
	size_t len = virtchnl_len_vlan(n);

	if (!n || n > VIRTCHNL_VLANS_MAX)
		return 0;
	msg = start(buf, size, len);
	if (!msg)
		return 0;
	msg->vsi_id = htole16(vsi);
	msg->num_elements = htole16(n);
	for (unsigned int i = 0; i < n; i++)
		msg->vlan_id[i] = htole16(vids[i]);
	return len;
}

size_t virtchnl_put_vlans_v2(void *buf, size_t size, uint16_t vsi, bool outer, uint16_t tpid,
			     const uint16_t *vids, unsigned int n)
{
	struct virtchnl_vlan_filter_list_v2 *msg;
	size_t len = virtchnl_len_vlan_v2(n);

	if (!n || n > VIRTCHNL_VLANS_V2_MAX)
		return 0;
	msg = start(buf, size, len);
	if (!msg)
		return 0;
	msg->vport_id = htole16(vsi);
	msg->num_elements = htole16(n);
	for (unsigned int i = 0; i < n; i++) {
		struct virtchnl_vlan *tag = outer ? &msg->filters[i].outer : &msg->filters[i].inner;

		tag->tci = htole16(vids[i]);
		tag->tpid = htole16(tpid);
	}
	return len;
}

size_t virtchnl_put_vlan_setting(void *buf, size_t size, uint16_t vsi, uint32_t outer,
				 uint32_t inner)
{
	struct virtchnl_vlan_setting *msg = start(buf, size, sizeof(*msg));

	if (!msg)
		return 0;
	msg->outer_ethertype_setting = htole32(outer);
	msg->inner_ethertype_setting = htole32(inner);
	msg->vport_id = htole16(vsi);
	return sizeof(*msg);
}

size_t virtchnl_put_promisc(void *buf, size_t size, uint16_t vsi, bool unicast, bool multicast)
{
	struct virtchnl_promisc_info *msg = start(buf, size, sizeof(*msg));

	if (!msg)
		return 0;
	msg->vsi_id = htole16(vsi);
	msg->flags = htole16((unicast ? VIRTCHNL_PROMISC_UNICAST : 0) |
			     (multicast ? VIRTCHNL_PROMISC_MULTICAST : 0));
	return sizeof(*msg);
}

size_t virtchnl_put_rss_key(void *buf, size_t size, uint16_t vsi, const uint8_t *key,
			    unsigned int n)
{
	struct virtchnl_rss_key *msg;
	size_t len = virtchnl_len_rss_key(n);

	if (!n)
		return 0;
	msg = start(buf, size, len);
	if (!msg)
		return 0;
	msg->vsi_id = htole16(vsi);
	msg->key_len = htole16(n);
	memcpy(msg->key, key, n);
	return len;
}

size_t virtchnl_put_rss_lut(void *buf, size_t size, uint16_t vsi, const uint8_t *table,
			    unsigned int entries)
{
	struct virtchnl_rss_lut *msg;
	size_t len = virtchnl_len_rss_lut(entries);

	if (!entries || entries > VIRTCHNL_MAX_LUT)
		return 0;
	msg = start(buf, size, len);
	if (!msg)
		return 0;
	msg->vsi_id = htole16(vsi);
	msg->lut_entries = htole16(entries);
	memcpy(msg->lut, table, entries);
	return len;
}

size_t virtchnl_put_rss_hena(void *buf, size_t size, uint64_t hena)
{
	struct virtchnl_rss_hena *msg = start(buf, size, sizeof(*msg));

	if (!msg)
		return 0;
	msg->hena = htole64(hena);
	return sizeof(*msg);
}

size_t virtchnl_put_rss_hfunc(void *buf, size_t size, uint16_t vsi, bool symmetric)
{
	struct virtchnl_rss_hfunc *msg = start(buf, size, sizeof(*msg));

	if (!msg)
		return 0;
	msg->vsi_id = htole16(vsi);
	msg->rss_algorithm = htole16(symmetric ? VIRTCHNL_RSS_TOEPLITZ_SYMMETRIC :
						 VIRTCHNL_RSS_TOEPLITZ);
	return sizeof(*msg);
}

/* Of each header the source is field 0, the destination field 1. */
size_t virtchnl_put_rss_cfg(void *buf, size_t size, const struct virtchnl_rss_flow *flow)
{
	struct virtchnl_rss_cfg *msg;

	if (!flow->fields || flow->fields > VIRTCHNL_RSS_ALL_FIELDS)
		return 0;
	msg = start(buf, size, sizeof(*msg));
	if (!msg)
		return 0;
	msg->proto_hdrs.count = htole32(2);
	msg->proto_hdrs.proto_hdr[0].type = htole32(flow->l3);
	msg->proto_hdrs.proto_hdr[0].field_selector = htole32(flow->fields & 3);
	msg->proto_hdrs.proto_hdr[1].type = htole32(flow->l4);
	msg->proto_hdrs.proto_hdr[1].field_selector = htole32(flow->fields >> 2);
	msg->rss_algorithm = htole32(flow->symmetric ? VIRTCHNL_RSS_TOEPLITZ_SYMMETRIC :
						       VIRTCHNL_RSS_TOEPLITZ);
	return sizeof(*msg);
}

size_t virtchnl_put_get_stats(void *buf, size_t size, uint16_t vsi)
{
	struct virtchnl_queue_select *msg = start(buf, size, sizeof(*msg));

	if (!msg)
		return 0;
	msg->vsi_id = htole16(vsi);
	return sizeof(*msg);
}
