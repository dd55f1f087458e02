// SPDX-License-Identifier: GPL-2.0-or-later
/* Transactions over models of netdevs: orders are carried out one by one, and any of them may fail. */
#include <errno.h>

#include "netdev_model.h"
#include "test.h"

#define VFS	3

enum order { NONE, LOOK, KEEP, HOST, SESSION, POLICY, PAUSE, OVER };

static struct netdev_model vfs[VFS];
static char *before[VFS];
static struct txn *txn;
/* The order that is out. */
static enum order out;
static const char *out_pci;
static const struct host_step *out_step;
static const struct vf_config *out_to;
static uint64_t out_settings;
/* The n-th change from now fails so; 0: none. */
static unsigned int fail_at, fail_for, changes, pauses, kept;
static int fail_with;
static uint32_t seed;

static uint32_t rnd(uint32_t below)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % below;
}

static void io_look(void *ctx, const char *pci)
{
	out = LOOK;
	out_pci = pci;
}

static void io_keep(void *ctx)
{
	out = KEEP;
}

static void io_host(void *ctx, const char *pci, const struct host_step *step)
{
	out = HOST;
	out_pci = pci;
	out_step = step;
}

static void io_session(void *ctx, const char *pci, const struct host_step *step)
{
	io_host(ctx, pci, step);
	out = SESSION;
}

static void io_daemon(void *ctx, const char *pci, uint64_t settings, const struct vf_config *to)
{
	out = POLICY;
	out_pci = pci;
	out_settings = settings;
	out_to = to;
}

static void io_pause(void *ctx, unsigned int attempt)
{
	out = PAUSE;
	pauses++;
}

static void io_over(void *ctx)
{
	out = OVER;
}

static const struct txn_io io = {
	NULL, io_look, io_keep, io_host, io_session, io_daemon, io_pause, io_over
};

static struct netdev_model *model_of(const char *pci)
{
	for (unsigned int i = 0; i < VFS; i++) {
		if (!strcmp(vfs[i].pci, pci))
			return &vfs[i];
	}
	return NULL;
}

static void answer_look(void)
{
	struct txn_look look;
	int err = netdev_model_look(model_of(out_pci), &look);

	if (err)
		txn_done(txn, err, NULL);
	else
		txn_looked(txn, &look);
}

static bool fails(void)
{
	changes++;
	return fail_at && changes >= fail_at && changes < fail_at + fail_for;
}

static void answer_change(enum order order)
{
	int err;

	if (fails())
		err = fail_with;
	else if (order == POLICY)
		err = netdev_model_policy(model_of(out_pci), out_settings, out_to);
	else
		err = netdev_model_step(model_of(out_pci), out_step);
	txn_done(txn, err, err == fail_with ? "the PF says no" : NULL);
}

static void answer(enum order order)
{
	if (order == LOOK) {
		answer_look();
	} else if (order == KEEP) {
		kept++;
		txn_done(txn, fail_with && !fail_at ? fail_with : 0, NULL);
	} else if (order == PAUSE) {
		txn_done(txn, 0, NULL);
	} else {
		answer_change(order);
	}
}

static void drive(void)
{
	enum order order;

	changes = pauses = kept = 0;
	txn_start(txn);
	while (out != OVER) {
		CHECK(out != NONE);
		order = out;
		out = NONE;
		answer(order);
	}
	fail_at = fail_for = fail_with = 0;
}

static void fresh(void)
{
	static const char *const names[VFS] = { "0000:00:08.0", "0000:00:09.0", "0000:00:0a.0" };

	txn_free(txn);
	txn = NULL;
	out = NONE;
	fail_at = fail_for = fail_with = 0;
	for (unsigned int i = 0; i < VFS; i++) {
		netdev_model_free(&vfs[i]);
		netdev_model_init(&vfs[i], names[i]);
	}
}

static void note_before(void)
{
	for (unsigned int i = 0; i < VFS; i++) {
		free(before[i]);
		before[i] = netdev_model_print(&vfs[i]);
	}
}

static void check_as_before(void)
{
	for (unsigned int i = 0; i < VFS; i++) {
		char *now = netdev_model_print(&vfs[i]);
		bool same = !strcmp(now, before[i]);

		if (!same)
			printf("# before %s\n# after  %s\n", before[i], now);
		free(now);
		CHECK(same);
	}
}

static struct vf_config *config(const char *settings)
{
	struct vf_config *config;
	char text[4096], *error = NULL;

	snprintf(text, sizeof(text), "{\"schema\":\"iavf-config/1\",\"config\":{%s}}", settings);
	if (vf_config_read(text, strlen(text), &config, &error))
		printf("# %s\n", error);
	CHECK(!error);
	return config;
}

static void start(enum txn_kind kind)
{
	txn_free(txn);
	txn = txn_new(kind, &io);
	CHECK(txn);
}

static void want(unsigned int vf, const char *settings, const char *ours)
{
	struct vf_config *wanted = config(settings), *may_go = ours ? config(ours) : NULL;

	CHECK(!txn_add(txn, vfs[vf].pci, wanted, may_go));
	vf_config_free(wanted);
	vf_config_free(may_go);
}

static void apply(const char *settings)
{
	start(TXN_APPLY);
	want(0, settings, NULL);
	drive();
}

static bool reason_has(const char *words)
{
	return txn_reason(txn) && strstr(txn_reason(txn), words);
}

static void t_apply(void)
{
	fresh();
	apply("\"mtu\":9000,\"rx_queues\":8,\"tx_queues\":6,\"rss\":{\"equal\":8},\"vlan\":{\"budget\":9}");
	CHECK_EQ(txn_outcome(txn), TXN_APPLIED);
	CHECK_EQ(kept, 1);
	CHECK_EQ(vfs[0].host.mtu, 9000);
	CHECK_EQ(vfs[0].host.channels.combined, 6);
	CHECK_EQ(vfs[0].host.channels.rx, 2);
	CHECK_EQ(vfs[0].host.rss.table[9], 1);
	CHECK(vf_config_get(vfs[0].policy, SETTING_VLAN_BUDGET));
	apply("\"mtu\":9000,\"rss\":{\"equal\":8}");
	CHECK_EQ(txn_outcome(txn), TXN_UNCHANGED);
	/* what is so without anybody's wish */
	apply("\"vlan\":{\"filters\":{\"ctag\":[]},\"allowed\":{\"stag\":\"1-4094\"}}");
	CHECK_EQ(txn_outcome(txn), TXN_UNCHANGED);
	CHECK_EQ(kept, 0);
}

static void t_plan(void)
{
	fresh();
	note_before();
	start(TXN_PLAN);
	want(0, "\"mtu\":9000", NULL);
	want(1, "\"mtu\":1500", NULL);
	drive();
	CHECK_EQ(txn_outcome(txn), TXN_PLANNED);
	CHECK_EQ(changes, 0);
	CHECK_EQ(kept, 0);
	CHECK_EQ(txn_vf(txn, 0)->num, 1);
	CHECK_EQ(txn_vf(txn, 1)->num, 0);
	check_as_before();
}

/* What cannot be is known before anything is done, on whichever VF it is. */
static void t_refused(void)
{
	fresh();
	note_before();
	start(TXN_APPLY);
	want(0, "\"mtu\":9000", NULL);
	want(1, "\"rss\":{\"equal\":9}", NULL);
	drive();
	CHECK_EQ(txn_outcome(txn), TXN_REFUSED);
	CHECK(reason_has("0000:00:09.0: the RSS table"));
	CHECK_EQ(changes, 0);
	check_as_before();
}

/* Without a checkpoint on disk nothing is touched. */
static void t_not_kept(void)
{
	fresh();
	note_before();
	fail_with = -ENOSPC;
	apply("\"mtu\":9000");
	CHECK_EQ(txn_outcome(txn), TXN_REFUSED);
	CHECK_EQ(txn_error(txn), -ENOSPC);
	CHECK(reason_has("cannot be kept"));
	check_as_before();
}

static const char *const all =
	"\"mac\":\"02:00:00:00:00:99\",\"mtu\":9000,\"rx_queues\":8,\"tx_queues\":6,\"rx_ring\":1024,"
	"\"promisc\":true,\"moderation\":{\"rx_adaptive\":false,\"rx_usecs\":100},"
	"\"features\":{\"tso\":false,\"vlan-ctag-strip\":false},"
	"\"vlan\":{\"budget\":9,\"allowed\":{\"ctag\":\"1-9\"},\"devices\":[{\"id\":5,\"mtu\":4000,\"devices\":[{\"id\":6}]}]},"
	"\"rss\":{\"equal\":8,\"hash_function\":\"toeplitz-symmetric\",\"fields\":{\"tcp4\":[\"src-ip\"]}},"
	"\"on_absence\":\"isolate\",\"grace_ms\":500";

/* Whichever step fails, and however often after it: as it was before, to the byte. */
static void t_every_step_fails(void)
{
	unsigned int num;

	fresh();
	start(TXN_APPLY);
	want(0, all, NULL);
	want(2, all, NULL);
	drive();
	CHECK_EQ(txn_outcome(txn), TXN_APPLIED);
	num = changes;
	CHECK(num > 20);
	for (unsigned int i = 1; i <= num; i++) {
		for (unsigned int times = 1; times <= 4; times += 3) {
			fresh();
			note_before();
			fail_at = i;
			fail_for = times;
			fail_with = -EPERM;
			start(TXN_APPLY);
			want(0, all, NULL);
			want(2, all, NULL);
			drive();
			CHECK_EQ(txn_outcome(txn), TXN_ROLLED_BACK);
			CHECK_EQ(txn_error(txn), -EPERM);
			CHECK(reason_has("the PF says no"));
			check_as_before();
		}
	}
}

static void t_stuck(void)
{
	fresh();
	note_before();
	fail_at = 3;
	fail_for = 10000;
	fail_with = -EPERM;
	apply(all);
	CHECK_EQ(txn_outcome(txn), TXN_STUCK);
	CHECK(txn_vf(txn, 0)->stuck);
	CHECK_EQ(pauses, 4);
	CHECK(reason_has("the PF says no"));
}

/* A VF that goes takes with it what was changed of it; the others come back. */
static void t_gone(void)
{
	fresh();
	note_before();
	start(TXN_APPLY);
	want(0, "\"mtu\":9000", NULL);
	want(1, "\"mtu\":9000", NULL);
	vfs[1].gone = true;
	drive();
	CHECK_EQ(txn_outcome(txn), TXN_REFUSED);
	vfs[1].gone = false;
	check_as_before();
}

static void t_assert(void)
{
	fresh();
	start(TXN_ASSERT);
	want(0, "\"mtu\":9700,\"rx_ring\":1024", NULL);
	want(1, "\"rss\":{\"equal\":9}", NULL);
	want(2, "\"mtu\":9000", NULL);
	vfs[0].host.max_mtu = 9000;
	drive();
	CHECK_EQ(txn_outcome(txn), TXN_PARTLY);
	CHECK_EQ(vfs[0].host.rings.rx, 1024);
	CHECK_EQ(vfs[0].host.mtu, 1500);
	CHECK_EQ(vfs[2].host.mtu, 9000);
	CHECK_EQ(txn_vf(txn, 1)->err, -EINVAL);
	CHECK_EQ(kept, 0);
}

static void t_fewer_queues(void)
{
	fresh();
	apply("\"rx_queues\":8,\"rss\":{\"equal\":8}");
	CHECK_EQ(txn_outcome(txn), TXN_APPLIED);
	note_before();
	apply("\"rx_queues\":2");
	CHECK_EQ(txn_outcome(txn), TXN_ROLLED_BACK);
	check_as_before();
	apply("\"rx_queues\":2,\"rss\":{\"equal\":2}");
	CHECK_EQ(txn_outcome(txn), TXN_APPLIED);
	CHECK_EQ(vfs[0].host.channels.combined + vfs[0].host.channels.rx, 2);
}

/* A table that is right before may not be behind more queues, when it was nobody's. */
static void t_more_queues(void)
{
	const struct host_channels *has = &vfs[0].host.channels;
	char text[64];

	fresh();
	snprintf(text, sizeof(text), "\"rx_queues\":%u,\"rss\":{\"equal\":%u}",
		 2 * (has->combined + has->rx), has->combined + has->rx);
	apply(text);
	CHECK_EQ(txn_outcome(txn), TXN_APPLIED);
	apply(text);
	CHECK_EQ(txn_outcome(txn), TXN_UNCHANGED);
}

/* Devices of others stay, whatever the list says. */
static void t_devices(void)
{
	const struct host_vlan_set theirs = { 0x8100, 77, "theirs", "", true, 0 };
	struct host_step step = { .op = HOST_OP_VLAN_ADD, .vlan = theirs };

	fresh();
	CHECK(!netdev_model_step(&vfs[0], &step));
	apply("\"vlan\":{\"devices\":[{\"id\":5},{\"id\":6}]}");
	CHECK_EQ(vfs[0].host.num_vlans, 3);
	start(TXN_APPLY);
	want(0, "\"vlan\":{\"devices\":[{\"id\":6}]}", "\"vlan\":{\"devices\":[{\"id\":5},{\"id\":6}]}");
	drive();
	CHECK_EQ(txn_outcome(txn), TXN_APPLIED);
	CHECK_EQ(vfs[0].host.num_vlans, 2);
	CHECK(!strcmp(vfs[0].host.vlans[0].name, "theirs"));
}

/* udev names the netdev after its VLANs were made: they are ours as before. */
static void t_renamed(void)
{
	static const char nested[] = "\"vlan\":{\"devices\":[{\"id\":5,\"devices\":[{\"id\":7}]}]}";

	fresh();
	apply(nested);
	CHECK_EQ(vfs[0].host.num_vlans, 2);
	strcpy(vfs[0].host.name, "renamed");
	start(TXN_APPLY);
	want(0, nested, nested);
	drive();
	CHECK_EQ(txn_outcome(txn), TXN_UNCHANGED);
	start(TXN_APPLY);
	want(0, "\"vlan\":{\"devices\":[{\"id\":5,\"devices\":[{\"id\":8}]}]}", nested);
	drive();
	CHECK_EQ(txn_outcome(txn), TXN_APPLIED);
	CHECK_EQ(vfs[0].host.num_vlans, 2);
	CHECK_EQ(vfs[0].host.vlans[1].id, 8);
	CHECK_EQ(vfs[0].host.vlans[1].parent, vfs[0].host.vlans[0].ifindex);
	start(TXN_APPLY);
	want(0, "\"vlan\":{\"devices\":[]}", "\"vlan\":{\"devices\":[{\"id\":5,\"devices\":[{\"id\":8}]}]}");
	drive();
	CHECK_EQ(txn_outcome(txn), TXN_APPLIED);
	CHECK_EQ(vfs[0].host.num_vlans, 0);
	/* others' are not taken for ours by their tag */
	apply(nested);
	start(TXN_APPLY);
	want(0, nested, NULL);
	strcpy(vfs[0].host.vlans[0].name, "theirs");
	drive();
	CHECK_EQ(txn_outcome(txn), TXN_ROLLED_BACK);
	CHECK_EQ(vfs[0].host.num_vlans, 2);
}

/* ---- the MTU of VLAN devices ---- */

static void make_vlan(unsigned int vf, uint16_t id, const char *name, const char *parent, uint32_t mtu)
{
	struct host_step step = { .op = HOST_OP_VLAN_ADD };

	step.vlan = (struct host_vlan_set){ .protocol = 0x8100, .id = id, .mtu = mtu };
	snprintf(step.vlan.name, sizeof(step.vlan.name), "%s", name);
	snprintf(step.vlan.parent, sizeof(step.vlan.parent), "%s", parent);
	CHECK(!netdev_model_step(&vfs[vf], &step));
}

static uint32_t mtu_of(unsigned int vf, const char *name)
{
	for (unsigned int i = 0; i < vfs[vf].host.num_vlans; i++) {
		if (!strcmp(vfs[vf].host.vlans[i].name, name))
			return vfs[vf].host.vlans[i].mtu;
	}
	return 0;
}

static void set_mtu(unsigned int vf, uint32_t mtu)
{
	struct host_step step = { .op = HOST_OP_MTU, .mtu = mtu };

	CHECK(!netdev_model_step(&vfs[vf], &step));
}

/* A VF with what a user put on it. */
static void fresh_with_vlans(void)
{
	fresh();
	set_mtu(0, 9000);
	make_vlan(0, 5, "outer", "", 8000);
	make_vlan(0, 6, "inner", "outer", 7000);
	make_vlan(0, 7, "small", "", 1400);
	make_vlan(0, 8, "whole", "", 0);
}

/* What was applied last goes back, as a daemon does it that finds a checkpoint. */
static void roll_back(void)
{
	struct vf_config *was = vf_config_copy(txn_vf(txn, 0)->before);
	struct vf_config *made = vf_config_copy(txn_vf(txn, 0)->wanted);
	uint64_t changed = txn_vf(txn, 0)->changes;

	start(TXN_ROLLBACK);
	CHECK(!txn_add_back(txn, vfs[0].pci, changed, was, made));
	vf_config_free(was);
	vf_config_free(made);
	drive();
	CHECK_EQ(txn_outcome(txn), TXN_ROLLED_BACK);
}

/* The kernel takes them down with the VF; back they come by us. */
static void t_mtu_clamps(void)
{
	fresh_with_vlans();
	note_before();
	apply("\"mtu\":1500");
	CHECK_EQ(txn_outcome(txn), TXN_APPLIED);
	CHECK_EQ(mtu_of(0, "outer"), 1500);
	CHECK_EQ(mtu_of(0, "inner"), 1500);
	CHECK_EQ(mtu_of(0, "small"), 1400);
	roll_back();
	CHECK_EQ(changes, 4);
	check_as_before();
	/* the undo of a refused one */
	fail_at = 2;
	fail_for = 1;
	fail_with = -EPERM;
	apply("\"mtu\":1500,\"promisc\":true");
	CHECK_EQ(txn_outcome(txn), TXN_ROLLED_BACK);
	check_as_before();
}

/* Nobody wanted devices to come or go: those of now stay, and only those. */
static void t_mtu_back_only(void)
{
	struct host_step step = { .op = HOST_OP_VLAN_DEL, .vlan = { 0x8100, 8, "whole", "", false, 0 } };

	fresh_with_vlans();
	apply("\"mtu\":1500");
	CHECK(!netdev_model_step(&vfs[0], &step));
	make_vlan(0, 9, "later", "", 1300);
	roll_back();
	CHECK_EQ(vfs[0].host.num_vlans, 4);
	CHECK_EQ(mtu_of(0, "inner"), 7000);
	CHECK_EQ(mtu_of(0, "whole"), 0);
	CHECK_EQ(mtu_of(0, "later"), 1300);
}

/* What is not to be had any more is no reason to be stuck. */
static void t_mtu_no_room(void)
{
	fresh_with_vlans();
	apply("\"vlan\":{\"devices\":[{\"id\":7,\"name\":\"small\",\"mtu\":1300}]}");
	CHECK_EQ(txn_outcome(txn), TXN_APPLIED);
	CHECK_EQ(mtu_of(0, "small"), 1300);
	set_mtu(0, 1350);
	roll_back();
	CHECK_EQ(mtu_of(0, "small"), 1350);
	CHECK_EQ(mtu_of(0, "outer"), 1350);
}

/* In another namespace the VF gets its own back, and nothing is said of what cannot be reached. */
static void t_mtu_moved(void)
{
	fresh_with_vlans();
	apply("\"mtu\":1500");
	vfs[0].elsewhere = true;
	roll_back();
	CHECK_EQ(vfs[0].host.mtu, 9000);
	CHECK_EQ(mtu_of(0, "outer"), 1500);
}

static void t_device_mtu(void)
{
	fresh();
	apply("\"mtu\":9000,\"vlan\":{\"devices\":[{\"id\":5,\"mtu\":8000,\"devices\":[{\"id\":6,\"mtu\":7000},"
	      "{\"id\":7}]}]}");
	CHECK_EQ(txn_outcome(txn), TXN_APPLIED);
	CHECK_EQ(mtu_of(0, "eth0.5"), 8000);
	CHECK_EQ(mtu_of(0, "eth0.5.6"), 7000);
	CHECK_EQ(mtu_of(0, "eth0.5.7"), 8000);
	note_before();
	/* down and up at once, and what says nothing stays */
	apply("\"mtu\":4000,\"vlan\":{\"devices\":[{\"id\":5,\"mtu\":3000,\"devices\":[{\"id\":6,\"mtu\":2000},"
	      "{\"id\":7}]}]}");
	CHECK_EQ(txn_outcome(txn), TXN_APPLIED);
	CHECK_EQ(mtu_of(0, "eth0.5"), 3000);
	CHECK_EQ(mtu_of(0, "eth0.5.6"), 2000);
	CHECK_EQ(mtu_of(0, "eth0.5.7"), 3000);
	roll_back();
	check_as_before();
	apply("\"vlan\":{\"devices\":[{\"id\":5,\"devices\":[{\"id\":6},{\"id\":7}]}]}");
	CHECK_EQ(txn_outcome(txn), TXN_UNCHANGED);
	check_as_before();
}

/* A device without a name in the list is the one that was made, whatever its VF is called now. */
static void t_device_mtu_renamed(void)
{
	static const char made[] = "\"vlan\":{\"devices\":[{\"id\":5,\"mtu\":1400}]}";

	fresh();
	apply(made);
	strcpy(vfs[0].host.name, "renamed");
	start(TXN_APPLY);
	want(0, "\"vlan\":{\"devices\":[{\"id\":5,\"mtu\":1300}]}", made);
	drive();
	CHECK_EQ(txn_outcome(txn), TXN_APPLIED);
	CHECK_EQ(vfs[0].host.num_vlans, 1);
	CHECK_EQ(mtu_of(0, "eth0.5"), 1300);
}

static void t_device_mtu_refused(void)
{
	fresh();
	note_before();
	apply("\"vlan\":{\"devices\":[{\"id\":5,\"mtu\":9000}]}");
	CHECK_EQ(txn_outcome(txn), TXN_REFUSED);
	CHECK(reason_has("mtu 9000 of id 5 is above that of what it is on, which is 1500"));
	apply("\"mtu\":9000,\"vlan\":{\"devices\":[{\"id\":5,\"mtu\":3000,\"devices\":[{\"id\":6,\"mtu\":3001}]}]}");
	CHECK_EQ(txn_outcome(txn), TXN_REFUSED);
	CHECK(reason_has("mtu 3001 of id 6"));
	check_as_before();
	/* one below that says nothing, and is there */
	make_vlan(0, 5, "eth0.5", "", 1300);
	apply("\"vlan\":{\"devices\":[{\"id\":5,\"devices\":[{\"id\":6,\"mtu\":1400}]}]}");
	CHECK_EQ(txn_outcome(txn), TXN_REFUSED);
	CHECK(reason_has("mtu 1400 of id 6"));
}

static void t_elsewhere(void)
{
	fresh();
	note_before();
	vfs[0].elsewhere = true;
	apply("\"mtu\":9000,\"mac\":\"02:00:00:00:00:99\",\"vlan\":{\"budget\":3}");
	CHECK_EQ(txn_outcome(txn), TXN_APPLIED);
	CHECK_EQ(vfs[0].host.mtu, 9000);
	apply("\"rx_queues\":2");
	CHECK_EQ(txn_outcome(txn), TXN_REFUSED);
	CHECK_EQ(txn_error(txn), -EXDEV);
}

/* As a daemon does that finds a checkpoint. */
static void t_checkpoint(void)
{
	struct vf_config *was[VFS], *made[VFS];
	uint64_t touched[VFS];

	fresh();
	note_before();
	start(TXN_APPLY);
	want(0, all, NULL);
	want(2, all, NULL);
	drive();
	for (unsigned int i = 0; i < 2; i++) {
		was[i] = vf_config_copy(txn_vf(txn, i)->before);
		made[i] = vf_config_copy(txn_vf(txn, i)->wanted);
		touched[i] = txn_vf(txn, i)->changes;
	}
	start(TXN_ROLLBACK);
	for (unsigned int i = 0; i < 2; i++) {
		CHECK(!txn_add_back(txn, vfs[2 * i].pci, touched[i], was[i], made[i]));
		vf_config_free(was[i]);
		vf_config_free(made[i]);
	}
	drive();
	CHECK_EQ(txn_outcome(txn), TXN_ROLLED_BACK);
	check_as_before();
}

/* ---- anything ---- */

static const char *const words[] = {
	"\"mtu\":%u", "\"rx_queues\":%u", "\"tx_queues\":%u", "\"rx_ring\":%u", "\"tx_ring\":%u",
	"\"promisc\":%s", "\"allmulti\":%s", "\"max_queues\":%u", "\"grace_ms\":%u",
};
static const unsigned int lows[] = { 68, 1, 1, 64, 64, 0, 0, 16, 0 };
static const unsigned int highs[] = { 9700, 8, 8, 4096, 4096, 0, 0, 64, 1000 };

/* Those of a user, that may be taken down with the VF. */
static void random_user(void)
{
	for (unsigned int i = 0; i < vfs[0].host.num_vlans; i++) {
		struct host_step step = { .op = HOST_OP_VLAN_MTU };

		snprintf(step.vlan.name, sizeof(step.vlan.name), "%s", vfs[0].host.vlans[i].name);
		step.vlan.mtu = 68 + rnd(vfs[0].host.mtu - 67);
		netdev_model_step(&vfs[0], &step);
	}
}

static void random_settings(char *text, size_t size)
{
	size_t len = 0;

	*text = '\0';
	for (unsigned int i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		unsigned int number = lows[i] + rnd(highs[i] - lows[i] + 1);

		if (rnd(2))
			continue;
		if (strstr(words[i], "ring"))
			number &= ~31u;
		len += snprintf(text + len, size - len, len ? "," : "");
		if (strstr(words[i], "%s"))
			len += snprintf(text + len, size - len, words[i], rnd(2) ? "true" : "false");
		else
			len += snprintf(text + len, size - len, words[i], number);
	}
	if (rnd(2))
		len += snprintf(text + len, size - len, "%s\"rss\":{\"equal\":%u}", len ? "," : "",
				1 + rnd(8));
	if (rnd(2))
		snprintf(text + len, size - len, "%s\"vlan\":{\"devices\":[{\"id\":%u},{\"id\":%u,"
			 "\"mtu\":%u,\"devices\":[{\"id\":%u,\"mtu\":%u}]}],\"allowed\":{\"ctag\":\"1-%u\"}}",
			 len ? "," : "", 1 + rnd(8), 10 + rnd(8), 1000 + rnd(1000), 1 + rnd(8),
			 68 + rnd(1000), 20 + rnd(8));
}

/* A life of changes, some refused in the middle: each is there as a whole or not at all. */
static void t_random(void)
{
	char text[1024], last[1024] = "";

	fresh();
	for (unsigned int i = 0; i < 2000; i++) {
		enum txn_outcome outcome;

		random_user();
		random_settings(text, sizeof(text));
		note_before();
		if (rnd(2)) {
			fail_at = 1 + rnd(8);
			fail_for = 1 + rnd(3);
			fail_with = -EIO;
		}
		start(TXN_APPLY);
		want(0, text, last);
		want(1, text, last);
		drive();
		outcome = txn_outcome(txn);
		CHECK(outcome == TXN_APPLIED || outcome == TXN_UNCHANGED ||
		      outcome == TXN_ROLLED_BACK || outcome == TXN_REFUSED);
		if (outcome == TXN_APPLIED && strstr(text, "devices"))
			memcpy(last, text, sizeof(last));
		if (outcome != TXN_APPLIED)
			check_as_before();
	}
}

static const struct test_case cases[] = {
	{ "apply", t_apply },
	{ "plan", t_plan },
	{ "refused", t_refused },
	{ "not_kept", t_not_kept },
	{ "every_step_fails", t_every_step_fails },
	{ "stuck", t_stuck },
	{ "gone", t_gone },
	{ "assert", t_assert },
	{ "fewer_queues", t_fewer_queues },
	{ "more_queues", t_more_queues },
	{ "devices", t_devices },
	{ "renamed", t_renamed },
	{ "mtu_clamps", t_mtu_clamps },
	{ "mtu_back_only", t_mtu_back_only },
	{ "mtu_no_room", t_mtu_no_room },
	{ "mtu_moved", t_mtu_moved },
	{ "device_mtu", t_device_mtu },
	{ "device_mtu_renamed", t_device_mtu_renamed },
	{ "device_mtu_refused", t_device_mtu_refused },
	{ "elsewhere", t_elsewhere },
	{ "checkpoint", t_checkpoint },
	{ "random", t_random },
};

TEST_MAIN(cases)
