// SPDX-License-Identifier: GPL-2.0-or-later
/* The session's side: log, record, requests and what the owner reads. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "world.h"

#define ACCEPT_NS	(500 * MS)
#define VERDICT_NS	(2000 * MS)
#define QUICK_NS	(100 * MS)
#define GRACE_MAX_MS	86400000	/* as in docs/spec/iavf.yaml */
#define VERDICT_LONG_NS	(5000 * MS)
#define LOG_RECV_MAX	64	/* as in kmod/session/context.h */
#define UNREAD_MAX	32

static void broken(struct kern *k, const char *what)
{
	if (!k->fault)
		k->fault = what;
	world_note(k->w, "BROKEN: %s", what);
}

/* Log */

static void remove_entry(struct kern *k, unsigned int i)
{
	k->log_sends -= k->log[i].sent;
	free(k->log[i].payload);
	k->num_log--;
	memmove(&k->log[i], &k->log[i + 1], (k->num_log - i) * sizeof(k->log[0]));
}

void kern_log_clear(struct kern *k)
{
	while (k->num_log)
		remove_entry(k, k->num_log - 1);
}

static void append(struct kern *k, struct kern_entry entry, const void *payload)
{
	if (k->num_log == KERN_LOG) {
		broken(k, "the log overflowed");
		return;
	}
	entry.position = ++k->position;
	entry.generation = k->generation;
	entry.has_payload = payload;
	if (payload) {
		entry.payload = malloc(entry.len ? entry.len : 1);
		memcpy(entry.payload, payload, entry.len);
	}
	k->log_sends += entry.sent;
	if (k->log_sends > k->log_max)
		k->log_max = k->log_sends;
	k->log[k->num_log++] = entry;
}

int kern_log_sent(struct kern *k, uint32_t seq, uint32_t opcode, int vsi_id, const void *payload,
		  size_t len)
{
	if (k->log_sends >= IAVF_LOG_MAX)
		return -EAGAIN;
	append(k, (struct kern_entry) {
		.seq = seq, .opcode = opcode, .vsi_id = vsi_id, .sent = true, .len = len,
	}, payload);
	k->send_seq = seq;
	return 0;
}

static bool log_full(const struct kern *k)
{
	unsigned int received = 0, unread = 0;

	for (unsigned int i = 0; i < k->num_log; i++) {
		if (k->log[i].sent)
			continue;
		received++;
		unread += k->log[i].position > k->read_position;
	}
	return received >= LOG_RECV_MAX || (k->owner && unread >= UNREAD_MAX);
}

void kern_log_received(struct kern *k, uint32_t opcode, int32_t status, const void *payload,
		       size_t len)
{
	if (log_full(k)) {
		world_note(k->w, "overrun: nobody reads the answers");
		kern_reset_begin(k, IAVF_RESET_CAUSE_STALL);
		return;
	}
	k->recv_seq++;
	append(k, (struct kern_entry) {
		.seq = k->recv_seq, .opcode = opcode, .status = status, .vsi_id = -1, .len = len,
	}, payload);
}

static int io_record_set(void *ctx, uint32_t generation, uint32_t covers_send, uint32_t covers_recv,
			 const void *record, size_t len)
{
	struct kern *k = ctx;

	if (generation != k->generation)
		return -ESTALE;
	if (len > IAVF_RECORD_MAX || covers_send > k->send_seq || covers_recv > k->recv_seq) {
		broken(k, "record-set out of range");
		return -EINVAL;
	}
	free(k->record);
	k->record = malloc(len);
	memcpy(k->record, record, len);
	k->record_len = len;
	k->record_generation = generation;
	k->record_any = true;
	k->records++;
	for (unsigned int i = 0; i < k->num_log;) {
		const struct kern_entry *entry = &k->log[i];

		if (entry->seq <= (entry->sent ? covers_send : covers_recv))
			remove_entry(k, i);
		else
			i++;
	}
	return 0;
}

/* Requests */

static uint64_t verdict(const struct vf_request *req)
{
	if (req->kind == IAVF_REQUEST_KIND_MORE_QUEUES)
		return VERDICT_LONG_NS;
	return req->kind == IAVF_REQUEST_KIND_STATS ? QUICK_NS : VERDICT_NS;
}

int kern_request_start(struct kern *k, const struct vf_request *req)
{
	for (unsigned int i = 0; i < KERN_REQUESTS; i++) {
		struct kern_request *r = &k->request[i];

		if (r->used)
			continue;
		*r = (struct kern_request) {
			.req = *req, .start = k->w->now, .verdict_by = k->w->now + verdict(req),
			.used = true,
		};
		r->req.id = ++k->next_request;
		if (req->features & (kern_filter(KERN_CTAG) | kern_filter(KERN_STAG)))
			r->verdict_by = k->w->now + VERDICT_LONG_NS;
		world_note(k->w, "request %u kind %u", r->req.id, req->kind);
		return i;
	}
	broken(k, "too many requests");
	return -1;
}

static struct kern_request *find_request(struct kern *k, uint32_t id)
{
	for (unsigned int i = 0; i < KERN_REQUESTS; i++) {
		if (k->request[i].used && !k->request[i].done && k->request[i].req.id == id)
			return &k->request[i];
	}
	return NULL;
}

static int io_accept(void *ctx, uint32_t id)
{
	struct kern_request *r = find_request(ctx, id);

	if (!r)
		return -ENOENT;
	r->accepted = true;
	return 0;
}

/* Whoever answers twice has lost count: the next question may get the answer to this one. */
static void count_reply(struct kern *k, uint32_t id)
{
	for (unsigned int i = 0; i < KERN_REPLIED; i++) {
		if (k->replied[i] == id)
			broken(k, "two replies to one request");
	}
	k->replied[k->num_replied++ % KERN_REPLIED] = id;
}

static int io_reply(void *ctx, uint32_t generation, uint32_t id, int err, const char *message,
		    uint32_t features)
{
	struct kern *k = ctx;
	struct kern_request *r = find_request(k, id);

	world_note(k->w, "reply %u: %d %s", id, err, message ? message : "");
	if (generation != k->generation && !k->num_steps)
		broken(k, "reply of another generation");
	if (generation != k->generation)
		return -ESTALE;		/* and the request goes on waiting */
	if (message && strlen(message) > IAVF_MESSAGE_MAX)
		broken(k, "a sentence that is too long");
	if (err && (!message || !*message))
		broken(k, "a refusal without a sentence");
	if (err > 0)
		broken(k, "a positive error");
	count_reply(k, id);
	if (!r) {
		k->late_replies++;
		return -ENOENT;
	}
	if (!r->accepted)
		broken(k, "a reply to a request that was not accepted");
	r->done = true;
	r->err = err;
	r->features = features;
	snprintf(r->message, sizeof(r->message), "%s", message ? message : "");
	k->replies++;
	return 0;
}

static int io_reply_stats(void *ctx, uint32_t generation, uint32_t id,
			  const uint64_t stats[VF_NUM_STATS])
{
	struct kern *k = ctx;
	struct kern_request *r = find_request(k, id);

	if (r && r->req.kind != IAVF_REQUEST_KIND_STATS)
		broken(k, "numbers for who did not ask for them");
	if (r)
		memcpy(k->stats, stats, sizeof(k->stats));
	return io_reply(ctx, generation, id, 0, NULL, 0);
}

static uint64_t request_by(const struct kern *k, const struct kern_request *r)
{
	if (!k->owner || r->accepted)
		return r->verdict_by;
	return r->start + ACCEPT_NS < r->verdict_by ? r->start + ACCEPT_NS : r->verdict_by;
}

void kern_clocks(struct kern *k)
{
	for (unsigned int i = 0; i < KERN_REQUESTS; i++) {
		struct kern_request *r = &k->request[i];

		if (!r->used || r->done || k->w->now < request_by(k, r))
			continue;
		if (k->owner && !r->accepted && r->req.kind != IAVF_REQUEST_KIND_STATS &&
		    !k->w->stopped)
			broken(k, "a request was not accepted in time");
		r->done = true;
		r->err = k->owner ? -ETIMEDOUT : -ENOTCONN;
		snprintf(r->message, sizeof(r->message), "a clock ran out");
		world_note(k->w, "request %u ran out", r->req.id);
		if (k->owner && k->num_cancels < 16)
			k->cancels[k->num_cancels++] = r->req.id;
	}
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t kern_deadline(const struct kern *k)
{
	uint64_t next = UINT64_MAX;

	for (unsigned int i = 0; i < KERN_REQUESTS; i++) {
		if (k->request[i].used && !k->request[i].done)
			next = least(next, request_by(k, &k->request[i]));
	}
	if (k->user.request >= 0 && k->request[k->user.request].done)
		next = k->w->now;	/* his thread wakes, whoever answered is dead or not */
	if (k->user.until && !k->resetting)
		next = least(next, k->user.until);
	if (k->job_at)
		next = least(next, k->job_at);
	if (k->watch_at)
		next = least(next, k->watch_at);
	if (k->controlled_at)
		next = least(next, k->controlled_at);
	if (k->resetting && k->pause_until > k->w->now)
		next = least(next, k->pause_until);
	if (k->resetting && !k->reset_proven && k->reset_by)
		next = least(next, k->reset_by);
	return next;
}

/* What the owner reads */

void kern_step(struct kern *k, uint32_t step, uint32_t cause)
{
	if (!k->owner)
		return;
	if (k->num_steps == 16) {
		memmove(&k->steps[0], &k->steps[1], 15 * sizeof(k->steps[0]));
		k->num_steps--;
	}
	k->steps[k->num_steps].generation = k->generation;
	k->steps[k->num_steps].step = step;
	k->steps[k->num_steps++].cause = cause;
}

static uint32_t state_of(const struct kern *k)
{
	if (k->dead)
		return IAVF_VF_STATE_DEAD;
	if (k->resetting)
		return IAVF_VF_STATE_RESETTING;
	return k->netdev ? IAVF_VF_STATE_READY : IAVF_VF_STATE_MAILBOX;
}

void kern_snapshot(struct kern *k, struct vf_snapshot *snap)
{
	*snap = (struct vf_snapshot) {
		.have = VF_HAVE_ALL, .id = 7, .generation = k->generation, .state = state_of(k),
		.pci = "0000:00:05.0", .max_queues = 16, .vectors = k->vectors,
		.default_queues = k->default_queues,
		.send_seq = k->send_seq, .recv_seq = k->recv_seq, .committed = k->committed,
		.configured = k->rings.exist && k->rings.configured,
		.enabled = k->rings.exist && k->rings.enabled,
	};
	memcpy(snap->vlan_ctag, k->vlans[KERN_CTAG], VF_VLAN_BYTES);
	memcpy(snap->vlan_stag, k->vlans[KERN_STAG], VF_VLAN_BYTES);
	if (!k->netdev)
		return;
	snap->ifindex = 3;
	snprintf(snap->ifname, sizeof(snap->ifname), "eth0");
	snap->mtu = k->mtu;
	snap->max_mtu = k->max_mtu;
	snap->rx_queues = k->rx_queues;
	snap->tx_queues = k->tx_queues;
	snap->rx_ring = snap->tx_ring = 512;
	memcpy(snap->mac, k->mac, 6);
	snap->rx_flags = k->rx_flags | (k->up ? IAVF_RX_FLAGS_UP : 0);
	snap->features = k->features;
	snap->features_granted = k->commit.features;
	snap->unicast = k->uc[0];
	snap->num_unicast = k->num_uc;
	snap->multicast = k->mc[0];
	snap->num_multicast = k->num_mc;
	snap->carrier = k->carrier;
	snap->rss_configured = k->rss.configured;
}

static void clear_stream(struct kern *k)
{
	k->changed = 0;
	k->num_steps = k->num_cancels = 0;
	k->netdev_ready = false;
	for (unsigned int i = 0; i < KERN_REQUESTS; i++)
		k->request[i].given = k->request[i].accepted = false;
}

static void give_log(struct kern *k, struct vf *vf)
{
	for (unsigned int i = 0; i < k->num_log; i++) {
		const struct kern_entry *e = &k->log[i];

		if (e->sent)
			vf_log_sent(vf, e->generation, e->seq, e->opcode, e->vsi_id, e->payload,
				    e->len);
		else
			vf_log_received(vf, e->generation, e->seq, e->opcode, e->status, e->payload,
					e->len);
	}
	k->read_position = k->position;
}

void kern_attach(struct kern *k, struct vf *vf)
{
	struct vf_snapshot snap;

	clear_stream(k);
	k->owner = true;
	memset(k->replied, 0, sizeof(k->replied));
	for (unsigned int i = 0; i < KERN_REQUESTS; i++) {
		if (k->request[i].used && !k->request[i].done)
			k->request[i].start = k->w->now;	/* the accept clock */
	}
	kern_snapshot(k, &snap);
	vf_add(vf, &snap);
	if (k->record_any)
		vf_record(vf, k->record_generation, k->record, k->record_len);
	give_log(k, vf);
	vf_sync(vf, k->w->now);
}

void kern_detach(struct kern *k)
{
	k->user.orphaned |= k->user.request >= 0 && k->request[k->user.request].given;
	k->owner = false;
	clear_stream(k);
}

static const struct kern_entry *next_received(const struct kern *k)
{
	for (unsigned int i = 0; i < k->num_log; i++) {
		if (!k->log[i].sent && k->log[i].position > k->read_position)
			return &k->log[i];
	}
	return NULL;
}

static struct kern_request *next_request(struct kern *k)
{
	for (unsigned int i = 0; i < KERN_REQUESTS; i++) {
		if (k->request[i].used && !k->request[i].done && !k->request[i].given)
			return &k->request[i];
	}
	return NULL;
}

bool kern_pending(const struct kern *k)
{
	return k->owner && (k->num_steps || k->changed || k->netdev_ready || k->num_cancels ||
			    next_received(k) || next_request((struct kern *)k));
}

static bool give_step(struct kern *k, struct vf *vf)
{
	uint32_t generation = k->steps[0].generation, step = k->steps[0].step,
		 cause = k->steps[0].cause;

	memmove(&k->steps[0], &k->steps[1], --k->num_steps * sizeof(k->steps[0]));
	vf_reset_step(vf, k->w->now, generation, step, cause);
	return true;
}

static bool give_changed(struct kern *k, struct vf *vf)
{
	struct vf_snapshot snap;

	if (!k->changed)
		return false;
	kern_snapshot(k, &snap);
	snap.have = k->changed;
	k->changed = 0;
	vf_changed(vf, k->w->now, &snap);
	return true;
}

static bool give_netdev(struct kern *k, struct vf *vf)
{
	struct vf_snapshot snap;

	if (!k->netdev_ready)
		return false;
	k->netdev_ready = false;
	kern_snapshot(k, &snap);
	k->changed = 0;
	vf_netdev_ready(vf, k->w->now, k->netdev_err, &snap);
	return true;
}

static bool give_request(struct kern *k, struct vf *vf)
{
	struct kern_request *r = next_request(k);

	if (!r)
		return false;
	r->given = true;
	r->req.generation = k->generation;
	vf_requested(vf, k->w->now, &r->req);
	return true;
}

static bool give_cancel(struct kern *k, struct vf *vf)
{
	uint32_t id = k->cancels[0];

	if (!k->num_cancels)
		return false;
	memmove(&k->cancels[0], &k->cancels[1], --k->num_cancels * sizeof(id));
	vf_cancelled(vf, k->w->now, id);
	return true;
}

static bool give_received(struct kern *k, struct vf *vf)
{
	const struct kern_entry *next = next_received(k);
	struct kern_entry e;
	uint8_t payload[VIRTCHNL_MSG_MAX];

	if (!next)
		return false;
	e = *next;
	k->read_position = e.position;
	if (e.len)
		memcpy(payload, e.payload, e.len);
	vf_received(vf, k->w->now, e.generation, e.seq, e.opcode, e.status,
		    e.has_payload ? payload : NULL, e.len);
	return true;
}

bool kern_deliver(struct kern *k, struct vf *vf)
{
	static bool (*const give[])(struct kern *k, struct vf *vf) = {
		give_changed, give_netdev, give_request, give_cancel, give_received,
	};

	if (k->num_steps)
		return give_step(k, vf);
	for (unsigned int i = 0; i < 5; i++) {
		unsigned int kind = (k->turn + i) % 5;

		/* What was announced before a request is part of what it is about. */
		if (give[kind] == give_request && next_request(k) &&
		    (give_netdev(k, vf) || give_changed(k, vf)))
			return true;
		if (!give[kind](k, vf))
			continue;
		k->turn = kind + 1;
		return true;
	}
	return false;
}

/* The owner's other orders */

static int io_send(void *ctx, uint32_t generation, uint32_t seq, uint32_t opcode, int vsi_id,
		   const void *payload, size_t len)
{
	struct kern *k = ctx;
	int err;

	if (seq <= k->send_seq)
		broken(k, "a seq that does not grow");
	if (generation == k->generation && k->log_sends >= IAVF_LOG_MAX)
		return -EAGAIN;
	err = kern_send(k, generation, opcode, vsi_id, payload, len);
	if (err) {
		k->refused_sends++;
		world_note(k->w, "send of %u refused: %d", opcode, err);
		return err;
	}
	k->sends++;
	return kern_log_sent(k, seq, opcode, vsi_id, payload, len);
}

static void take_allowed(struct kern *k, int t, const uint8_t *map)
{
	k->vlans_limited[t] = map;
	if (map)
		memcpy(k->vlans_allowed[t], map, VF_VLAN_BYTES);
}

/* As the device takes them; a PF with messages for it does not look. */
static void write_registers(struct kern *k)
{
	struct pf_vsi *vsi = pf_vsi(k->w->pf, 0);

	if (!k->commit.rss_hena || !vsi->rss_by_registers)
		return;
	if (k->commit.rss_key_len != PF_RSS_KEY_SIZE || k->commit.rss_lut_len != PF_RSS_LUT_SIZE) {
		broken(k, "RSS registers without key and table");
		return;
	}
	memcpy(vsi->rss_key, k->rss_key, PF_RSS_KEY_SIZE);
	memcpy(vsi->rss_lut, k->rss_lut, PF_RSS_LUT_SIZE);
	vsi->rss_hena = k->commit.rss_hena;
}

static int io_commit(void *ctx, uint32_t generation, const struct vf_commit *commit)
{
	struct kern *k = ctx;

	if (generation != k->generation)
		return -ESTALE;
	if (!commit->queues || commit->max_mtu < 68 || commit->possible_queues < commit->queues) {
		broken(k, "limits that make no sense");
		return -EINVAL;
	}
	if (commit->on_absence > IAVF_ABSENCE_DOWN || commit->grace_ms > GRACE_MAX_MS) {
		broken(k, "an absence out of range");
		return -ERANGE;
	}
	if (commit->degraded && strlen(commit->degraded) > IAVF_MESSAGE_MAX)
		broken(k, "a reason that is too long");
	k->commit = *commit;
	if (commit->rss_key_len > sizeof(k->rss_key) || commit->rss_lut_len > sizeof(k->rss_lut)) {
		broken(k, "an RSS key or table that is too long");
		return -EINVAL;
	}
	memcpy(k->rss_key, commit->rss_key, commit->rss_key_len);
	memcpy(k->rss_lut, commit->rss_lut, commit->rss_lut_len);
	if (commit->rss_flows_len > sizeof(k->rss_flows))
		broken(k, "too many RSS flows");
	else if (commit->rss_flows_len)
		memcpy(k->rss_flows, commit->rss_flows, commit->rss_flows_len);
	take_allowed(k, KERN_CTAG, commit->vlan_ctag_allowed);
	take_allowed(k, KERN_STAG, commit->vlan_stag_allowed);
	write_registers(k);
	k->committed = true;
	k->commits++;
	kern_controlled(k);
	snprintf(k->degraded, sizeof(k->degraded), "%s", commit->degraded ? commit->degraded : "");
	world_note(k->w, "commit: features %x %s", commit->features, k->degraded);
	if (k->netdev) {
		k->job_limits = true;
		k->job_at = k->w->now + 20 * US;
	}
	return 0;
}

static int io_netdev_create(void *ctx, uint32_t generation, const uint8_t *mac, uint32_t mtu)
{
	struct kern *k = ctx;

	if (generation != k->generation)
		return -ESTALE;
	if (k->netdev || k->job_create)
		return -EEXIST;
	if (!k->committed)
		return -EBUSY;
	k->job_create = true;
	k->rss_at_create = k->commit.rss_key_len && k->commit.rss_lut_len;
	k->job_mac_set = mac;
	if (mac)
		memcpy(k->job_mac, mac, 6);
	k->job_mtu = mtu;
	k->job_at = k->w->now + 300 * US;
	return 0;
}

static int io_netdev_update(void *ctx, uint32_t generation, const uint8_t *mac, uint32_t max_mtu)
{
	struct kern *k = ctx;

	if (generation != k->generation)
		return -ESTALE;
	if (mac) {
		k->job_mac_set = true;
		memcpy(k->job_mac, mac, 6);
	}
	if (max_mtu)
		k->commit.max_mtu = max_mtu;
	k->job_limits |= max_mtu != 0;
	k->job_at = k->w->now + 100 * US;
	return 0;
}

static int io_reset(void *ctx, uint32_t generation)
{
	struct kern *k = ctx;

	if (generation != k->generation)
		return -ESTALE;
	k->resets_asked++;
	world_note(k->w, "reset asked for");
	kern_reset_begin(k, IAVF_RESET_CAUSE_OWNER);
	return 0;
}

static void io_log(void *ctx, int priority, const char *message)
{
	world_note(((struct kern *)ctx)->w, "log: %s", message);
}

static void io_changed(void *ctx)
{
	((struct kern *)ctx)->news++;
}

void kern_io(struct kern *k, struct vf_io *io)
{
	*io = (struct vf_io) {
		.ctx = k, .send = io_send, .commit = io_commit, .netdev_create = io_netdev_create,
		.netdev_update = io_netdev_update, .reset = io_reset, .record_set = io_record_set,
		.accept = io_accept, .reply = io_reply,
		.reply_stats = io_reply_stats, .log = io_log, .changed = io_changed,
	};
}
