// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdarg.h>

#include "json_out.h"
#include "table.h"
#include "text.h"
#include "verbs.h"

const char list_help[] =
	"One line a VF:\n"
	"  PCI         address on the bus\n"
	"  IFNAME      network interface, @ and its namespace's inode when that is not ours\n"
	"  STATE       dead, resetting, mailbox (no interface yet), ready or degraded\n"
	"  LINK        up or down\n"
	"  SPEED       of the physical port\n"
	"  MAC, MTU\n"
	"  QUEUES      queue pairs in use\n"
	"  GENERATION  counts resets of the VF\n"
	"  OWNER       process that negotiates for it; ! when it does not answer\n";

static const char *const heads[] = {
	"PCI", "IFNAME", "STATE", "LINK", "SPEED", "MAC", "MTU", "QUEUES", "GENERATION", "OWNER",
};

enum { PCI, IFNAME, STATE, LINK, SPEED, MAC, MTU, QUEUES, GENERATION, OWNER, COLUMNS };

static void set(const struct table *table, size_t row, unsigned int column, const char *text)
{
	snprintf(table_cell(table, row, column), TABLE_CELL, "%s", text);
}

__attribute__((format(printf, 5, 6)))
static void set_if(bool known, const struct table *table, size_t row, unsigned int column,
		   const char *format, ...)
{
	va_list args;

	if (!known) {
		set(table, row, column, "-");
		return;
	}
	va_start(args, format);
	vsnprintf(table_cell(table, row, column), TABLE_CELL, format, args);
	va_end(args);
}

static void set_queues(const struct table *table, size_t row, const struct iavfctl_vf *vf)
{
	bool known = vf->have & IAVFCTL_HAVE_QUEUES;

	if (vf->rx_queues == vf->tx_queues)
		set_if(known, table, row, QUEUES, "%" PRIu32, vf->rx_queues);
	else
		set_if(known, table, row, QUEUES, "%" PRIu32 "/%" PRIu32, vf->rx_queues,
		       vf->tx_queues);
}

static void set_row(const struct table *table, size_t row, const struct iavfctl_vf *vf)
{
	char mac[18];

	set(table, row, PCI, vf->pci);
	text_ifname(vf, table_cell(table, row, IFNAME), TABLE_CELL);
	set(table, row, STATE, text_state(vf));
	set_if(vf->have & IAVFCTL_HAVE_CARRIER, table, row, LINK, vf->carrier ? "up" : "down");
	text_speed(vf, table_cell(table, row, SPEED), TABLE_CELL);
	text_mac(vf, mac);
	set(table, row, MAC, mac);
	set_if(vf->have & IAVFCTL_HAVE_NETDEV, table, row, MTU, "%" PRIu32, vf->mtu);
	set_queues(table, row, vf);
	set_if(true, table, row, GENERATION, "%" PRIu32, vf->generation);
	set_if(vf->have & IAVFCTL_HAVE_OWNER, table, row, OWNER, "%" PRIu32 "%s", vf->owner_pid,
	       vf->unresponsive ? "!" : "");
}

static int print_table(struct cli *cli, struct iavfctl_vf *const *vfs, size_t count)
{
	struct table table;

	if (table_init(&table, COLUMNS, count + 1))
		return cli_fail(cli, IAVFCTL_FAILED, "out of memory");
	for (unsigned int i = 0; i < COLUMNS; i++)
		set(&table, 0, i, heads[i]);
	for (size_t i = 0; i < count; i++)
		set_row(&table, i + 1, vfs[i]);
	table_print(&table, cli->out);
	table_free(&table);
	return 0;
}

int verb_list(struct cli *cli, const struct verb *verb, int argc, char **argv)
{
	struct iavfctl_vf **vfs;
	struct iavfctl *ctl;
	enum iavfctl_error error;
	size_t count;
	int code = cli_start(cli, verb, argc, argv, 0, 0, &ctl);

	if (code >= 0)
		return code;
	error = iavfctl_list(ctl, &vfs, &count);
	if (error)
		code = cli_fail(cli, error, "%s", iavfctl_sentence(ctl));
	else
		code = 0;
	if (!error && cli->json)
		json_put_vfs(cli->out, vfs, count);
	else if (!error)
		code = print_table(cli, vfs, count);
	iavfctl_list_free(vfs, count);
	iavfctl_close(ctl);
	return code;
}
