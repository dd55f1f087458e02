// SPDX-License-Identifier: GPL-2.0-or-later
/* Keys, order and meaning are those of cli/json_out.c (a test compares them). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json.h>

#include "document.h"
#include "iavfctl.h"

#define SCHEMA	"iavfctl/1"

static void add(struct json_object *to, const char *key, struct json_object *value)
{
	json_object_object_add(to, key, value);
}

static struct json_object *number(bool known, uint64_t value)
{
	return known ? json_object_new_uint64(value) : NULL;
}

/* "" is not known. */
static struct json_object *string(const char *text)
{
	return text && *text ? json_object_new_string(text) : NULL;
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

/* How long ago it was is of no use in a file. */
static struct json_object *last_error(const struct bus_failure *failure)
{
	struct json_object *error;

	if (!failure->err)
		return NULL;
	error = json_object_new_object();
	add(error, "errno", number(true, failure->err));
	add(error, "name", string(strerrorname_np(failure->err)));
	add(error, "message", json_object_new_string(failure->text));
	add(error, "age_ms", NULL);
	return error;
}

static void add_netdev(struct json_object *to, const struct bus_vf *vf)
{
	bool netdev = *vf->ifname && vf->ifindex;

	add(to, "ifname", netdev ? string(vf->ifname) : NULL);
	add(to, "ifindex", number(netdev, vf->ifindex));
	add(to, "netns", number(netdev, vf->netns));
	add(to, "mac", string(vf->mac));
	add(to, "mtu", number(netdev, vf->mtu));
	add(to, "max_mtu", number(vf->max_mtu, vf->max_mtu));
	add(to, "carrier", json_object_new_boolean(vf->carrier));
	add(to, "link_mbps", number(vf->link_mbps, vf->link_mbps));
}

static void add_queues(struct json_object *to, const struct bus_vf *vf)
{
	bool queues = vf->rx_queues && vf->tx_queues;

	add(to, "rx_queues", number(queues, vf->rx_queues));
	add(to, "tx_queues", number(queues, vf->tx_queues));
	add(to, "max_queues", number(vf->max_queues, vf->max_queues));
	add(to, "rx_ring", number(vf->rx_ring, vf->rx_ring));
	add(to, "tx_ring", number(vf->tx_ring, vf->tx_ring));
	add(to, "vectors", number(vf->vectors, vf->vectors));
	add(to, "rx_flags", words(vf->rx_flags, iavfctl_rx_flag_word));
	add(to, "features", words(vf->features, iavfctl_feature_word));
	add(to, "features_granted", words(vf->features_granted, iavfctl_feature_word));
}

/* What only the kernel can say is null. */
static void add_owner(struct json_object *to, const struct document_owner *owner)
{
	static const char *const kernels[] = { "on_absence", "grace_ms", "absent", "absent_us" };

	add(to, "owner_pid", number(true, owner->pid));
	add(to, "unresponsive", json_object_new_boolean(false));
	for (unsigned int i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++)
		add(to, kernels[i], NULL);
}

static struct json_object *one_vf(const struct document_owner *owner, const struct bus_vf *vf)
{
	struct json_object *one = json_object_new_object();
	bool degraded = !strcmp(vf->phase, iavfctl_phase_word(IAVFCTL_PHASE_DEGRADED));

	add(one, "pci", string(vf->pci));
	add(one, "id", number(true, vf->id));
	add(one, "generation", number(true, vf->generation));
	add(one, "state", string(vf->state));
	add(one, "degraded", degraded ? string(vf->reason) : NULL);
	add(one, "phase", string(vf->phase));
	add(one, "reason", string(vf->reason));
	add(one, "attempts", number(true, vf->attempts));
	add(one, "next_attempt_ms", NULL);
	add(one, "config_reason", string(vf->config_reason));
	add_netdev(one, vf);
	add_queues(one, vf);
	add_owner(one, owner);
	add(one, "last_error", last_error(&vf->last_error));
	add(one, "counters", NULL);
	return one;
}

static struct json_object *start(const struct document_owner *owner)
{
	struct json_object *document = json_object_new_object();
	struct json_object *daemon = json_object_new_object();

	add(daemon, "version", string(owner->version));
	add(daemon, "abi", number(true, IAVF_ABI));
	add(daemon, "attached", json_object_new_boolean(true));
	add(daemon, "pid", number(true, owner->pid));
	add(daemon, "boot_id", string(owner->boot_id));
	add(document, "schema", json_object_new_string(SCHEMA));
	add(document, "daemon", daemon);
	return document;
}

static char *finish(struct json_object *document)
{
	char *text = NULL;

	if (asprintf(&text, "%s\n",
		     json_object_to_json_string_ext(document, JSON_C_TO_STRING_PLAIN |
						    JSON_C_TO_STRING_NOSLASHESCAPE)) < 0)
		text = NULL;
	json_object_put(document);
	return text;
}

char *document_vf(const struct document_owner *owner, const struct bus_vf *vf)
{
	struct json_object *document = start(owner), *vfs = json_object_new_array();

	json_object_array_add(vfs, one_vf(owner, vf));
	add(document, "vfs", vfs);
	return finish(document);
}

char *document_daemon(const struct document_owner *owner)
{
	return finish(start(owner));
}
