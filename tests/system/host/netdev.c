// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * daemon/host from a command line: one job of the worker thread, in an event loop.
 * usage: netdev PCI|- IFINDEX OP [ARGUMENTS] [, OP [ARGUMENTS]]...
 *   read | mtu N | mac MAC | flags [+-]{up,promisc,allmulti} ...
 *   channels COMBINED RX TX | rings RX TX
 *   coalesce {rx-usecs,tx-usecs,adaptive-rx,adaptive-tx} N ... | features NAME on|off ...
 *   rss {key HEX,table N,N..,default,symmetric on|off} ... | hash-fields FLOW FIELDS
 *   vlan-add|vlan-del NAME ctag|stag ID [PARENT|""] [up] | vlan-mtu NAME ctag|stag ID PARENT|"" MTU
 * Prints a line for each step: its verdict, or the state as JSON. Exit 1 when one failed.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/worker.h"

#define PATIENCE_MS 1000

static char **at;	/* arguments left */

static bool more(void)
{
	return *at && strcmp(*at, ",");
}

static const char *next(void)
{
	if (!more()) {
		fprintf(stderr, "an argument is missing\n");
		exit(2);
	}
	return *at++;
}

static bool is(const char *word)
{
	if (!more() || strcmp(*at, word))
		return false;
	at++;
	return true;
}

static uint32_t number(void)
{
	return strtoul(next(), NULL, 0);
}

static bool on_off(void)
{
	return !strcmp(next(), "on");
}

static unsigned int hex(const char *text, uint8_t *to, unsigned int max)
{
	unsigned int len = 0, byte;

	for (; *text && len < max && sscanf(text, "%2x", &byte) == 1; len++) {
		to[len] = byte;
		text += strlen(text) < 2 ? 1 : 2;
		text += *text == ':';
	}
	return len;
}

static void fill_flags(struct host_step *step)
{
	while (more()) {
		const char *word = next();
		uint32_t flag = !strcmp(word + 1, "up") ? HOST_UP :
				!strcmp(word + 1, "promisc") ? HOST_PROMISC : HOST_ALLMULTI;

		step->flags.mask |= flag;
		if (*word == '+')
			step->flags.values |= flag;
	}
}

static void fill_coalesce(struct host_step *step)
{
	struct host_coalesce *to = &step->coalesce.to;

	while (more()) {
		if (is("rx-usecs")) {
			to->rx_usecs = number();
			step->coalesce.which |= HOST_RX_USECS;
		} else if (is("tx-usecs")) {
			to->tx_usecs = number();
			step->coalesce.which |= HOST_TX_USECS;
		} else if (is("adaptive-rx")) {
			to->adaptive_rx = on_off();
			step->coalesce.which |= HOST_ADAPTIVE_RX;
		} else {
			next();
			to->adaptive_tx = on_off();
			step->coalesce.which |= HOST_ADAPTIVE_TX;
		}
	}
}

static void fill_features(struct host_step *step)
{
	while (more()) {
		struct host_feature_set *to = &step->features.to[step->features.num++];

		snprintf(to->name, sizeof(to->name), "%s", next());
		to->on = on_off();
	}
}

static void fill_table(struct host_rss *to)
{
	char *list = strdup(next()), *save = NULL;

	for (char *n = strtok_r(list, ",", &save); n; n = strtok_r(NULL, ",", &save))
		to->table[to->table_len++] = atoi(n);
	free(list);
}

static void fill_rss(struct host_step *step)
{
	struct host_rss *to = &step->rss.to;

	while (more()) {
		if (is("key")) {
			to->key_len = hex(next(), to->key, sizeof(to->key));
			step->rss.which |= HOST_RSS_KEY;
		} else if (is("table")) {
			fill_table(to);
			step->rss.which |= HOST_RSS_TABLE;
		} else if (is("default")) {
			step->rss.which |= HOST_RSS_TABLE_DEFAULT;
		} else if (is("function")) {
			to->function = number();
			step->rss.which |= HOST_RSS_FUNCTION;
		} else {
			next();
			to->symmetric = on_off();
			step->rss.which |= HOST_RSS_SYMMETRIC;
		}
	}
}

static void fill_hash(struct host_step *step)
{
	const char *flow = next();

	for (step->hash.flow = 0; step->hash.flow < HOST_NUM_FLOWS; step->hash.flow++) {
		if (!strcmp(flow, host_flow_word(step->hash.flow)))
			break;
	}
	step->hash.fields = number();
}

static void fill_vlan(struct host_step *step)
{
	snprintf(step->vlan.name, sizeof(step->vlan.name), "%s", next());
	step->vlan.protocol = is("stag") ? 0x88a8 : 0x8100;
	is("ctag");
	step->vlan.id = number();
	if (more() && strcmp(*at, "up"))
		snprintf(step->vlan.parent, sizeof(step->vlan.parent), "%s", next());
	if (step->op == HOST_OP_VLAN_MTU)
		step->vlan.mtu = number();
	step->vlan.up = is("up");
}

static void fill(struct host_step *step)
{
	switch (step->op) {
	case HOST_OP_MTU:
		step->mtu = number();
		break;
	case HOST_OP_MAC:
		hex(next(), step->mac, sizeof(step->mac));
		break;
	case HOST_OP_FLAGS:
		fill_flags(step);
		break;
	case HOST_OP_CHANNELS:
		step->channels.combined = number();
		step->channels.rx = number();
		step->channels.tx = number();
		break;
	case HOST_OP_RINGS:
		step->rings.rx = number();
		step->rings.tx = number();
		break;
	case HOST_OP_COALESCE:
		fill_coalesce(step);
		break;
	case HOST_OP_FEATURES:
		fill_features(step);
		break;
	case HOST_OP_RSS:
		fill_rss(step);
		break;
	case HOST_OP_HASH_FIELDS:
		fill_hash(step);
		break;
	case HOST_OP_VLAN_ADD:
	case HOST_OP_VLAN_DEL:
	case HOST_OP_VLAN_MTU:
		fill_vlan(step);
		break;
	default:
		break;
	}
}

static enum host_op op_of(const char *word)
{
	enum host_op op = 0;

	while (op < HOST_NUM_OPS && strcmp(word, host_op_word(op)))
		op++;
	return op;
}

static const char *boolean(bool value)
{
	return value ? "true" : "false";
}

static void show_bytes(const char *name, const uint8_t *bytes, unsigned int len)
{
	printf(",\"%s\":\"", name);
	for (unsigned int i = 0; i < len; i++)
		printf("%s%02x", i ? ":" : "", bytes[i]);
	printf("\"");
}

static void show_ethtool(const struct host_state *state)
{
	const struct host_channels *ch = &state->channels;

	printf(",\"channels\":{\"combined\":%u,\"rx\":%u,\"tx\":%u", ch->combined, ch->rx, ch->tx);
	printf(",\"max_combined\":%u,\"max_rx\":%u,\"max_tx\":%u}", ch->max_combined, ch->max_rx,
	       ch->max_tx);
	printf(",\"rings\":{\"rx\":%u,\"tx\":%u,\"max_rx\":%u,\"max_tx\":%u}", state->rings.rx,
	       state->rings.tx, state->rings.max_rx, state->rings.max_tx);
	printf(",\"coalesce\":{\"rx_usecs\":%u,\"tx_usecs\":%u", state->coalesce.rx_usecs,
	       state->coalesce.tx_usecs);
	printf(",\"adaptive_rx\":%s,\"adaptive_tx\":%s}", boolean(state->coalesce.adaptive_rx),
	       boolean(state->coalesce.adaptive_tx));
	for (unsigned int i = 0; i < state->num_features; i++) {
		const struct host_feature *f = &state->features[i];

		printf("%s\"%s\":{\"active\":%s,\"wanted\":%s,\"fixed\":%s}",
		       i ? "," : ",\"features\":{", f->name, boolean(f->active), boolean(f->wanted),
		       boolean(f->fixed));
	}
	printf("%s", state->num_features ? "}" : "");
}

static void show_rss(const struct host_state *state)
{
	show_bytes("key", state->rss.key, state->rss.key_len);
	printf(",\"function\":%u,\"symmetric\":%s,\"table\":[", state->rss.function,
	       boolean(state->rss.symmetric));
	for (unsigned int i = 0; i < state->rss.table_len; i++)
		printf("%s%u", i ? "," : "", state->rss.table[i]);
	printf("],\"hash_fields\":{");
	for (enum host_flow flow = 0; flow < HOST_NUM_FLOWS; flow++)
		printf("%s\"%s\":%d", flow ? "," : "", host_flow_word(flow),
		       state->hash_fields[flow]);
	printf("}");
}

static void show(const struct host_state *state)
{
	printf("{\"ifindex\":%u,\"name\":\"%s\",\"have\":%u", state->ifindex, state->name,
	       state->have);
	printf(",\"mtu\":%u,\"min_mtu\":%u,\"max_mtu\":%u", state->mtu, state->min_mtu,
	       state->max_mtu);
	show_bytes("mac", state->mac, 6);
	printf(",\"up\":%s,\"promisc\":%s,\"allmulti\":%s", boolean(state->flags & HOST_UP),
	       boolean(state->flags & HOST_PROMISC), boolean(state->flags & HOST_ALLMULTI));
	show_ethtool(state);
	show_rss(state);
	printf(",\"vlans\":[");
	for (unsigned int i = 0; i < state->num_vlans; i++) {
		const struct host_vlan *v = &state->vlans[i];

		printf("%s{\"ifindex\":%u,\"name\":\"%s\",\"parent\":\"%s\"", i ? "," : "",
		       v->ifindex, v->name, v->parent_name);
		printf(",\"protocol\":\"%s\",\"id\":%u,\"mtu\":%u,\"up\":%s}",
		       v->protocol == 0x88a8 ? "802.1ad" : "802.1Q", v->id, v->mtu, boolean(v->up));
	}
	printf("]}\n");
}

static void print(const struct host_step *step)
{
	const struct host_error *error = &step->error;

	if (step->verdict == HOST_NOT_RUN)
		printf("%s not-run\n", host_op_word(step->op));
	else if (step->verdict == HOST_FAILED)
		printf("%s %s %s: %s\n", host_op_word(step->op), strerrorname_np(-error->err),
		       error->from_kernel ? "kernel" : "own", error->sentence);
	else if (step->state)
		show(step->state);
	else
		printf("%s done%s\n", host_op_word(step->op), step->changed ? " changed" : "");
}

static void done(void *ctx, struct host_job *job)
{
	for (unsigned int i = 0; i < host_job_num(job); i++)
		print(host_job_step(job, i));
	sd_event_exit(ctx, host_job_failed(job) != NULL);
}

static struct host_job *parse(sd_event *event, const struct host_ref *ref)
{
	struct host_job *job = host_job_new(done, event);

	while (*at) {
		enum host_op op = op_of(next());

		if (op == HOST_NUM_OPS) {
			fprintf(stderr, "no such operation\n");
			exit(2);
		}
		fill(host_job_add(job, op, ref));
		if (*at)
			at++;
	}
	return job;
}

int main(int argc, char **argv)
{
	struct host_worker *worker;
	struct host_ref ref = { 0 };
	sd_event *event;
	int code;

	if (argc < 4)
		return 2;
	if (strcmp(argv[1], "-"))
		snprintf(ref.pci, sizeof(ref.pci), "%s", argv[1]);
	ref.ifindex = atoi(argv[2]);
	at = argv + 3;
	if (sd_event_new(&event) < 0 || host_worker_new(event, NULL, &worker) < 0 ||
	    host_worker_submit(worker, parse(event, &ref)) < 0)
		return 3;
	code = sd_event_loop(event);
	host_worker_free(worker, PATIENCE_MS);
	sd_event_unref(event);
	return code;
}
