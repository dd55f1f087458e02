// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bus.h"

#define SYSTEM_BUS	"unix:path=/run/dbus/system_bus_socket"

int bus_open(sd_bus **bus, bool watch)
{
	const char *address = secure_getenv("DBUS_SYSTEM_BUS_ADDRESS");
	int err = sd_bus_new(bus);

	if (err >= 0)
		err = sd_bus_set_address(*bus, address ?: SYSTEM_BUS);
	if (err >= 0)
		err = sd_bus_set_bus_client(*bus, true);
	if (err >= 0)
		err = sd_bus_set_watch_bind(*bus, watch);
	if (err >= 0)
		err = sd_bus_set_method_call_timeout(*bus, BUS_TIMEOUT_US);
	if (err >= 0)
		err = sd_bus_start(*bus);
	if (err >= 0)
		return 0;
	*bus = sd_bus_close_unref(*bus);
	return err;
}

uint64_t bus_patience_us(const struct bus_question *question)
{
	if (question->change)
		return BUS_PERSON_US + BUS_CHANGE_US;
	return question->verb ? BUS_PERSON_US : BUS_TIMEOUT_US;
}

static int fill_documents(sd_bus_message *call, const struct bus_question *question)
{
	int err = sd_bus_message_open_container(call, 'a', "(ss)");

	for (size_t i = 0; err >= 0 && i < question->num_documents; i++)
		err = sd_bus_message_append(call, "(ss)", question->documents[i].name,
					    question->documents[i].text);
	return err < 0 ? err : sd_bus_message_close_container(call);
}

static int fill_options(sd_bus_message *call, const struct bus_question *question)
{
	int err = sd_bus_message_open_container(call, 'a', "{sv}");

	if (err >= 0 && question->vf)
		err = sd_bus_message_append(call, "{sv}", "vf", "s", question->vf);
	if (err >= 0 && question->confirm)
		err = sd_bus_message_append(call, "{sv}", "confirm", "u", question->confirm);
	return err < 0 ? err : sd_bus_message_close_container(call);
}

static int fill(sd_bus_message *call, const struct bus_question *question)
{
	int err = question->with_documents ? fill_documents(call, question) : 0;

	for (unsigned int i = 0; err >= 0 && i < 2 && question->arguments[i]; i++)
		err = sd_bus_message_append(call, "s", question->arguments[i]);
	if (err >= 0 && question->value)
		err = sd_bus_message_append(call, "v", "s", question->value);
	if (err >= 0 && question->verb)
		err = fill_options(call, question);
	return err;
}

int bus_call(sd_bus *bus, sd_bus_slot **slot, const struct bus_question *question,
	     sd_bus_message_handler_t handler, void *data)
{
	sd_bus_message *call = NULL;
	int err = sd_bus_message_new_method_call(bus, &call, BUS_NAME, question->path,
						 question->interface, question->member);

	if (err >= 0)
		err = sd_bus_message_set_auto_start(call, false);
	if (err >= 0)
		err = sd_bus_message_set_allow_interactive_authorization(call, question->verb);
	if (err >= 0)
		err = fill(call, question);
	if (err >= 0)
		err = sd_bus_call_async(bus, slot, call, handler, data, bus_patience_us(question));
	sd_bus_message_unref(call);
	return err < 0 ? err : 0;
}

uint64_t bus_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000ULL + now.tv_nsec / 1000;
}

int bus_wait(sd_bus *bus, uint64_t until_us)
{
	struct pollfd p = { .fd = sd_bus_get_fd(bus) };
	uint64_t limit = UINT64_MAX, now = bus_now_us();
	int events = sd_bus_get_events(bus);

	if (p.fd < 0 || events < 0)
		return p.fd < 0 ? p.fd : events;
	p.events = (short)events;
	sd_bus_get_timeout(bus, &limit);
	limit = limit < until_us ? limit : until_us;
	if (poll(&p, 1, limit > now ? (int)((limit - now) / 1000 + 1) : 0) < 0 && errno != EINTR)
		return -errno;
	return 0;
}

/* Properties */

static const struct number {
	const char *name;
	char type;
	size_t offset;
} numbers[] = {
	{ "InstanceId", 'u', offsetof(struct iavfctl_vf, id) },
	{ "Generation", 'u', offsetof(struct iavfctl_vf, generation) },
	{ "Ifindex", 'u', offsetof(struct iavfctl_vf, ifindex) },
	{ "Netns", 't', offsetof(struct iavfctl_vf, netns) },
	{ "Mtu", 'u', offsetof(struct iavfctl_vf, mtu) },
	{ "MaxMtu", 'u', offsetof(struct iavfctl_vf, max_mtu) },
	{ "Carrier", 'b', offsetof(struct iavfctl_vf, carrier) },
	{ "LinkMbps", 'u', offsetof(struct iavfctl_vf, link_mbps) },
	{ "RxQueues", 'u', offsetof(struct iavfctl_vf, rx_queues) },
	{ "TxQueues", 'u', offsetof(struct iavfctl_vf, tx_queues) },
	{ "MaxQueues", 'u', offsetof(struct iavfctl_vf, max_queues) },
	{ "RxRing", 'u', offsetof(struct iavfctl_vf, rx_ring) },
	{ "TxRing", 'u', offsetof(struct iavfctl_vf, tx_ring) },
	{ "Vectors", 'u', offsetof(struct iavfctl_vf, vectors) },
	{ "Attempts", 'u', offsetof(struct iavfctl_vf, attempts) },
	{ "NextAttempt", 't', offsetof(struct iavfctl_vf, next_attempt_us) },
	{ "Sent", 't', offsetof(struct iavfctl_vf, daemon_counters.sent) },
	{ "Received", 't', offsetof(struct iavfctl_vf, daemon_counters.received) },
	{ "Refused", 't', offsetof(struct iavfctl_vf, daemon_counters.refused) },
	{ "Lost", 't', offsetof(struct iavfctl_vf, daemon_counters.lost) },
	{ "Negotiations", 't', offsetof(struct iavfctl_vf, daemon_counters.negotiations) },
	{ "Adopted", 't', offsetof(struct iavfctl_vf, daemon_counters.adopted) },
	{ "Answers", 't', offsetof(struct iavfctl_vf, daemon_counters.answers) },
	{ "AnswerUs", 't', offsetof(struct iavfctl_vf, daemon_counters.answer_us) },
	{ "DegradedUs", 't', offsetof(struct iavfctl_vf, daemon_counters.degraded_us) },
	{ NULL, 0, 0 },
};

static const struct text {
	const char *name;
	size_t offset, size;
} texts[] = {
	{ "PciAddress", offsetof(struct whole_vf, pci), sizeof(((struct whole_vf *)0)->pci) },
	{ "Ifname", offsetof(struct whole_vf, ifname), sizeof(((struct whole_vf *)0)->ifname) },
	{ "Reason", offsetof(struct whole_vf, reason), sizeof(((struct whole_vf *)0)->reason) },
	{ "ConfigReason", offsetof(struct whole_vf, config_reason),
	  sizeof(((struct whole_vf *)0)->config_reason) },
	{ NULL, 0, 0 },
};

static const struct flags {
	const char *name;
	size_t offset;
	const char *(*word)(unsigned int bit);
} flags[] = {
	{ "RxFlags", offsetof(struct iavfctl_vf, rx_flags), iavfctl_rx_flag_word },
	{ "Features", offsetof(struct iavfctl_vf, features), iavfctl_feature_word },
	{ "FeaturesGranted", offsetof(struct iavfctl_vf, features_granted), iavfctl_feature_word },
	{ NULL, 0, NULL },
};

static int take_number(sd_bus_message *message, const struct number *number, struct iavfctl_vf *vf)
{
	void *to = (char *)vf + number->offset;
	int value, err;

	if (number->type != 'b')
		return sd_bus_message_read(message, "v", (char []){ number->type, '\0' }, to);
	err = sd_bus_message_read(message, "v", "b", &value);
	*(bool *)to = err >= 0 && value;
	return err;
}

static int take_text(sd_bus_message *message, char *to, size_t size)
{
	const char *text = "";
	int err = sd_bus_message_read(message, "v", "s", &text);

	snprintf(to, size, "%s", text);
	return err;
}

static int take_flags(sd_bus_message *message, const struct flags *one, struct iavfctl_vf *vf)
{
	uint32_t bits = 0;
	const char *word;
	int err = sd_bus_message_enter_container(message, 'v', "as");

	if (err >= 0)
		err = sd_bus_message_enter_container(message, 'a', "s");
	while (err >= 0 && (err = sd_bus_message_read(message, "s", &word)) > 0) {
		for (unsigned int i = 0; i < 32; i++)
			bits |= one->word(i) && !strcmp(word, one->word(i)) ? 1u << i : 0;
	}
	if (err >= 0)
		err = sd_bus_message_exit_container(message);
	if (err >= 0)
		err = sd_bus_message_exit_container(message);
	*(uint32_t *)((char *)vf + one->offset) = bits;
	return err;
}

static int take_state(sd_bus_message *message, struct iavfctl_vf *vf)
{
	char word[32];
	int err = take_text(message, word, sizeof(word));

	for (unsigned int i = 0; strcmp(iavfctl_state_word(i), "unknown"); i++) {
		if (!strcmp(word, iavfctl_state_word(i)))
			vf->state = i;
	}
	return err;
}

static int take_phase(sd_bus_message *message, struct iavfctl_vf *vf)
{
	char word[32];
	int err = take_text(message, word, sizeof(word));

	vf->have |= IAVFCTL_HAVE_PHASE;
	for (unsigned int i = 0; strcmp(iavfctl_phase_word(i), "unknown"); i++) {
		if (!strcmp(word, iavfctl_phase_word(i)))
			vf->phase = i;
	}
	return err;
}

static int take_mac(sd_bus_message *message, struct iavfctl_vf *vf)
{
	uint8_t *m = vf->mac;
	char text[32];
	int err = take_text(message, text, sizeof(text));

	vf->have &= ~IAVFCTL_HAVE_MAC;
	if (sscanf(text, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx", &m[0], &m[1], &m[2], &m[3], &m[4],
		   &m[5]) == 6)
		vf->have |= IAVFCTL_HAVE_MAC;
	return err;
}

static int take_error(sd_bus_message *message, struct whole_vf *whole)
{
	const char *text = "";
	int32_t number = 0;
	int err = sd_bus_message_read(message, "v", "(is)", &number, &text);

	whole->vf.last_errno = number;
	whole->vf.last_error_age_ms = UINT32_MAX;
	snprintf(whole->error, sizeof(whole->error), "%s", text);
	return err;
}

/* A property of a newer daemon is skipped. */
static int take_property(sd_bus_message *message, const char *name, struct whole_vf *whole)
{
	for (const struct number *n = numbers; n->name; n++) {
		if (!strcmp(name, n->name))
			return take_number(message, n, &whole->vf);
	}
	for (const struct text *t = texts; t->name; t++) {
		if (!strcmp(name, t->name))
			return take_text(message, (char *)whole + t->offset, t->size);
	}
	for (const struct flags *f = flags; f->name; f++) {
		if (!strcmp(name, f->name))
			return take_flags(message, f, &whole->vf);
	}
	if (!strcmp(name, "State"))
		return take_state(message, &whole->vf);
	if (!strcmp(name, "Phase"))
		return take_phase(message, &whole->vf);
	if (!strcmp(name, "Mac"))
		return take_mac(message, &whole->vf);
	if (!strcmp(name, "LastError"))
		return take_error(message, whole);
	return sd_bus_message_skip(message, "v");
}

/* What follows from the properties. */
static void conclude(struct whole_vf *whole, uint64_t our_netns)
{
	struct iavfctl_vf *vf = &whole->vf;
	const struct { bool have; uint32_t bit; } all[] = {
		{ *whole->ifname && vf->ifindex, IAVFCTL_HAVE_NETDEV },
		{ vf->rx_queues && vf->tx_queues, IAVFCTL_HAVE_QUEUES },
		{ true, IAVFCTL_HAVE_CARRIER | IAVFCTL_HAVE_FEATURES |
			IAVFCTL_HAVE_DAEMON_COUNTERS },
		{ vf->link_mbps, IAVFCTL_HAVE_LINK_MBPS },
		{ vf->last_errno, IAVFCTL_HAVE_LAST_ERROR },
		{ vf->max_mtu || vf->max_queues || vf->vectors, IAVFCTL_HAVE_LIMITS },
	};

	for (unsigned int i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		vf->have = all[i].have ? vf->have | all[i].bit : vf->have & ~all[i].bit;
	vf->pci = whole->pci;
	vf->ifname = vf->have & IAVFCTL_HAVE_NETDEV ? whole->ifname : NULL;
	vf->netns_is_ours = vf->netns == our_netns;
	vf->reason = *whole->reason ? whole->reason : NULL;
	vf->config_reason = *whole->config_reason ? whole->config_reason : NULL;
	vf->last_error = vf->last_errno ? whole->error : NULL;
	vf->degraded = NULL;
	if (vf->phase == IAVFCTL_PHASE_DEGRADED) {
		memcpy(whole->degraded, whole->reason, sizeof(whole->degraded));
		vf->degraded = whole->degraded;
	}
}

int bus_take_properties(sd_bus_message *message, struct whole_vf *whole, uint64_t our_netns)
{
	const char *name;
	int err = sd_bus_message_enter_container(message, 'a', "{sv}");

	while (err >= 0 && (err = sd_bus_message_enter_container(message, 'e', "sv")) > 0) {
		err = sd_bus_message_read(message, "s", &name);
		if (err >= 0)
			err = take_property(message, name, whole);
		if (err >= 0)
			err = sd_bus_message_exit_container(message);
	}
	if (err < 0)
		return err;
	conclude(whole, our_netns);
	return sd_bus_message_exit_container(message);
}

/* Objects */

static int take_vf(sd_bus_message *message, uint64_t our_netns, struct iavfctl_vf **vf)
{
	struct whole_vf *whole = calloc(1, sizeof(*whole));
	int err;

	if (!whole)
		return -ENOMEM;
	iavfctl_vf_free(*vf);
	*vf = &whole->vf;
	err = bus_take_properties(message, whole, our_netns);
	return err >= 0 && !*whole->pci ? -EBADMSG : err;
}

int bus_take_interfaces(sd_bus_message *message, uint64_t our_netns, struct iavfctl_vf **vf)
{
	const char *interface;
	int err = sd_bus_message_enter_container(message, 'a', "{sa{sv}}");

	*vf = NULL;
	while (err >= 0 && (err = sd_bus_message_enter_container(message, 'e', "sa{sv}")) > 0) {
		err = sd_bus_message_read(message, "s", &interface);
		if (err >= 0 && !strcmp(interface, BUS_VF))
			err = take_vf(message, our_netns, vf);
		else if (err >= 0)
			err = sd_bus_message_skip(message, "a{sv}");
		if (err >= 0)
			err = sd_bus_message_exit_container(message);
	}
	if (err >= 0)
		err = sd_bus_message_exit_container(message);
	if (err < 0) {
		iavfctl_vf_free(*vf);
		*vf = NULL;
	}
	return err < 0 ? err : 0;
}

bool bus_names_vf(sd_bus_message *message)
{
	const char *interface;
	bool named = false;

	if (sd_bus_message_enter_container(message, 'a', "s") < 0)
		return false;
	while (!named && sd_bus_message_read(message, "s", &interface) > 0)
		named = !strcmp(interface, BUS_VF);
	return named;
}

static int add_object(sd_bus_message *reply, uint64_t our_netns, struct iavfctl_vf ***vfs,
		      size_t *count)
{
	struct iavfctl_vf *vf, **grown;
	int err = sd_bus_message_skip(reply, "o");

	if (err >= 0)
		err = bus_take_interfaces(reply, our_netns, &vf);
	if (err < 0 || !vf)
		return err;
	grown = realloc(*vfs, (*count + 1) * sizeof(*grown));
	if (!grown) {
		iavfctl_vf_free(vf);
		return -ENOMEM;
	}
	*vfs = grown;
	grown[(*count)++] = vf;
	return 0;
}

int bus_take_objects(sd_bus_message *reply, uint64_t our_netns, struct iavfctl_vf ***vfs,
		     size_t *count)
{
	int err = sd_bus_message_enter_container(reply, 'a', "{oa{sa{sv}}}");

	*vfs = NULL;
	*count = 0;
	while (err >= 0 && (err = sd_bus_message_enter_container(reply, 'e', "oa{sa{sv}}")) > 0) {
		err = add_object(reply, our_netns, vfs, count);
		if (err >= 0)
			err = sd_bus_message_exit_container(reply);
	}
	if (err < 0) {
		iavfctl_list_free(*vfs, *count);
		*vfs = NULL;
		*count = 0;
		return err;
	}
	if (*count)
		qsort(*vfs, *count, sizeof(**vfs), whole_by_pci);
	return 0;
}

bool bus_is_path_of(const char *path, const char *pci)
{
	const char *name = strrchr(path, '/');

	if (!name++)
		return false;
	for (; *name && *pci; name++, pci++) {
		if (*name != *pci && !(*name == '_' && strchr(":.", *pci)))
			return false;
	}
	return !*name && !*pci;
}
