// SPDX-License-Identifier: GPL-2.0-or-later
/* Answers of the PF, which may be hostile, and our own requests as a log returns them. */
#include <endian.h>
#include <errno.h>
#include <string.h>

#include "codec.h"

#define MAX_VLANS	(2 * 4094)	/* of both types */

int virtchnl_get_version(const void *msg, size_t len, struct virtchnl_version *version)
{
	const struct virtchnl_version_info *info = msg;

	if (len != sizeof(*info))
		return -EPROTO;
	version->major = le32toh(info->major);
	version->minor = le32toh(info->minor);
	return 0;
}

/* MTU, or 0 for a limit no Ethernet can work with. */
static uint16_t mtu_of(uint16_t max_frame)
{
	unsigned int mtu = max_frame - VIRTCHNL_FRAME_OVERHEAD;

	if (!max_frame)
		return VIRTCHNL_DEFAULT_MTU;
	if (max_frame < VIRTCHNL_MIN_MTU + VIRTCHNL_FRAME_OVERHEAD)
		return 0;
	return mtu < VIRTCHNL_MAX_MTU ? mtu : VIRTCHNL_MAX_MTU;
}

static void decode_rss(const struct virtchnl_vf_resource *msg, struct virtchnl_resources *res)
{
	uint32_t key = le32toh(msg->rss_key_size), lut = le32toh(msg->rss_lut_size);

	if (!(res->caps & VIRTCHNL_CAP_RSS_PF)) {
		/* In registers there is room for so much. */
		if (res->caps & VIRTCHNL_CAP_RSS_REG) {
			res->rss_key = VIRTCHNL_RSS_KEY_SIZE;
			res->rss_lut = VIRTCHNL_RSS_LUT_REGISTERS;
		}
		return;
	}
	if (key != VIRTCHNL_RSS_KEY_SIZE || !lut || lut > VIRTCHNL_MAX_LUT) {
		res->caps &= ~(VIRTCHNL_CAP_RSS_PF | VIRTCHNL_CAP_RSS_REG);
		return;
	}
	res->rss_key = key;
	res->rss_lut = lut;
}

static bool numbers_ok(const struct virtchnl_resources *res)
{
	return res->queues && res->queues <= VIRTCHNL_MAX_QUEUES && res->vectors >= 2 &&
	       res->vectors <= VIRTCHNL_MAX_VECTORS && res->mtu >= VIRTCHNL_MIN_MTU &&
	       res->mtu <= VIRTCHNL_MAX_MTU;
}

static bool rss_ok(const struct virtchnl_resources *res)
{
	if (!(res->caps & (VIRTCHNL_CAP_RSS_PF | VIRTCHNL_CAP_RSS_REG)))
		return !res->rss_key && !res->rss_lut;
	if (res->rss_key != VIRTCHNL_RSS_KEY_SIZE || !res->rss_lut)
		return false;
	return res->caps & VIRTCHNL_CAP_RSS_PF ? res->rss_lut <= VIRTCHNL_MAX_LUT :
						 res->rss_lut == VIRTCHNL_RSS_LUT_REGISTERS;
}

bool virtchnl_resources_ok(const struct virtchnl_resources *res)
{
	return numbers_ok(res) && rss_ok(res);
}

int virtchnl_get_resources(const void *data, size_t len, uint32_t asked,
			   struct virtchnl_resources *result)
{
	const struct virtchnl_vf_resource *msg = data;
	const struct virtchnl_vsi_resource *vsi;
	struct virtchnl_resources res = { 0 };
	unsigned int vsi_queues, vsis;

	if (len < sizeof(*msg) + sizeof(*vsi))
		return -EPROTO;
	vsis = le16toh(msg->num_vsis);
	if (!vsis || len < sizeof(*msg) + vsis * sizeof(*vsi))
		return -EPROTO;
	vsi = &msg->vsi_res[0];
	res.caps = le32toh(msg->vf_cap_flags) & asked;
	res.vsi_id = le16toh(vsi->vsi_id);
	res.queues = le16toh(msg->num_queue_pairs);
	vsi_queues = le16toh(vsi->num_queue_pairs);
	if (vsi_queues < res.queues)
		res.queues = vsi_queues;
	res.vectors = le16toh(msg->max_vectors);
	res.mtu = mtu_of(le16toh(msg->max_mtu));
	if (!numbers_ok(&res))
		return -EPROTO;
	decode_rss(msg, &res);
	if (!(vsi->default_mac_addr[0] & 1))
		memcpy(res.mac, vsi->default_mac_addr, sizeof(res.mac));
	*result = res;
	return 0;
}

int virtchnl_get_vlan_abilities(const void *data, size_t len, struct virtchnl_vlan_abilities *vlan)
{
	const struct virtchnl_vlan_caps *msg = data;
	uint16_t max;

	if (len != sizeof(*msg))
		return -EPROTO;
	max = le16toh(msg->filtering.max_filters);
	*vlan = (struct virtchnl_vlan_abilities) {
		.filter_outer = le32toh(msg->filtering.filtering_support.outer),
		.filter_inner = le32toh(msg->filtering.filtering_support.inner),
		.strip_outer = le32toh(msg->offloads.stripping_support.outer),
		.strip_inner = le32toh(msg->offloads.stripping_support.inner),
		.insert_outer = le32toh(msg->offloads.insertion_support.outer),
		.insert_inner = le32toh(msg->offloads.insertion_support.inner),
		.offload_init = le32toh(msg->offloads.ethertype_init),
		.max_filters = max < MAX_VLANS ? max : MAX_VLANS,
		.strip_insert_free =
			msg->offloads.ethertype_match == VIRTCHNL_VLAN_STRIP_INSERT_FREE,
	};
	return 0;
}

int virtchnl_get_request_queues(const void *data, size_t len, uint16_t *pairs)
{
	struct virtchnl_vf_res_request msg;

	if (len != sizeof(msg))
		return -EPROTO;
	memcpy(&msg, data, sizeof(msg));
	*pairs = le16toh(msg.num_queue_pairs);
	return 0;
}

int virtchnl_get_rss_hena(const void *data, size_t len, uint64_t *hena)
{
	const struct virtchnl_rss_hena *msg = data;

	if (len != sizeof(*msg))
		return -EPROTO;
	*hena = le64toh(msg->hena);
	return 0;
}

int virtchnl_get_stats(const void *data, size_t len, struct virtchnl_eth_stats *stats)
{
	const uint8_t *from = data;
	uint8_t *to = (uint8_t *)stats;

	if (len != sizeof(*stats))
		return -EPROTO;
	for (size_t i = 0; i < sizeof(*stats); i += sizeof(uint64_t)) {
		uint64_t value;

		memcpy(&value, from + i, sizeof(value));
		value = le64toh(value);
		memcpy(to + i, &value, sizeof(value));
	}
	return 0;
}

/* Number of elements counted at offset 2, when the length agrees. */
static int count(const void *msg, size_t len, size_t base, size_t size, unsigned int max)
{
	uint16_t n;

	if (len < base)
		return -EPROTO;
	memcpy(&n, (const uint8_t *)msg + 2, sizeof(n));
	n = le16toh(n);
	if (!n || n > max || len != base + n * size)
		return -EPROTO;
	return n;
}

int virtchnl_num_macs(const void *msg, size_t len)
{
	return count(msg, len, virtchnl_len_ether_addr(0), sizeof(struct virtchnl_ether_addr),
		     VIRTCHNL_MACS_MAX);
}

const uint8_t *virtchnl_mac(const void *data, unsigned int i, uint8_t *type)
{
	const struct virtchnl_ether_addr_list *msg = data;

	*type = msg->list[i].type;
	return msg->list[i].addr;
}

int virtchnl_num_vlans(const void *msg, size_t len)
{
	return count(msg, len, virtchnl_len_vlan(0), sizeof(uint16_t), VIRTCHNL_VLANS_MAX);
}

uint16_t virtchnl_vlan_id(const void *data, unsigned int i)
{
	const struct virtchnl_vlan_filter_list *msg = data;

	return le16toh(msg->vlan_id[i]) & 0xfff;
}

int virtchnl_num_vlans_v2(const void *msg, size_t len)
{
	return count(msg, len, virtchnl_len_vlan_v2(0), sizeof(struct virtchnl_vlan_filter),
		     VIRTCHNL_VLANS_V2_MAX);
}

uint16_t virtchnl_vlan_v2_id(const void *data, unsigned int i, uint16_t *tpid)
{
	const struct virtchnl_vlan_filter_list_v2 *msg = data;
	const struct virtchnl_vlan_filter *filter = &msg->filters[i];
	const struct virtchnl_vlan *tag = filter->outer.tpid ? &filter->outer : &filter->inner;

	*tpid = le16toh(tag->tpid);
	return le16toh(tag->tci) & 0xfff;
}

/* base: the length of a message without bytes, which are from on. */
static int get_bytes(const void *msg, size_t len, size_t base, const uint8_t *from, uint8_t *to,
		     size_t size)
{
	int n = count(msg, len, base, 1, VIRTCHNL_MAX_LUT);

	if (n < 0 || (size_t)n > size)
		return -EPROTO;
	memcpy(to, from, n);
	return n;
}

int virtchnl_get_rss_key(const void *data, size_t len, uint8_t *key, size_t size)
{
	const struct virtchnl_rss_key *msg = data;

	return get_bytes(msg, len, virtchnl_len_rss_key(0), msg->key, key, size);
}

int virtchnl_get_rss_lut(const void *data, size_t len, uint8_t *lut, size_t size)
{
	const struct virtchnl_rss_lut *msg = data;

	return get_bytes(msg, len, virtchnl_len_rss_lut(0), msg->lut, lut, size);
}

static bool flow_ok(const struct virtchnl_rss_flow *flow)
{
	return (flow->l3 == VIRTCHNL_PROTO_IPV4 || flow->l3 == VIRTCHNL_PROTO_IPV6) &&
	       (flow->l4 == VIRTCHNL_PROTO_TCP || flow->l4 == VIRTCHNL_PROTO_UDP ||
		flow->l4 == VIRTCHNL_PROTO_SCTP) && flow->fields;
}

int virtchnl_get_rss_cfg(const void *data, size_t len, struct virtchnl_rss_flow *result)
{
	const struct virtchnl_rss_cfg *msg = data;
	const struct virtchnl_proto_hdr *hdr;
	struct virtchnl_rss_flow flow = { 0 };

	if (len != sizeof(*msg) || le32toh(msg->proto_hdrs.count) != 2)
		return -EPROTO;
	hdr = msg->proto_hdrs.proto_hdr;
	flow.l3 = le32toh(hdr[0].type);
	flow.l4 = le32toh(hdr[1].type);
	flow.fields = (le32toh(hdr[0].field_selector) & 3) |
		      (le32toh(hdr[1].field_selector) & 3) << 2;
	flow.symmetric = le32toh(msg->rss_algorithm) == VIRTCHNL_RSS_TOEPLITZ_SYMMETRIC;
	if (!flow_ok(&flow))
		return -EPROTO;
	*result = flow;
	return 0;
}

int virtchnl_get_caps_asked(const void *msg, size_t len, uint32_t *caps)
{
	uint32_t le;

	if (len != sizeof(le))
		return -EPROTO;
	memcpy(&le, msg, sizeof(le));
	*caps = le32toh(le);
	return 0;
}
