// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include <json.h>

#include "json_out.h"
#include "text.h"

#define SCHEMA	"iavfctl/1"

void json_add(struct json_object *to, const char *key, struct json_object *value)
{
	json_object_object_add(to, key, value);
}

static struct json_object *number(bool known, uint64_t value)
{
	return known ? json_object_new_uint64(value) : NULL;
}

static struct json_object *string(const char *text)
{
	return text ? json_object_new_string(text) : NULL;
}

static struct json_object *words(uint32_t bits, const char *(*word)(unsigned int bit))
{
	struct json_object *array = json_object_new_array();

	for (unsigned int i = 0; i < 32; i++) {
		if ((bits & (1u << i)) && word(i))
			json_object_array_add(array, json_object_new_string(word(i)));
	}
	return array;
}

static struct json_object *last_error(const struct iavfctl_vf *vf)
{
	struct json_object *error;

	if (!(vf->have & IAVFCTL_HAVE_LAST_ERROR))
		return NULL;
	error = json_object_new_object();
	json_add(error, "errno", number(true, vf->last_errno));
	json_add(error, "name", string(strerrorname_np((int)vf->last_errno)));
	json_add(error, "message", string(vf->last_error));
	json_add(error, "age_ms",
		 number(vf->last_error_age_ms != UINT32_MAX, vf->last_error_age_ms));
	return error;
}

static struct json_object *counters(const struct iavfctl_vf *vf)
{
	struct json_object *all;

	if (!(vf->have & IAVFCTL_HAVE_COUNTERS))
		return NULL;
	all = json_object_new_object();
	for (unsigned int i = 0; counter_rows[i].word; i++)
		json_add(all, counter_rows[i].key, number(true, counter_value(vf, i)));
	return all;
}

static void add_netdev(struct json_object *to, const struct iavfctl_vf *vf)
{
	bool netdev = vf->have & IAVFCTL_HAVE_NETDEV, carrier = vf->have & IAVFCTL_HAVE_CARRIER;
	char mac[18];

	json_add(to, "ifname", string(vf->ifname));
	json_add(to, "ifindex", number(netdev, vf->ifindex));
	json_add(to, "netns", number(netdev, vf->netns));
	text_mac(vf, mac);
	json_add(to, "mac", string(vf->have & IAVFCTL_HAVE_MAC ? mac : NULL));
	json_add(to, "mtu", number(netdev, vf->mtu));
	json_add(to, "max_mtu", number(vf->max_mtu, vf->max_mtu));
	json_add(to, "carrier", carrier ? json_object_new_boolean(vf->carrier) : NULL);
	json_add(to, "link_mbps", number(vf->have & IAVFCTL_HAVE_LINK_MBPS, vf->link_mbps));
}

static void add_queues(struct json_object *to, const struct iavfctl_vf *vf)
{
	bool queues = vf->have & IAVFCTL_HAVE_QUEUES;

	json_add(to, "rx_queues", number(queues, vf->rx_queues));
	json_add(to, "tx_queues", number(queues, vf->tx_queues));
	json_add(to, "max_queues", number(vf->max_queues, vf->max_queues));
	json_add(to, "rx_ring", number(vf->rx_ring, vf->rx_ring));
	json_add(to, "tx_ring", number(vf->tx_ring, vf->tx_ring));
	json_add(to, "vectors", number(vf->vectors, vf->vectors));
}

static void add_absence(struct json_object *to, const struct iavfctl_vf *vf)
{
	bool known = vf->have & IAVFCTL_HAVE_ABSENCE;

	json_add(to, "on_absence", string(known ? iavfctl_absence_word(vf->on_absence) : NULL));
	json_add(to, "grace_ms", number(known, vf->grace_ms));
	json_add(to, "absent", known ? json_object_new_boolean(vf->absent) : NULL);
	json_add(to, "absent_us", number(known, vf->absent_us));
}

struct json_object *json_vf(const struct iavfctl_vf *vf)
{
	struct json_object *one = json_object_new_object();
	bool phase = vf->have & IAVFCTL_HAVE_PHASE;

	json_add(one, "pci", string(vf->pci));
	json_add(one, "id", number(true, vf->id));
	json_add(one, "generation", number(true, vf->generation));
	json_add(one, "state", string(iavfctl_state_word(vf->state)));
	json_add(one, "degraded", string(vf->degraded));
	json_add(one, "phase", string(phase ? iavfctl_phase_word(vf->phase) : NULL));
	json_add(one, "reason", string(phase ? vf->reason : NULL));
	json_add(one, "attempts", number(phase, vf->attempts));
	json_add(one, "next_attempt_ms",
		 number(phase && vf->next_attempt_us, text_until_ms(vf->next_attempt_us)));
	json_add(one, "config_reason", string(phase ? vf->config_reason : NULL));
	add_netdev(one, vf);
	add_queues(one, vf);
	json_add(one, "rx_flags", words(vf->rx_flags, iavfctl_rx_flag_word));
	json_add(one, "features", words(vf->features, iavfctl_feature_word));
	json_add(one, "features_granted", words(vf->features_granted, iavfctl_feature_word));
	json_add(one, "owner_pid", number(vf->have & IAVFCTL_HAVE_OWNER, vf->owner_pid));
	json_add(one, "unresponsive", json_object_new_boolean(vf->unresponsive));
	add_absence(one, vf);
	json_add(one, "last_error", last_error(vf));
	json_add(one, "counters", counters(vf));
	return one;
}

struct json_object *json_vfs(struct iavfctl_vf *const *vfs, size_t count)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < count; i++)
		json_object_array_add(array, json_vf(vfs[i]));
	return array;
}

struct json_object *json_error(int code, enum iavfctl_error error, const char *message)
{
	struct json_object *one = json_object_new_object();

	json_add(one, "code", json_object_new_int(code));
	json_add(one, "word", string(iavfctl_error_word(error)));
	json_add(one, "message", string(message));
	return one;
}

static bool is_compared(const char *key, bool phases, bool owners)
{
	if (!strcmp(key, "phase") || !strcmp(key, "reason") || !strcmp(key, "attempts") ||
	    !strcmp(key, "config_reason"))
		return phases;
	if (!strcmp(key, "owner_pid") || !strcmp(key, "unresponsive") ||
	    !strcmp(key, "on_absence") || !strcmp(key, "grace_ms") || !strcmp(key, "absent"))
		return owners;
	return strcmp(key, "counters") && strcmp(key, "last_error") && strcmp(key, "absent_us") &&
	       strcmp(key, "next_attempt_ms");
}

static bool same_error(const struct iavfctl_vf *a, const struct iavfctl_vf *b)
{
	return a->last_errno == b->last_errno &&
	       !strcmp(a->last_error ?: "", b->last_error ?: "");
}

static void add_change(struct json_object *to, const char *key, struct json_object *before,
		       struct json_object *after)
{
	struct json_object *pair = json_object_new_array();

	json_object_array_add(pair, json_object_get(before));
	json_object_array_add(pair, json_object_get(after));
	json_add(to, key, pair);
}

struct json_object *json_changes(const struct iavfctl_vf *before, const struct iavfctl_vf *after)
{
	struct json_object *changes = json_object_new_object();
	struct json_object *old = json_vf(before), *new = json_vf(after);
	bool phases = before->have & after->have & IAVFCTL_HAVE_PHASE;
	bool owners = !((before->have | after->have) & IAVFCTL_HAVE_PHASE);

	json_object_object_foreach(new, key, value) {
		struct json_object *was = json_object_object_get(old, key);

		if (is_compared(key, phases, owners) && !json_object_equal(was, value))
			add_change(changes, key, was, value);
		else if (!strcmp(key, "last_error") && !same_error(before, after))
			add_change(changes, key, was, value);
	}
	json_object_put(old);
	json_object_put(new);
	return changes;
}

struct json_object *json_document(void)
{
	struct json_object *document = json_object_new_object();

	json_add(document, "schema", json_object_new_string(SCHEMA));
	return document;
}

void json_print(FILE *out, struct json_object *document)
{
	fprintf(out, "%s\n", json_object_to_json_string_ext(document,
				JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(document);
}

void json_put_document(FILE *out, const char *key, struct json_object *value)
{
	struct json_object *document = json_document();

	json_add(document, key, value);
	json_print(out, document);
}

void json_put_vfs(FILE *out, struct iavfctl_vf *const *vfs, size_t count)
{
	json_put_document(out, "vfs", json_vfs(vfs, count));
}
