// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include <json.h>

#include "json_out.h"
#include "text.h"

#define SCHEMA	"iavfctl/1"

static void add(struct json_object *to, const char *key, struct json_object *value)
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
	add(error, "errno", number(true, vf->last_errno));
	add(error, "name", string(strerrorname_np((int)vf->last_errno)));
	add(error, "message", string(vf->last_error));
	add(error, "age_ms", number(true, vf->last_error_age_ms));
	return error;
}

static struct json_object *counters(const struct iavfctl_vf *vf)
{
	struct json_object *all;

	if (!(vf->have & IAVFCTL_HAVE_COUNTERS))
		return NULL;
	all = json_object_new_object();
	for (unsigned int i = 0; counter_rows[i].word; i++)
		add(all, counter_rows[i].key, number(true, counter_value(vf, i)));
	return all;
}

static void add_netdev(struct json_object *to, const struct iavfctl_vf *vf)
{
	bool netdev = vf->have & IAVFCTL_HAVE_NETDEV, carrier = vf->have & IAVFCTL_HAVE_CARRIER;
	char mac[18];

	add(to, "ifname", string(vf->ifname));
	add(to, "ifindex", number(netdev, vf->ifindex));
	add(to, "netns", number(netdev, vf->netns));
	text_mac(vf, mac);
	add(to, "mac", string(vf->have & IAVFCTL_HAVE_MAC ? mac : NULL));
	add(to, "mtu", number(netdev, vf->mtu));
	add(to, "max_mtu", number(vf->max_mtu, vf->max_mtu));
	add(to, "carrier", carrier ? json_object_new_boolean(vf->carrier) : NULL);
	add(to, "link_mbps", number(vf->have & IAVFCTL_HAVE_LINK_MBPS, vf->link_mbps));
}

static void add_queues(struct json_object *to, const struct iavfctl_vf *vf)
{
	bool queues = vf->have & IAVFCTL_HAVE_QUEUES;

	add(to, "rx_queues", number(queues, vf->rx_queues));
	add(to, "tx_queues", number(queues, vf->tx_queues));
	add(to, "max_queues", number(vf->max_queues, vf->max_queues));
	add(to, "rx_ring", number(vf->rx_ring, vf->rx_ring));
	add(to, "tx_ring", number(vf->tx_ring, vf->tx_ring));
	add(to, "vectors", number(vf->vectors, vf->vectors));
}

struct json_object *json_vf(const struct iavfctl_vf *vf)
{
	struct json_object *one = json_object_new_object();

	add(one, "pci", string(vf->pci));
	add(one, "id", number(true, vf->id));
	add(one, "generation", number(true, vf->generation));
	add(one, "state", string(iavfctl_state_word(vf->state)));
	add(one, "degraded", string(vf->degraded));
	add_netdev(one, vf);
	add_queues(one, vf);
	add(one, "rx_flags", words(vf->rx_flags, iavfctl_rx_flag_word));
	add(one, "features", words(vf->features, iavfctl_feature_word));
	add(one, "features_granted", words(vf->features_granted, iavfctl_feature_word));
	add(one, "owner_pid", number(vf->have & IAVFCTL_HAVE_OWNER, vf->owner_pid));
	add(one, "unresponsive", json_object_new_boolean(vf->unresponsive));
	add(one, "last_error", last_error(vf));
	add(one, "counters", counters(vf));
	return one;
}

struct json_object *json_error(int code, enum iavfctl_error error, const char *message)
{
	struct json_object *one = json_object_new_object();

	add(one, "code", json_object_new_int(code));
	add(one, "word", string(iavfctl_error_word(error)));
	add(one, "message", string(message));
	return one;
}

void json_put_document(FILE *out, const char *key, struct json_object *value)
{
	struct json_object *document = json_object_new_object();

	add(document, "schema", json_object_new_string(SCHEMA));
	add(document, key, value);
	fprintf(out, "%s\n", json_object_to_json_string_ext(document,
				JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(document);
}

void json_put_vfs(FILE *out, struct iavfctl_vf *const *vfs, size_t count)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < count; i++)
		json_object_array_add(array, json_vf(vfs[i]));
	json_put_document(out, "vfs", array);
}
