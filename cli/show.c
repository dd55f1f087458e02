// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "json_out.h"
#include "text.h"
#include "verbs.h"

const char show_help[] =
	"Everything about one VF.\n"
	"VF is a PCI address (0000:3b:02.0 or 3b:02.0), an interface name, or a prefix of one\n"
	"that fits no other VF.\n";

__attribute__((format(printf, 3, 4)))
static void line(FILE *out, const char *word, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fprintf(out, "  %-18s", word);
	vfprintf(out, format, args);
	fputc('\n', out);
	va_end(args);
}

static void words(FILE *out, const char *name, uint32_t bits, const char *(*word)(unsigned int bit))
{
	bool any = false;

	fprintf(out, "  %-18s", name);
	for (unsigned int i = 0; i < 32; i++) {
		if (!(bits & (1u << i)) || !word(i))
			continue;
		fprintf(out, "%s%s", any ? " " : "", word(i));
		any = true;
	}
	fputs(any ? "\n" : "none\n", out);
}

static void show_netdev(FILE *out, const struct iavfctl_vf *vf)
{
	char mac[18], speed[16];

	text_mac(vf, mac);
	text_speed(vf, speed, sizeof(speed));
	if (vf->have & IAVFCTL_HAVE_NETDEV) {
		line(out, "ifname", "%s (index %" PRIu32 ")", vf->ifname, vf->ifindex);
		line(out, "netns", "%" PRIu64 "%s", vf->netns,
		     vf->netns_is_ours ? " (this one)" : "");
		line(out, "mtu", "%" PRIu32, vf->mtu);
	} else {
		line(out, "ifname", "-");
	}
	if (vf->max_mtu)
		line(out, "max-mtu", "%" PRIu32, vf->max_mtu);
	line(out, "mac", "%s", mac);
	if (vf->have & IAVFCTL_HAVE_CARRIER)
		line(out, "carrier", "%s", vf->carrier ? "up" : "down");
	line(out, "link", "%s", speed);
	words(out, "rx-flags", vf->rx_flags, iavfctl_rx_flag_word);
}

static void show_queues(FILE *out, const struct iavfctl_vf *vf)
{
	if (vf->have & IAVFCTL_HAVE_QUEUES) {
		line(out, "queues", "%" PRIu32 " rx, %" PRIu32 " tx", vf->rx_queues, vf->tx_queues);
		line(out, "rings", "%" PRIu32 " rx, %" PRIu32 " tx descriptors", vf->rx_ring,
		     vf->tx_ring);
	}
	if (vf->max_queues)
		line(out, "max-queues", "%" PRIu32 " pairs", vf->max_queues);
	if (vf->vectors)
		line(out, "vectors", "%" PRIu32, vf->vectors);
	words(out, "features", vf->features, iavfctl_feature_word);
	words(out, "features-granted", vf->features_granted, iavfctl_feature_word);
}

static void show_owner(FILE *out, const struct iavfctl_vf *vf)
{
	const char *name = strerrorname_np((int)vf->last_errno);

	if (vf->have & IAVFCTL_HAVE_OWNER)
		line(out, "owner-pid", "%" PRIu32 "%s", vf->owner_pid,
		     vf->unresponsive ? " (unresponsive)" : "");
	else
		line(out, "owner-pid", "- (no iavfd attached)");
	if (vf->have & IAVFCTL_HAVE_LAST_ERROR)
		line(out, "last-error", "%s: %s (%" PRIu32 ".%" PRIu32 " s ago)", name ?: "unknown",
		     vf->last_error, vf->last_error_age_ms / 1000,
		     vf->last_error_age_ms / 100 % 10);
	else
		line(out, "last-error", "none");
}

static void show_absence(FILE *out, const struct iavfctl_vf *vf)
{
	const char *word = iavfctl_absence_word(vf->on_absence);

	if (!(vf->have & IAVFCTL_HAVE_ABSENCE))
		return;
	if (vf->on_absence == IAVFCTL_ABSENCE_HOLD)
		line(out, "on-absence", "%s", word);
	else
		line(out, "on-absence", "%s after %" PRIu32 " s%s", word, vf->grace_ms / 1000,
		     vf->absent ? " (in force: nobody controls the VF)" : "");
}

static void show(FILE *out, const struct iavfctl_vf *vf)
{
	fprintf(out, "%s\n", vf->pci);
	line(out, "state", "%s", iavfctl_state_word(vf->state));
	line(out, "degraded", "%s", vf->degraded ?: "no");
	line(out, "generation", "%" PRIu32, vf->generation);
	line(out, "id", "%" PRIu32, vf->id);
	show_netdev(out, vf);
	show_queues(out, vf);
	show_owner(out, vf);
	show_absence(out, vf);
	if (!(vf->have & IAVFCTL_HAVE_COUNTERS))
		return;
	fputs("  counters\n", out);
	for (unsigned int i = 0; counter_rows[i].word; i++)
		fprintf(out, "    %-16s%" PRIu64 "\n", counter_rows[i].word, counter_value(vf, i));
}

int verb_show(struct cli *cli, const struct verb *verb, int argc, char **argv)
{
	enum iavfctl_error error;
	struct iavfctl_vf *vf;
	struct iavfctl *ctl;
	int code = cli_start(cli, verb, argc, argv, 1, 1, &ctl);

	if (code >= 0)
		return code;
	code = 0;
	error = iavfctl_get(ctl, argv[optind], &vf);
	if (error)
		code = cli_fail(cli, error, "%s", iavfctl_sentence(ctl));
	else if (cli->json)
		json_put_vfs(cli->out, &vf, 1);
	else
		show(cli->out, vf);
	iavfctl_vf_free(vf);
	iavfctl_close(ctl);
	return code;
}
