// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The codec. First byte below 128: the rest is a message, which every decoder gets, and what they
 * make of it is encoded and decoded again. Otherwise the rest are arguments of an encoder, and the
 * decoder must give them back. Messages and buffers end exactly where they say.
 */
#include <errno.h>
#include <stdlib.h>

#include "bytes.h"
#include "program.h"
#include "virtchnl/codec.h"
#include "virtchnl/fields.h"
#include "virtchnl/names.h"

#define MUST(cond) do {				\
	if (!(cond))				\
		fuzz_wrong("%s", #cond);	\
} while (0)

#define MOST	2100	/* elements that encoders are asked for */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Answers of the PF */

static void resources(const void *msg, size_t len, uint32_t asked)
{
	struct virtchnl_resources res;

	if (virtchnl_get_resources(msg, len, asked, &res))
		return;
	MUST(!(res.caps & ~asked));
	MUST(res.queues && res.queues <= VIRTCHNL_MAX_QUEUES);
	MUST(res.vectors >= 2 && res.vectors <= VIRTCHNL_MAX_VECTORS);
	MUST(res.mtu >= VIRTCHNL_MIN_MTU && res.mtu <= VIRTCHNL_MAX_MTU);
	MUST(!res.rss_key || res.rss_key == VIRTCHNL_RSS_KEY_SIZE);
	MUST(res.rss_lut <= VIRTCHNL_MAX_LUT && !res.rss_key == !res.rss_lut);
	MUST(!(res.caps & VIRTCHNL_CAP_RSS_PF) || res.rss_lut);
	MUST(!(res.mac[0] & 1));
	MUST(virtchnl_resources_ok(&res));
}

static void answers(const void *msg, size_t len, uint32_t asked)
{
	struct virtchnl_vlan_abilities vlan;
	struct virtchnl_version version;
	struct virtchnl_eth_stats stats;
	uint64_t hena;
	uint32_t caps;
	uint16_t pairs;

	resources(msg, len, asked);
	MUST(virtchnl_get_version(msg, len, &version) == (len == 8 ? 0 : -EPROTO));
	if (!virtchnl_get_vlan_abilities(msg, len, &vlan))
		MUST(vlan.max_filters <= 8188);
	MUST(virtchnl_get_request_queues(msg, len, &pairs) == (len == 2 ? 0 : -EPROTO));
	MUST(virtchnl_get_rss_hena(msg, len, &hena) == (len == 8 ? 0 : -EPROTO));
	MUST(virtchnl_get_stats(msg, len, &stats) == (len == 96 ? 0 : -EPROTO));
	MUST(virtchnl_get_caps_asked(msg, len, &caps) == (len == 4 ? 0 : -EPROTO));
}

/* Requests, as a log has them */

static void macs(const void *msg, size_t len)
{
	int n = virtchnl_num_macs(msg, len);
	uint8_t list[VIRTCHNL_MACS_MAX * 6], again[VIRTCHNL_MSG_MAX], type, first = 0;

	for (int i = 0; i < n; i++)
		memcpy(list + 6 * i, virtchnl_mac(msg, i, i ? &type : &first), 6);
	if (n <= 0)
		return;
	MUST(virtchnl_put_macs(again, sizeof(again), 1, first, list, n) == len);
	MUST(virtchnl_num_macs(again, len) == n);
	for (int i = 0; i < n; i++)
		MUST(!memcmp(virtchnl_mac(again, i, &type), list + 6 * i, 6) && type == first);
}

static void vlans(const void *msg, size_t len)
{
	uint16_t vids[VIRTCHNL_VLANS_MAX];
	uint8_t again[VIRTCHNL_MSG_MAX];
	int n = virtchnl_num_vlans(msg, len);

	for (int i = 0; i < n; i++) {
		vids[i] = virtchnl_vlan_id(msg, i);
		MUST(vids[i] < 4096);
	}
	if (n <= 0)
		return;
	MUST(virtchnl_put_vlans(again, sizeof(again), 1, vids, n) == len);
	for (int i = 0; i < n; i++)
		MUST(virtchnl_vlan_id(again, i) == vids[i]);
}

static void vlans_v2(const void *msg, size_t len)
{
	uint16_t vids[VIRTCHNL_VLANS_V2_MAX], tpid;
	uint8_t again[VIRTCHNL_MSG_MAX];
	int n = virtchnl_num_vlans_v2(msg, len);

	for (int i = 0; i < n; i++) {
		vids[i] = virtchnl_vlan_v2_id(msg, i, &tpid);
		MUST(vids[i] < 4096);
	}
	for (int outer = 0; n > 0 && outer < 2; outer++) {
		MUST(virtchnl_put_vlans_v2(again, sizeof(again), 1, outer, 0x88a8, vids, n) == len);
		MUST(virtchnl_num_vlans_v2(again, len) == n);
		for (int i = 0; i < n; i++) {
			MUST(virtchnl_vlan_v2_id(again, i, &tpid) == vids[i]);
			MUST(tpid == 0x88a8);
		}
	}
}

/* Into a buffer that is as large as the size that is told. */
static void rss(const void *msg, size_t len, size_t size)
{
	uint8_t *to = malloc(size + 1), again[VIRTCHNL_MSG_MAX], *back = malloc(size + 1);
	int n = virtchnl_get_rss_key(msg, len, to, size);

	MUST(n <= (int)size);
	if (n > 0) {
		MUST(virtchnl_put_rss_key(again, sizeof(again), 1, to, n) == len);
		MUST(virtchnl_get_rss_key(again, len, back, size) == n && !memcmp(to, back, n));
	}
	n = virtchnl_get_rss_lut(msg, len, to, size);
	MUST(n <= (int)size);
	if (n > 0) {
		MUST(virtchnl_put_rss_lut(again, sizeof(again), 1, to, n) == len);
		MUST(virtchnl_get_rss_lut(again, len, back, size) == n && !memcmp(to, back, n));
	}
	free(to);
	free(back);
}

static void rss_cfg(const void *msg, size_t len)
{
	struct virtchnl_rss_flow flow, back;
	uint8_t again[VIRTCHNL_MSG_MAX];

	if (virtchnl_get_rss_cfg(msg, len, &flow))
		return;
	MUST(virtchnl_put_rss_cfg(again, sizeof(again), &flow) == len);
	MUST(!virtchnl_get_rss_cfg(again, len, &back));
	MUST(flow.l3 == back.l3 && flow.l4 == back.l4 && flow.fields == back.fields &&
	     flow.symmetric == back.symmetric);
}

/* What is put has a name; nothing is put of a message that is none. */
static void count_field(void *ctx, const struct virtchnl_field *field)
{
	MUST(*field->key);
	MUST(!field->text || *field->text);
	++*(unsigned int *)ctx;
}

static void fields(const void *msg, size_t len, uint32_t op)
{
	unsigned int count = 0;
	struct virtchnl_sink sink = { &count, count_field };

	for (int sent = 0; sent < 2; sent++) {
		count = 0;
		if (virtchnl_fields(op & 0xff, sent, msg, len, &sink))
			MUST(!count);
	}
}

static void words(uint32_t op, int32_t status, size_t size)
{
	char *text = malloc(size + 1);
	int err = virtchnl_errno(op, status);

	MUST(status ? err < 0 && err >= -4095 : !err);
	virtchnl_sentence(text, size, op, status);
	MUST(!size || memchr(text, 0, size));
	if (virtchnl_op_name(op))
		MUST(virtchnl_op_from_name(virtchnl_op_name(op)) == op);
	free(text);
}

static void decode(struct bytes *in)
{
	uint32_t asked = take(in, 4);
	size_t len = in->left;
	uint8_t *msg = malloc(len + !len);

	memcpy(msg, in->at, len);
	answers(msg, len, asked);
	macs(msg, len);
	vlans(msg, len);
	vlans_v2(msg, len);
	rss(msg, len, asked & 0x3ff);
	rss_cfg(msg, len);
	fields(msg, len, asked);
	words(asked, (int32_t)take(in, 4), 81 - (asked >> 16) % 81);
	free(msg);
}

/* Encoders */

static size_t encode(struct bytes *in, unsigned int which, uint8_t *buf, size_t size)
{
	unsigned int a = take(in, 2), b = take(in, 2), c = take(in, 2), n = a % MOST;
	struct virtchnl_rss_flow flow = { a, b, c, c & 1 };
	uint16_t vids[MOST] = { 0 };
	uint8_t list[6 * MOST] = { 0 };
	size_t some = in->left < sizeof(list) ? in->left : sizeof(list);

	memcpy(list, in->at, some);
	memcpy(vids, in->at, some < sizeof(vids) ? some : sizeof(vids));
	switch (which % 15) {
	case 0:
		return virtchnl_put_version(buf, size);
	case 1:
		return virtchnl_put_get_resources(buf, size, a << 16 | b);
	case 2:
		return virtchnl_put_irq_map(buf, size, a, a % 20, b % 20, c % 24);
	case 3:
		return virtchnl_put_request_queues(buf, size, a % 300);
	case 4:
		return virtchnl_put_macs(buf, size, b, c, list, n);
	case 5:
		return virtchnl_put_vlans(buf, size, b, vids, n);
	case 6:
		return virtchnl_put_vlans_v2(buf, size, b, c & 1, 0x8100, vids, n);
	case 7:
		return virtchnl_put_vlan_setting(buf, size, a, b, c);
	case 8:
		return virtchnl_put_promisc(buf, size, a, b & 1, c & 1);
	case 9:
		return virtchnl_put_rss_key(buf, size, b, list, n);
	case 10:
		return virtchnl_put_rss_lut(buf, size, b, list, n);
	case 11:
		return virtchnl_put_rss_hena(buf, size, (uint64_t)a << 48 | b);
	case 12:
		return virtchnl_put_rss_hfunc(buf, size, a, b & 1);
	case 13:
		return virtchnl_put_rss_cfg(buf, size, &flow);
	default:
		return virtchnl_put_get_stats(buf, size, a);
	}
}

static void encode_all(struct bytes *in)
{
	unsigned int which = take(in, 1);
	size_t size = take(in, 2) % (VIRTCHNL_MSG_MAX + 10), len;
	uint8_t *buf = malloc(size + 1);
	struct bytes message;

	len = encode(in, which, buf, size);
	MUST(len <= size && len <= VIRTCHNL_MSG_MAX);
	message = (struct bytes) { buf, len };
	if (len >= 4)
		decode(&message);
	free(buf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size };

	if (take(&in, 1) < 128)
		decode(&in);
	else
		encode_all(&in);
	return 0;
}
