// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <json.h>

#include "host.h"
#include "json_out.h"
#include "output.h"
#include "verbs.h"

const char metrics_help[] =
	"Numbers of the daemon and of all VFs in the text format of Prometheus. For node_exporter:\n"
	"  iavfctl metrics -o /var/lib/prometheus/node-exporter/iavf.prom\n"
	"from a timer. Without daemon or kernel module iavf_daemon_up or iavf_module_up is 0, and\n"
	"what they know is missing; that is no failure. Labels pciAddr, pf and vf are those of the\n"
	"SR-IOV exporter; pf and vf are empty in a virtual machine.\n";

const struct cli_option metrics_options[] = {
	{ "output", 'o', "FILE", NULL, "there, exchanged as a whole; '-', the default, is stdout" },
	{ NULL, 0, NULL, NULL, NULL },
};

struct all {
	struct iavfctl_daemon *daemon;
	struct iavfctl_vf **vfs;	/* the kernel's view */
	size_t count;
	bool module;
	struct iavfctl_vf **theirs;	/* the daemon's */
	size_t num_theirs;
	struct host_pf *pfs;		/* of vfs */
};

/* Rows: one number of a VF. In microseconds where the scale is 1e6. */
struct row {
	const char *name, *type, *help;
	uint32_t have;
	size_t offset;
	enum { U64, U32, BOOL } width;
	double divisor;
};

#define KERNEL(name, help, member)	\
	{ name "_total", "counter", help, IAVFCTL_HAVE_COUNTERS, \
	  offsetof(struct iavfctl_vf, counters.member), U64, 0 }
#define DAEMON(name, help, member)	\
	{ name "_total", "counter", help, IAVFCTL_HAVE_DAEMON_COUNTERS, \
	  offsetof(struct iavfctl_vf, daemon_counters.member), U64, 0 }
#define DAEMON_SECONDS(name, help, member)	\
	{ name "_seconds_total", "counter", help, IAVFCTL_HAVE_DAEMON_COUNTERS, \
	  offsetof(struct iavfctl_vf, daemon_counters.member), U64, 1e6 }
#define GAUGE(name, help, have, member, width, divisor)	\
	{ name, "gauge", help, have, offsetof(struct iavfctl_vf, member), width, divisor }

static const struct row kernel_rows[] = {
	GAUGE("iavf_vf_carrier", "Whether the link is up.", IAVFCTL_HAVE_CARRIER, carrier, BOOL, 0),
	GAUGE("iavf_vf_mtu_bytes", "MTU of the interface.", IAVFCTL_HAVE_NETDEV, mtu, U32, 0),
	GAUGE("iavf_vf_rx_queues", "Receive queues in use.", IAVFCTL_HAVE_QUEUES, rx_queues, U32, 0),
	GAUGE("iavf_vf_tx_queues", "Transmit queues in use.", IAVFCTL_HAVE_QUEUES, tx_queues, U32,
	      0),
	GAUGE("iavf_vf_owner_unresponsive", "Whether its owner does not answer the kernel.", 0,
	      unresponsive, BOOL, 0),
	GAUGE("iavf_vf_absence_in_force", "Whether its policy of absence is in force.",
	      IAVFCTL_HAVE_ABSENCE, absent, BOOL, 0),
	GAUGE("iavf_vf_last_absence_seconds", "How long nobody controlled it the last time.",
	      IAVFCTL_HAVE_ABSENCE, absent_us, U64, 1e6),
	GAUGE("iavf_vf_last_reset_seconds", "How long the last reset took.", IAVFCTL_HAVE_COUNTERS,
	      counters.reset_us, U64, 1e6),
	KERNEL("iavf_vf_resets", "Resets of the VF.", resets),
	KERNEL("iavf_vf_mailbox_sent", "Messages to the PF.", mbx_sent),
	KERNEL("iavf_vf_mailbox_received", "Messages from the PF.", mbx_received),
	KERNEL("iavf_vf_mailbox_stale", "Messages of an older generation, dropped or refused.",
	       stale),
	KERNEL("iavf_vf_mailbox_overruns", "Answers dropped because the owner did not read.",
	       overrun),
	KERNEL("iavf_vf_requests", "Requests of users that went to the owner.", requests),
	KERNEL("iavf_vf_requests_failed", "Those that failed.", requests_failed),
	KERNEL("iavf_vf_sessions", "Owners so far; restarts of the daemon count.", sessions),
	KERNEL("iavf_vf_unproven_stops", "Stops for which bus mastering had to be cut.",
	       unproven_stops),
	{ NULL, NULL, NULL, 0, 0, U64, 0 },
};

static const struct row daemon_rows[] = {
	GAUGE("iavf_vf_attempts", "How often in a row the daemon tried to get on with its PF.",
	      IAVFCTL_HAVE_PHASE, attempts, U32, 0),
	DAEMON("iavf_vf_refusals", "Answers of the PF that were refusals.", refused),
	DAEMON("iavf_vf_answers_lost", "Messages that the PF did not answer.", lost),
	DAEMON("iavf_vf_answers", "Answers of the PF to messages.", answers),
	DAEMON_SECONDS("iavf_vf_answer", "How long all of those took.", answer_us),
	DAEMON_SECONDS("iavf_vf_degraded", "How long it was degraded.", degraded_us),
	DAEMON("iavf_vf_negotiations", "Negotiations that this daemon finished.", negotiations),
	DAEMON("iavf_vf_adoptions", "States taken over from the daemon before.", adopted),
	{ NULL, NULL, NULL, 0, 0, U64, 0 },
};

static void head(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void put_label(FILE *out, const char *name, const char *value)
{
	fprintf(out, "%s=\"", name);
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			fputc('\\', out);
		fputc(*value, out);
	}
	fputc('"', out);
}

/* The labels that each number of a VF has; a VF is known to the kernel when it has a PF here. */
static void put_vf(FILE *out, const struct all *all, const char *name, const struct iavfctl_vf *vf)
{
	const struct host_pf *pf = NULL;

	for (size_t i = 0; i < all->count && !pf; i++)
		pf = strcmp(all->vfs[i]->pci, vf->pci) ? NULL : &all->pfs[i];
	fprintf(out, "%s{", name);
	put_label(out, "pciAddr", vf->pci);
	fputc(',', out);
	put_label(out, "pf", pf ? pf->ifname : "");
	fputc(',', out);
	put_label(out, "vf", pf ? pf->index : "");
}

static void put_value(FILE *out, const struct row *row, const struct iavfctl_vf *vf)
{
	const char *from = (const char *)vf + row->offset;
	uint64_t value = 0;
	uint32_t small;

	if (row->width == U64) {
		memcpy(&value, from, sizeof(value));
	} else if (row->width == U32) {
		memcpy(&small, from, sizeof(small));
		value = small;
	} else {
		value = *(const bool *)from;
	}
	if (row->divisor)
		fprintf(out, "} %.6f\n", (double)value / row->divisor);
	else
		fprintf(out, "} %" PRIu64 "\n", value);
}

static void put_rows(FILE *out, const struct all *all, const struct row *rows,
		     struct iavfctl_vf *const *vfs, size_t count)
{
	for (const struct row *row = rows; count && row->name; row++) {
		head(out, row->name, row->type, row->help);
		for (size_t i = 0; i < count; i++) {
			if ((vfs[i]->have & row->have) != row->have)
				continue;
			put_vf(out, all, row->name, vfs[i]);
			put_value(out, row, vfs[i]);
		}
	}
}

/* One number for each word, of which one is 1. */
static void put_words(FILE *out, const struct all *all, const char *name, const char *label,
		      const struct iavfctl_vf *vf, unsigned int value,
		      const char *(*word)(unsigned int))
{
	for (unsigned int i = 0; strcmp(word(i), "unknown"); i++) {
		put_vf(out, all, name, vf);
		fputc(',', out);
		put_label(out, label, word(i));
		fprintf(out, "} %d\n", i == value);
	}
}

static const char *state_word(unsigned int state)
{
	return iavfctl_state_word(state);
}

static const char *phase_word(unsigned int phase)
{
	return iavfctl_phase_word(phase);
}

static bool is_ready(const struct iavfctl_vf *vf)
{
	return vf->phase == IAVFCTL_PHASE_READY || vf->phase == IAVFCTL_PHASE_DEGRADED;
}

static void put_kernel(FILE *out, const struct all *all)
{
	if (!all->count)
		return;
	head(out, "iavf_vf_info", "gauge", "A VF and its interface, always 1.");
	for (size_t i = 0; i < all->count; i++) {
		put_vf(out, all, "iavf_vf_info", all->vfs[i]);
		fputc(',', out);
		put_label(out, "ifname", all->vfs[i]->ifname ?: "");
		fputs("} 1\n", out);
	}
	head(out, "iavf_vf_state", "gauge", "What the kernel knows: 1 for the state it is in.");
	for (size_t i = 0; i < all->count; i++)
		put_words(out, all, "iavf_vf_state", "state", all->vfs[i], all->vfs[i]->state,
			  state_word);
	head(out, "iavf_vf_degraded", "gauge", "Whether the PF refused something.");
	for (size_t i = 0; i < all->count; i++) {
		put_vf(out, all, "iavf_vf_degraded", all->vfs[i]);
		fprintf(out, "} %d\n", all->vfs[i]->degraded != NULL);
	}
	head(out, "iavf_vf_link_speed_bytes", "gauge",
	     "Speed of the physical port, bytes a second.");
	for (size_t i = 0; i < all->count; i++) {
		if (!(all->vfs[i]->have & IAVFCTL_HAVE_LINK_MBPS))
			continue;
		put_vf(out, all, "iavf_vf_link_speed_bytes", all->vfs[i]);
		fprintf(out, "} %" PRIu64 "\n", all->vfs[i]->link_mbps * UINT64_C(125000));
	}
	put_rows(out, all, kernel_rows, all->vfs, all->count);
}

static void put_daemon(FILE *out, const struct all *all)
{
	if (!all->daemon)
		return;
	head(out, "iavf_daemon_attached", "gauge", "Whether the daemon holds the VFs.");
	fprintf(out, "iavf_daemon_attached %d\n", all->daemon->attached);
	if (!all->num_theirs)
		return;
	head(out, "iavf_vf_ready", "gauge", "Whether it can be used.");
	for (size_t i = 0; i < all->num_theirs; i++) {
		put_vf(out, all, "iavf_vf_ready", all->theirs[i]);
		fprintf(out, "} %d\n", is_ready(all->theirs[i]));
	}
	head(out, "iavf_vf_phase", "gauge", "What the daemon makes of it: 1 for its phase.");
	for (size_t i = 0; i < all->num_theirs; i++)
		put_words(out, all, "iavf_vf_phase", "phase", all->theirs[i], all->theirs[i]->phase,
			  phase_word);
	put_rows(out, all, daemon_rows, all->theirs, all->num_theirs);
}

static void put_all(FILE *out, const struct all *all)
{
	head(out, "iavf_build_info", "gauge", "Versions, always 1.");
	fputs("iavf_build_info{", out);
	put_label(out, "iavfctl", IAVF_VERSION);
	fputc(',', out);
	put_label(out, "iavfd", all->daemon ? all->daemon->version : "");
	fputs("} 1\n", out);
	head(out, "iavf_module_up", "gauge", "Whether the kernel module answers.");
	fprintf(out, "iavf_module_up %d\n", all->module);
	head(out, "iavf_daemon_up", "gauge", "Whether the daemon answers on D-Bus.");
	fprintf(out, "iavf_daemon_up %d\n", all->daemon != NULL);
	put_kernel(out, all);
	put_daemon(out, all);
}

static int fetch(struct cli *cli, struct iavfctl *ctl, struct all *all)
{
	enum iavfctl_error error = iavfctl_list(ctl, &all->vfs, &all->count);

	if (error && error != IAVFCTL_NO_MODULE)
		return cli_fail(cli, error, "%s", iavfctl_sentence(ctl));
	all->module = !error;
	all->pfs = calloc(all->count + 1, sizeof(*all->pfs));
	if (!all->pfs)
		return cli_fail(cli, IAVFCTL_FAILED, "out of memory");
	for (size_t i = 0; i < all->count; i++)
		host_pf(cli, all->vfs[i]->pci, &all->pfs[i]);
	if (!iavfctl_daemon(ctl, &all->daemon))
		iavfctl_daemon_list(ctl, &all->theirs, &all->num_theirs);
	return 0;
}

static void print_json(FILE *out, const struct all *all)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	if (!to)
		return;
	put_all(to, all);
	fclose(to);
	json_put_document(out, "metrics", json_object_new_string(text));
	free(text);
}

int verb_metrics(struct cli *cli, const struct verb *verb, int argc, char **argv)
{
	const char *values[] = { "-" };
	struct all all = { .daemon = NULL };
	struct output output;
	struct iavfctl *ctl;
	int code = cli_options_with(cli, verb, argc, argv, 0, 0, values);

	if (code >= 0)
		return code;
	code = (int)cli_open(cli, &ctl);
	if (code)
		return code;
	code = fetch(cli, ctl, &all);
	if (!code)
		code = output_open(cli, &output, values[0], 0644);
	if (code == -1) {
		if (cli->json)
			print_json(output.file, &all);
		else
			put_all(output.file, &all);
		code = output_close(cli, &output, 0);
	}
	iavfctl_daemon_free(all.daemon);
	iavfctl_list_free(all.vfs, all.count);
	iavfctl_list_free(all.theirs, all.num_theirs);
	free(all.pfs);
	iavfctl_close(ctl);
	return code;
}
