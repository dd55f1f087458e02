// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls of users, one at a time as under rtnl; kern_user_step() continues the one that waits. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "world.h"

#define DISABLE_NS	(200 * MS)
#define RESET_NS	(500 * MS)

static void tell(struct kern *k, unsigned long have)
{
	if (k->owner)
		k->changed |= have;
}

static bool start(struct kern *k, enum kern_user_op op)
{
	if (k->user.op != USER_NONE)
		return false;
	k->user = (struct kern_user) { .op = op, .request = -1, .answered = k->user.answered };
	return true;
}

static void end(struct kern *k, int err)
{
	k->user.op = USER_NONE;
	k->user.err = err;
	k->user.until = 0;
	k->user.answered++;
	world_note(k->w, "call ended: %d %s", err, k->user.message);
}

static void ask(struct kern *k, struct vf_request req)
{
	k->user.request = kern_request_start(k, &req);
}

/* 1 and *err when it is answered. */
static bool answered(struct kern *k, int *err, uint32_t *features)
{
	struct kern_request *r = &k->request[k->user.request];

	if (!r->done)
		return false;
	*err = r->err;
	if (features)
		*features = r->features;
	snprintf(k->user.message, sizeof(k->user.message), "%s", r->message);
	r->used = false;
	k->user.request = -1;
	return true;
}

static bool refused(int err)
{
	return err && err != -ENOTCONN && err != -ETIMEDOUT && err != -ECANCELED;
}

/* Stop the rings and prove it: stage by stage, true when done. */
static bool stop_rings(struct kern *k)
{
	struct kern_user *u = &k->user;

	k->rings.running = false;
	k->rings.configured = k->rings.enabled = false;
	if (!k->rings.exist || k->rings.state != KERN_EXPOSED) {
		u->until = 0;
		return true;
	}
	if (!u->until) {
		kern_disable_queues(k);
		u->until = k->w->now + DISABLE_NS;
		return false;
	}
	if (k->resetting)
		return false;	/* its proof comes */
	if (k->w->now < u->until && !k->refused && !k->distrust)
		return false;
	kern_reset_begin(k, IAVF_RESET_CAUSE_STOP);
	u->until = k->w->now + RESET_NS + 2000 * MS;
	return false;
}

bool kern_user_open(struct kern *k)
{
	if (!k->netdev || k->up || !start(k, USER_OPEN))
		return false;
	world_note(k->w, "user: open");
	k->up = true;
	kern_rings_new(k);
	if (!k->committed) {
		tell(k, VF_HAVE_FLAGS);
		end(k, 0);
		return true;
	}
	ask(k, (struct vf_request) {
		.kind = IAVF_REQUEST_KIND_OPEN, .rss_configured = k->rss.configured,
	});
	return true;
}

static void step_open(struct kern *k)
{
	struct kern_user *u = &k->user;

	if (u->stage == 0) {
		if (!answered(k, &u->failed_err, NULL))
			return;
		if (!refused(u->failed_err)) {
			tell(k, VF_HAVE_FLAGS);
			end(k, 0);
			return;
		}
		k->up = false;
		u->stage = 1;
	}
	if (!stop_rings(k))
		return;
	k->rings.exist = false;
	tell(k, VF_HAVE_FLAGS);
	end(k, u->failed_err);
}

bool kern_user_down(struct kern *k)
{
	if (!k->up || !start(k, USER_DOWN))
		return false;
	world_note(k->w, "user: down");
	k->up = false;
	kern_user_step(k);
	return true;
}

static void step_down(struct kern *k)
{
	if (!stop_rings(k))
		return;
	k->rings.exist = false;
	tell(k, VF_HAVE_FLAGS);
	end(k, 0);
}

uint32_t kern_pairs(const struct kern *k)
{
	return k->rx_queues > k->tx_queues ? k->rx_queues : k->tx_queues;
}

static uint32_t user_pairs(const struct kern_user *u)
{
	return u->rx_queues > u->tx_queues ? u->rx_queues : u->tx_queues;
}

/* The stack lets nobody have fewer queues than his table. */
static bool table_forbids(const struct kern *k, uint32_t queues)
{
	for (unsigned int i = 0; k->rss.configured && i < PF_RSS_LUT_SIZE; i++) {
		if (k->rss_lut[i] >= queues)
			return true;
	}
	return false;
}

static bool reconfigure(struct kern *k, uint32_t mtu, uint32_t rx_queues, uint32_t tx_queues)
{
	if (!k->netdev || !start(k, USER_MTU))
		return false;
	world_note(k->w, "user: mtu %u queues %u/%u", mtu, rx_queues, tx_queues);
	k->user.old_mtu = k->mtu;
	k->user.old_rx_queues = k->rx_queues;
	k->user.old_tx_queues = k->tx_queues;
	k->user.mtu = mtu;
	k->user.rx_queues = rx_queues;
	k->user.tx_queues = tx_queues;
	return true;
}

bool kern_user_mtu(struct kern *k, uint32_t mtu, uint32_t queues)
{
	if (queues && table_forbids(k, queues))
		return false;
	if (!reconfigure(k, mtu ? mtu : k->mtu, queues ? queues : k->rx_queues,
			 queues ? queues : k->tx_queues))
		return false;
	kern_user_step(k);
	return true;
}

bool kern_user_channels(struct kern *k, uint32_t rx_queues, uint32_t tx_queues)
{
	if (table_forbids(k, rx_queues) || !reconfigure(k, k->mtu, rx_queues, tx_queues))
		return false;
	kern_user_step(k);
	return true;
}

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* As the work that applies limits does it: the owner said so, it is not asked. */
void kern_shrink(struct kern *k)
{
	if (!reconfigure(k, least(k->mtu, k->max_mtu), least(k->rx_queues, k->commit.queues),
			 least(k->tx_queues, k->commit.queues)))
		return;
	k->user.prepared = true;
	kern_user_step(k);
}

/* More than is granted: true when there is no need, or they were given. */
static bool more(struct kern *k)
{
	struct kern_user *u = &k->user;
	int err;

	if (u->more)
		return true;
	if (u->request < 0) {
		u->more = user_pairs(u) <= k->commit.queues;
		if (u->more)
			return true;
		ask(k, (struct vf_request) {
			.kind = IAVF_REQUEST_KIND_MORE_QUEUES, .queues = user_pairs(u),
		});
		return false;
	}
	if (!answered(k, &err, NULL))
		return false;
	u->more = !err;
	if (err)
		end(k, err);
	return u->more;
}

/* Before anything is touched: true when it may go on. */
static bool prepared(struct kern *k)
{
	struct kern_user *u = &k->user;
	int err;

	if (u->prepared)
		return true;
	if (u->request < 0) {
		ask(k, (struct vf_request) {
			.kind = IAVF_REQUEST_KIND_PREPARE, .mtu = u->mtu,
			.queues = user_pairs(u), .rx_queues = u->rx_queues,
			.tx_queues = u->tx_queues,
		});
		return false;
	}
	if (!answered(k, &err, NULL))
		return false;
	if (err && err != -EOPNOTSUPP) {
		end(k, err);
		return false;
	}
	u->prepared = true;
	return true;
}

static void step_mtu(struct kern *k)
{
	struct kern_user *u = &k->user;
	int err;

	if (!more(k))
		return;
	if (!k->up) {
		k->mtu = u->mtu;
		k->rx_queues = u->rx_queues;
		k->tx_queues = u->tx_queues;
		tell(k, VF_HAVE_NETDEV);
		end(k, 0);
		return;
	}
	if (!prepared(k))
		return;
	if (u->stage == 0 || u->stage == 2) {
		if (!stop_rings(k))
			return;
		k->mtu = u->stage ? u->old_mtu : u->mtu;
		k->rx_queues = u->stage ? u->old_rx_queues : u->rx_queues;
		k->tx_queues = u->stage ? u->old_tx_queues : u->tx_queues;
		kern_rings_new(k);
		ask(k, (struct vf_request) {
			.kind = IAVF_REQUEST_KIND_RECONFIGURE, .mtu = k->mtu,
			.queues = kern_pairs(k), .rx_queues = k->rx_queues,
			.tx_queues = k->tx_queues,
			.rss_configured = k->rss.configured,
		});
		u->stage++;
		return;
	}
	if (!answered(k, &err, NULL))
		return;
	if (u->stage == 1 && refused(err)) {
		u->failed_err = err;
		u->stage = 2;
		kern_user_step(k);
		return;
	}
	tell(k, VF_HAVE_NETDEV | VF_HAVE_FLAGS);
	end(k, u->failed_err);
}

bool kern_user_mac(struct kern *k, const uint8_t *mac)
{
	if (!k->netdev || !memcmp(mac, k->mac, 6) || !start(k, USER_MAC))
		return false;
	world_note(k->w, "user: mac ..%02x", mac[5]);
	memcpy(k->user.mac, mac, 6);
	ask(k, (struct vf_request) {
		.kind = IAVF_REQUEST_KIND_SET_MAC,
		.mac = { mac[0], mac[1], mac[2], mac[3], mac[4], mac[5] },
	});
	return true;
}

static void step_mac(struct kern *k)
{
	int err;

	if (!answered(k, &err, NULL))
		return;
	if (!err) {
		memcpy(k->mac, k->user.mac, 6);
		tell(k, VF_HAVE_NETDEV);
	}
	end(k, err);
}

uint32_t kern_filter(int t)
{
	return t == KERN_CTAG ? IAVF_FEATURES_VLAN_CTAG_FILTER : IAVF_FEATURES_VLAN_STAG_FILTER;
}

static void count_vlans(struct kern *k)
{
	k->num_vlans = 0;
	for (unsigned int i = 0; i < VF_VLAN_BYTES; i++)
		k->num_vlans += __builtin_popcount(k->vlans[KERN_CTAG][i]) +
				__builtin_popcount(k->vlans[KERN_STAG][i]);
	tell(k, VF_HAVE_VLANS);
}

void kern_learn_vlans(struct kern *k, int t)
{
	memcpy(k->vlans[t], k->vlan_devs[t], VF_VLAN_BYTES);
	count_vlans(k);
}

void kern_forget_vlans(struct kern *k, int t)
{
	memset(k->vlans[t], 0, VF_VLAN_BYTES);
	count_vlans(k);
}

static int type_of(uint16_t tpid)
{
	return tpid == 0x8100 ? KERN_CTAG : KERN_STAG;
}

static void set_vlan(struct kern *k, uint16_t tpid, uint16_t vid, bool on)
{
	int t = type_of(tpid);

	if (on)
		k->vlan_devs[t][vid / 8] |= 1u << vid % 8;
	else
		k->vlan_devs[t][vid / 8] &= ~(1u << vid % 8);
	/* The stack tells only who filters; that a device goes the driver sees by itself. */
	if (k->features & kern_filter(t)) {
		kern_learn_vlans(k, t);
	} else if (!on) {
		k->vlans[t][vid / 8] &= ~(1u << vid % 8);
		count_vlans(k);
	}
}

static bool has_vlan(struct kern *k, uint16_t tpid, uint16_t vid)
{
	return k->vlan_devs[type_of(tpid)][vid / 8] >> vid % 8 & 1;
}

static bool policy_allows(const struct kern *k, uint16_t tpid, uint16_t vid)
{
	int t = type_of(tpid);

	return !k->vlans_limited[t] || k->vlans_allowed[t][vid / 8] >> vid % 8 & 1;
}

bool kern_user_vlan(struct kern *k, uint16_t tpid, uint16_t vid)
{
	if (!k->netdev || has_vlan(k, tpid, vid) || !start(k, USER_VLAN))
		return false;
	k->user.tpid = tpid;
	k->user.vid = vid;
	if (!k->ask_all && !(k->features & kern_filter(type_of(tpid)))) {
		set_vlan(k, tpid, vid, true);
		end(k, 0);
		return true;
	}
	if (k->committed && !k->ask_all && !policy_allows(k, tpid, vid)) {
		end(k, -EPERM);
		return true;
	}
	if (k->committed && !k->ask_all && k->commit.vlan_budget_known && k->num_vlans < k->commit.vlan_budget) {
		set_vlan(k, tpid, vid, true);
		end(k, 0);
		return true;
	}
	ask(k, (struct vf_request){ .kind = IAVF_REQUEST_KIND_VLAN_ADD, .tpid = tpid, .vid = vid });
	return true;
}

static void step_vlan(struct kern *k)
{
	int err;

	if (!answered(k, &err, NULL))
		return;
	if (!err)
		set_vlan(k, k->user.tpid, k->user.vid, true);
	end(k, err);
}

bool kern_user_vlan_kill(struct kern *k, uint16_t tpid, uint16_t vid)
{
	if (k->user.op != USER_NONE || !has_vlan(k, tpid, vid))
		return false;
	set_vlan(k, tpid, vid, false);
	return true;
}

bool kern_user_features(struct kern *k, uint32_t features, uint32_t wanted)
{
	if (!k->netdev || !start(k, USER_FEATURES))
		return false;
	world_note(k->w, "user: features %x to %x", features, wanted);
	k->user.features = features;
	k->user.wanted = wanted;
	for (int t = 0; t < 2; t++) {
		if (features & wanted & ~k->features & kern_filter(t))
			kern_learn_vlans(k, t);
	}
	ask(k, (struct vf_request) {
		.kind = IAVF_REQUEST_KIND_SET_FEATURES, .features = features, .wanted = wanted,
	});
	return true;
}

static void step_features(struct kern *k)
{
	uint32_t now;
	int err;

	if (!answered(k, &err, &now))
		return;
	if (!err)
		k->features = (k->features & ~k->user.features) | (now & k->user.features);
	for (int t = 0; t < 2; t++) {
		if (k->user.features & ~k->features & kern_filter(t))
			kern_forget_vlans(k, t);
	}
	tell(k, VF_HAVE_NETDEV);
	end(k, err);
}

bool kern_user_stats(struct kern *k)
{
	if (!k->netdev || !k->owner || k->resetting || !k->committed || !start(k, USER_STATS))
		return false;
	world_note(k->w, "user: stats");
	ask(k, (struct vf_request) { .kind = IAVF_REQUEST_KIND_STATS });
	return true;
}

static void step_stats(struct kern *k)
{
	int err;

	if (answered(k, &err, NULL))
		end(k, err);
}

bool kern_user_rss(struct kern *k, unsigned int what, unsigned int salt)
{
	struct vf_request req = { .kind = IAVF_REQUEST_KIND_SET_RSS, .queues = k->rx_queues };
	struct kern_rss *rss = &k->user.rss;

	if (!k->netdev || !start(k, USER_RSS))
		return false;
	world_note(k->w, "user: rss %x %u", what, salt);
	*rss = k->rss;
	if (what & RSS_KEY) {
		k->user.rss_parts |= RSS_KEY;
		rss->key_set = true;
		memset(rss->key, salt, sizeof(rss->key));
		req.rss_key = rss->key;
		req.rss_key_len = sizeof(rss->key);
	}
	if (what & (RSS_TABLE | RSS_DEFAULT)) {
		k->user.rss_parts |= RSS_TABLE;
		rss->configured = !(what & RSS_DEFAULT);
		for (unsigned int i = 0; i < PF_RSS_LUT_SIZE; i++)
			rss->table[i] = (rss->configured && salt ? i / 3 * salt : i) % k->rx_queues;
		req.rss_lut = rss->table;
		req.rss_lut_len = sizeof(rss->table);
	}
	if (what & (RSS_SYMMETRIC | RSS_PLAIN)) {
		k->user.rss_parts |= RSS_SYMMETRIC;
		rss->symmetric = !(what & RSS_PLAIN);
		req.rss_hfunc_set = true;
		req.rss_hfunc = rss->symmetric ? IAVF_RSS_HFUNC_TOEPLITZ_SYMMETRIC :
						 IAVF_RSS_HFUNC_TOEPLITZ;
	}
	ask(k, req);
	return true;
}

bool kern_user_rss_fields(struct kern *k, unsigned int flow, unsigned int fields)
{
	if (!k->netdev || !start(k, USER_RSS))
		return false;
	world_note(k->w, "user: rss fields of %u: %u", flow, fields);
	k->user.rss = k->rss;
	if (flow < PF_RSS_FLOWS) {
		k->user.rss.fields[flow] = fields;
		k->user.rss_parts = RSS_FIELDS(flow);
	}
	ask(k, (struct vf_request) {
		.kind = IAVF_REQUEST_KIND_SET_RSS_FIELDS, .rss_flow = flow, .rss_fields = fields,
	});
	return true;
}

static void step_rss(struct kern *k)
{
	int err;

	if (!answered(k, &err, NULL))
		return;
	if (!err) {
		k->rss = k->user.rss;
		k->rss_unsure &= ~k->user.rss_parts;
	} else if (k->user.orphaned) {
		k->rss_unsure |= k->user.rss_parts;
	}
	end(k, err);
}

void kern_user_flags(struct kern *k, uint32_t flags)
{
	k->rx_flags = flags & ~IAVF_RX_FLAGS_UP;
	tell(k, VF_HAVE_FLAGS);
}

static void fill(uint8_t (*list)[6], unsigned int n, uint8_t first, unsigned int salt)
{
	for (unsigned int i = 0; i < n; i++) {
		unsigned int x = salt + i;

		memcpy(list[i], (uint8_t[6]) { first, 0x10, 0, x >> 16, x >> 8, x }, 6);
	}
}

void kern_user_lists(struct kern *k, unsigned int num_uc, unsigned int num_mc, unsigned int salt)
{
	fill(k->uc, num_uc, 0x02, salt);
	fill(k->mc, num_mc, 0x33, salt);
	k->num_uc = num_uc;
	k->num_mc = num_mc;
	tell(k, VF_HAVE_ADDRESSES);
}

void kern_user_step(struct kern *k)
{
	switch (k->user.op) {
	case USER_OPEN:
		step_open(k);
		break;
	case USER_DOWN:
		step_down(k);
		break;
	case USER_MTU:
		step_mtu(k);
		break;
	case USER_MAC:
		step_mac(k);
		break;
	case USER_VLAN:
		step_vlan(k);
		break;
	case USER_FEATURES:
		step_features(k);
		break;
	case USER_STATS:
		step_stats(k);
		break;
	case USER_RSS:
		step_rss(k);
		break;
	case USER_NONE:
		break;
	}
}
