// SPDX-License-Identifier: GPL-2.0-or-later
/* The policy with its real worker, disk and loop, over models of netdevs. */
#include <errno.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "netdev_model.h"
#include "policy/policy.h"
#include "test.h"

#define VFS	2

static struct netdev_model vfs[VFS];
static uint32_t ids[VFS];
static char *before[VFS];
static sd_event *event;
static struct host_worker *worker;
static struct policy *policy;
static void no_line(void *ctx, int priority, const char *line)
{
}

static struct log logger = { .level = LOG_DEBUG, .sink = no_line };
static char root[64], state[128];
/* The n-th change from now fails; 0: none. */
static unsigned int fail_at, changes;
/* So many looks find no netdev, as while it is renamed. */
static unsigned int renaming;
/* The PF refuses own addresses that end so; 0: none. */
static uint8_t mac_refused;
/* The answer. */
static bool answered;
static enum policy_error error;
static char text[65536];

/* ---- the worker's world ---- */

static struct netdev_model *model_of(const char *pci)
{
	for (unsigned int i = 0; i < VFS; i++) {
		if (!strcmp(vfs[i].pci, pci))
			return &vfs[i];
	}
	return NULL;
}

static void *runner_start(void)
{
	return &vfs;
}

static int run_look(struct host_step *step)
{
	struct txn_look look;
	int err = netdev_model_look(model_of(step->ref.pci), &look);

	if (err)
		return err;
	if (renaming && renaming--) {
		vf_config_free(look.live);
		host_state_free(look.host);
		return -ENODEV;
	}
	vf_config_free(look.live);
	step->state = look.host;
	return look.host ? 0 : -EXDEV;
}

static void runner_run(void *runner, struct host_step *step)
{
	int err;

	if (step->op == HOST_OP_CALL)
		err = step->call.run(step->data);
	else if (step->op == HOST_OP_READ)
		err = run_look(step);
	else if (++changes == fail_at)
		err = -EPERM;
	else
		err = netdev_model_step(model_of(step->ref.pci), step);
	step->error.err = err;
	snprintf(step->error.sentence, sizeof(step->error.sentence), "%s", strerror(-err));
	step->verdict = err ? HOST_FAILED : HOST_DONE;
}

static void runner_stop(void *runner)
{
}

static const struct host_runner runner = { runner_start, runner_run, runner_stop };

/* ---- the VFs' ---- */

static bool io_nth(void *ctx, unsigned int i, struct policy_vf *vf)
{
	const struct netdev_model *model = &vfs[i];

	if (i >= VFS || model->gone)
		return false;
	memset(vf, 0, sizeof(*vf));
	snprintf(vf->instance.pci, sizeof(vf->instance.pci), "%s", model->pci);
	vf->instance.id = ids[i];
	vf->instance.ifindex = vf->ifindex = 10 + ids[i];
	vf->live.policy = model->policy;
	vf->live.mtu = model->host.mtu;
	memcpy(vf->live.mac, model->host.mac, 6);
	vf->live.rss_is_default = !model->table_set;
	vf->queues_granted = 16;
	vf->last_error = "";
	return true;
}

static bool io_find(void *ctx, const char *pci, struct policy_vf *vf)
{
	struct netdev_model *model = model_of(pci);

	return model && io_nth(ctx, model - vfs, vf);
}

static int io_set_policy(void *ctx, const char *pci, const struct vf_config *to)
{
	struct netdev_model *model = model_of(pci);

	vf_config_free(model->policy);
	model->policy = vf_config_copy(to);
	return 0;
}

static int io_policy_state(void *ctx, const char *pci, char *sentence, size_t size)
{
	return 0;
}

static int io_mac_state(void *ctx, const char *pci, const uint8_t *mac, char *sentence, size_t size)
{
	if (mac[5] != mac_refused)
		return 0;
	snprintf(sentence, size, "the host set the MAC");
	return -EPERM;
}

static int io_update(void *ctx, const char *pci, const uint8_t *mac, uint32_t mtu)
{
	struct netdev_model *model = model_of(pci);

	if (mac)
		memcpy(model->host.mac, mac, 6);
	if (mtu)
		model->host.mtu = mtu;
	return 0;
}

static void io_changed(void *ctx, const char *pci)
{
}

static const struct policy_io io = {
	NULL, io_nth, io_find, io_set_policy, io_policy_state, io_mac_state, io_update,
	io_changed,
};

/* ---- life ---- */

static void start_daemon(void)
{
	struct policy_config config = {
		.event = event, .log = &logger, .io = &io, .root = root, .owner = geteuid(),
		.state = state,
	};

	CHECK(!host_worker_new(event, &runner, &worker));
	config.worker = worker;
	policy = policy_new(&config);
	CHECK(policy);
	policy_started(policy);
}

static void stop_daemon(void)
{
	host_worker_free(worker, 20000);
	policy_free(policy);
	worker = NULL;
	policy = NULL;
}

static void turn(void)
{
	sd_event_run(event, 100000);
}

static void settle(void)
{
	for (unsigned int i = 0; i < 1000 && !policy_is_idle(policy); i++)
		turn();
	CHECK(policy_is_idle(policy));
}

static void write_file(const char *path, const char *content)
{
	char whole[256];
	FILE *file;

	snprintf(whole, sizeof(whole), "%s/etc/iavfd/%s", root, path);
	file = fopen(whole, "w");
	CHECK(file);
	fputs(content, file);
	fclose(file);
	chmod(whole, 0644);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

static void clean(void)
{
	if (*root)
		nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	*root = '\0';
}

static void fresh(void)
{
	static const char *const names[VFS] = { "0000:00:08.0", "0000:00:09.0" };
	static const char *const folders[] = { "/etc", "/etc/iavfd", "/etc/iavfd/vf.d", "/run" };
	char path[128];

	if (policy)
		stop_daemon();
	clean();
	sd_event_unref(event);
	CHECK(sd_event_new(&event) >= 0);
	strcpy(root, "/tmp/policy-test-XXXXXX");
	CHECK(mkdtemp(root));
	for (unsigned int i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "%s%s", root, folders[i]);
		CHECK(!mkdir(path, 0755));
	}
	snprintf(state, sizeof(state), "%s/run/state.json", root);
	fail_at = 0;
	for (unsigned int i = 0; i < VFS; i++) {
		netdev_model_free(&vfs[i]);
		netdev_model_init(&vfs[i], names[i]);
		ids[i] = i + 1;
	}
}

static void note_before(void)
{
	for (unsigned int i = 0; i < VFS; i++) {
		free(before[i]);
		before[i] = netdev_model_print(&vfs[i]);
	}
}

static bool as_before(void)
{
	bool same = true;

	for (unsigned int i = 0; i < VFS; i++) {
		char *now = netdev_model_print(&vfs[i]);

		same = same && !strcmp(now, before[i]);
		free(now);
	}
	return same;
}

static void take_answer(void *ctx, enum policy_error e, const char *t)
{
	answered = true;
	error = e;
	snprintf(text, sizeof(text), "%s", t);
}

static struct policy_request *request(enum policy_verb verb, const char *document)
{
	struct policy_request *request = policy_request_new(verb);

	CHECK(request);
	request->reply = take_answer;
	if (document)
		CHECK(!policy_request_add(request, "test.json", document, strlen(document)));
	return request;
}

static void do_it(struct policy_request *request)
{
	answered = false;
	changes = 0;
	CHECK(!policy_submit(policy, request));
	for (unsigned int i = 0; i < 1000 && !answered; i++)
		turn();
	CHECK(answered);
	fail_at = 0;
}

static void ask(enum policy_verb verb, const char *document)
{
	do_it(request(verb, document));
}

static bool outcome_is(const char *outcome)
{
	char words[64];

	snprintf(words, sizeof(words), "\"outcome\":\"%s\"", outcome);
	return error == POLICY_OK && strstr(text, words);
}

#define DOC(match, settings) \
	"{\"schema\":\"iavf-config/1\",\"match\":{" match "},\"config\":{" settings "}}"

/* ---- cases ---- */

static void t_files(void)
{
	fresh();
	write_file("vf.d/10-all.json", DOC("", "\"mtu\":9000"));
	write_file("vf.d/20-one.json", DOC("\"pci\":\"0000:00:09.0\"", "\"rx_ring\":1024"));
	start_daemon();
	settle();
	CHECK_EQ(vfs[0].host.mtu, 9000);
	CHECK_EQ(vfs[0].host.rings.rx, 512);
	CHECK_EQ(vfs[1].host.mtu, 9000);
	CHECK_EQ(vfs[1].host.rings.rx, 1024);
}

/* The last writer has it: a restart changes nothing, reload does. */
static void t_last_writer(void)
{
	fresh();
	write_file("vf.d/10-all.json", DOC("", "\"mtu\":9000"));
	start_daemon();
	settle();
	vfs[0].host.mtu = 1400;
	stop_daemon();
	start_daemon();
	settle();
	CHECK_EQ(vfs[0].host.mtu, 1400);
	ask(POLICY_RELOAD, NULL);
	CHECK(outcome_is("applied"));
	CHECK_EQ(vfs[0].host.mtu, 9000);
}

static bool on_absence_is(unsigned int i, const char *want)
{
	const struct setting_value *value = vf_config_get(vfs[i].policy, SETTING_ON_ABSENCE);
	char *word = value ? setting_print(SETTING_ON_ABSENCE, value) : NULL;
	bool is = want ? word && strstr(word, want) : !value;

	free(word);
	return is;
}

/* What the daemon before was started with goes with it; what was configured does not. */
static void t_options_of_the_dead(void)
{
	struct setting_value value;
	char why[256];

	fresh();
	start_daemon();
	settle();
	ask(POLICY_APPLY, DOC("\"pci\":\"0000:00:08.0\"", "\"on_absence\":\"down\",\"vlan\":{\"budget\":7}"));
	CHECK(outcome_is("applied"));
	CHECK(!setting_read(SETTING_ON_ABSENCE, "isolate", &value, why));
	CHECK(!vf_config_set(vfs[1].policy, SETTING_ON_ABSENCE, &value, NULL));
	stop_daemon();
	start_daemon();
	settle();
	CHECK(on_absence_is(0, "down"));
	CHECK(on_absence_is(1, NULL));
	CHECK(vf_config_get(vfs[0].policy, SETTING_VLAN_BUDGET));
}

/* A new instance of a VF is new, whether the daemon saw it come or not. */
static void t_new_instance(void)
{
	fresh();
	write_file("vf.d/10-all.json", DOC("", "\"mtu\":9000"));
	start_daemon();
	settle();
	vfs[0].host.mtu = vfs[1].host.mtu = 1500;
	ids[0] = 7;
	policy_vf_changed(policy, vfs[0].pci);
	settle();
	CHECK_EQ(vfs[0].host.mtu, 9000);
	CHECK_EQ(vfs[1].host.mtu, 1500);
	stop_daemon();
	ids[1] = 8;
	start_daemon();
	settle();
	CHECK_EQ(vfs[1].host.mtu, 9000);
}

static void t_bad_file(void)
{
	fresh();
	write_file("vf.d/10-all.json", DOC("", "\"mtu\":9000"));
	write_file("vf.d/20-one.json", DOC("\"pci\":\"0000:00:09.0\"", "\"mtu\":900000"));
	start_daemon();
	settle();
	CHECK_EQ(vfs[0].host.mtu, 9000);
	CHECK_EQ(vfs[1].host.mtu, 1500);
	CHECK(!policy_invalid(policy, vfs[0].pci));
	CHECK(strstr(policy_invalid(policy, vfs[1].pci), "20-one.json:1:"));
	ask(POLICY_VALIDATE, NULL);
	CHECK(strstr(text, "\"valid\":false"));
	CHECK(strstr(text, "20-one.json"));
	ask(POLICY_APPLY, NULL);
	CHECK_EQ(error, POLICY_INVALID);
	write_file("vf.d/20-one.json", DOC("\"pci\":\"0000:00:09.0\"", "\"mtu\":4000"));
	ask(POLICY_RELOAD, NULL);
	CHECK_EQ(vfs[1].host.mtu, 4000);
	CHECK(!policy_invalid(policy, vfs[1].pci));
}

static void t_documents(void)
{
	fresh();
	start_daemon();
	settle();
	note_before();
	ask(POLICY_PLAN, DOC("", "\"mtu\":9000"));
	CHECK(outcome_is("planned"));
	CHECK(strstr(text, "\"key\":\"mtu\",\"from\":1500,\"to\":9000"));
	CHECK(as_before());
	ask(POLICY_APPLY, DOC("\"pci\":\"0000:00:09.0\"", "\"mtu\":9000"));
	CHECK(outcome_is("applied"));
	CHECK_EQ(vfs[0].host.mtu, 1500);
	CHECK_EQ(vfs[1].host.mtu, 9000);
	ask(POLICY_APPLY, DOC("\"pci\":\"0000:00:09.0\"", "\"mtu\":9000"));
	CHECK(outcome_is("unchanged"));
	ask(POLICY_APPLY, DOC("\"pci\":\"0000:77:09.0\"", "\"mtu\":9000"));
	CHECK_EQ(error, POLICY_NOT_FOUND);
	ask(POLICY_APPLY, DOC("", "\"mtv\":9000"));
	CHECK_EQ(error, POLICY_INVALID);
	CHECK(strstr(text, "test.json:1:"));
	ask(POLICY_VALIDATE, DOC("", "\"mtv\":9000"));
	CHECK_EQ(error, POLICY_OK);
	CHECK(strstr(text, "\"nearest\":\"mtu\""));
}

static void t_refused(void)
{
	fresh();
	start_daemon();
	settle();
	note_before();
	fail_at = 3;
	ask(POLICY_APPLY, DOC("", "\"mtu\":9000,\"rx_ring\":1024"));
	CHECK_EQ(error, POLICY_REFUSED);
	CHECK(strstr(text, "0000:00:09.0"));
	CHECK(as_before());
	ask(POLICY_ROLLBACK, NULL);
	CHECK_EQ(error, POLICY_NOT_FOUND);
}

static void t_rollback(void)
{
	fresh();
	start_daemon();
	settle();
	note_before();
	ask(POLICY_APPLY, DOC("", "\"mtu\":9000,\"vlan\":{\"devices\":[{\"id\":5}],\"budget\":7}"));
	CHECK(outcome_is("applied"));
	CHECK(!as_before());
	ask(POLICY_ROLLBACK, NULL);
	CHECK(outcome_is("rolled-back"));
	CHECK(as_before());
	ask(POLICY_ROLLBACK, NULL);
	CHECK_EQ(error, POLICY_NOT_FOUND);
}

static void apply_for(unsigned int seconds, const char *document)
{
	struct policy_request *one = request(POLICY_APPLY, document);

	one->confirm = seconds;
	do_it(one);
	CHECK(outcome_is("applied"));
}

static void t_confirm(void)
{
	uint64_t deadline;

	fresh();
	start_daemon();
	settle();
	apply_for(3600, DOC("", "\"mtu\":9000"));
	CHECK(strstr(text, "\"confirm_seconds\":3600"));
	CHECK(!strcmp(policy_checkpoint(policy, &deadline), "1"));
	ask(POLICY_APPLY, DOC("", "\"mtu\":4000"));
	CHECK_EQ(error, POLICY_BUSY);
	ask(POLICY_PLAN, DOC("", "\"mtu\":4000"));
	CHECK(outcome_is("planned"));
	ask(POLICY_CONFIRM, NULL);
	CHECK(outcome_is("confirmed"));
	CHECK(!*policy_checkpoint(policy, &deadline));
	ask(POLICY_CONFIRM, NULL);
	CHECK_EQ(error, POLICY_NOT_FOUND);
	CHECK_EQ(vfs[0].host.mtu, 9000);
}

static void wait_until_back(void)
{
	for (unsigned int i = 0; i < 600 && !as_before(); i++)
		turn();
	settle();
	CHECK(as_before());
}

static void t_deadline(void)
{
	fresh();
	start_daemon();
	settle();
	note_before();
	apply_for(1, DOC("", "\"mtu\":9000"));
	CHECK(!as_before());
	wait_until_back();
}

/* A user's, which the kernel takes down with the VF. */
static void make_vlan(void)
{
	struct host_step mtu = { .op = HOST_OP_MTU, .mtu = 9000 }, vlan = { .op = HOST_OP_VLAN_ADD };

	vlan.vlan = (struct host_vlan_set){ .protocol = 0x8100, .id = 7, .name = "seven", .mtu = 8000 };
	CHECK(!netdev_model_step(&vfs[1], &mtu));
	CHECK(!netdev_model_step(&vfs[1], &vlan));
}

static uint32_t mtu_of(const char *name)
{
	for (unsigned int i = 0; i < vfs[1].host.num_vlans; i++) {
		if (!strcmp(vfs[1].host.vlans[i].name, name))
			return vfs[1].host.vlans[i].mtu;
	}
	return 0;
}

/* Also when the daemon died meanwhile: it is on disk. */
static void t_deadline_of_vlans(void)
{
	for (unsigned int death = 0; death < 2; death++) {
		fresh();
		make_vlan();
		start_daemon();
		settle();
		note_before();
		apply_for(1, DOC("", "\"mtu\":1500"));
		CHECK_EQ(vfs[1].host.vlans[0].mtu, 1500);
		if (death) {
			stop_daemon();
			start_daemon();
		}
		wait_until_back();
		CHECK_EQ(vfs[1].host.vlans[0].mtu, 8000);
	}
}

/* Users may have devices that no file could list. They cost neither the checkpoint nor the others. */
static void t_deadline_of_odd_vlans(void)
{
	static const struct host_vlan_set odd[] = {
		{ 0x8100, 0, "priority", "", false, 0 },
		{ 0x8100, 9, "n\xc3\xa4me", "", false, 0 }, { 0x8100, 4, "twin", "n\xc3\xa4me", false, 0 },
		{ 0x8100, 3, "one", "", false, 7000 },
		{ 0x8100, 4, "two", "one", false, 6000 }, { 0x8100, 5, "three", "two", false, 0 },
		{ 0x8100, 6, "four", "three", false, 0 }, { 0x8100, 8, "eight", "", false, 5000 },
	};
	struct host_step step = { .op = HOST_OP_VLAN_ADD };

	fresh();
	make_vlan();
	for (unsigned int i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		step.vlan = odd[i];
		CHECK(!netdev_model_step(&vfs[1], &step));
	}
	/* and more than a list may have */
	for (unsigned int i = 0; i < 1200; i++) {
		step.vlan = (struct host_vlan_set){ .protocol = 0x88a8, .id = 1 + i };
		snprintf(step.vlan.name, sizeof(step.vlan.name), "many%u", i);
		CHECK(!netdev_model_step(&vfs[1], &step));
	}
	start_daemon();
	settle();
	apply_for(1, DOC("", "\"mtu\":1500"));
	stop_daemon();
	start_daemon();
	for (unsigned int i = 0; i < 600 && vfs[1].host.mtu != 9000; i++)
		turn();
	CHECK_EQ(vfs[1].host.mtu, 9000);
	/* a step each */
	for (unsigned int i = 0; i < 20000 && !policy_is_idle(policy); i++)
		turn();
	CHECK_EQ(mtu_of("seven"), 8000);
	CHECK_EQ(mtu_of("one"), 7000);
	CHECK_EQ(mtu_of("two"), 6000);
	CHECK_EQ(mtu_of("eight"), 5000);
	CHECK_EQ(mtu_of("many0"), 9000);
	CHECK_EQ(mtu_of("priority"), 1500);
}

/* Of a daemon that knew no MTU of VLAN devices: the VF gets its own back. */
static void t_older_state(void)
{
	static const char old[] = "{\"schema\":\"iavfd-state/1\",\"checkpoints\":3,\"vfs\":[],\"checkpoint\":{\"id\":\"3\","
		"\"running\":true,\"deadline\":0,\"vfs\":[{\"pci\":\"0000:00:09.0\",\"id\":%u,\"ifindex\":%u,\"changes\":"
		"[\"mtu\"],\"before\":{\"schema\":\"iavf-config/1\",\"config\":{\"mtu\":9000,\"vlan\":{\"devices\":[{\"id\":7,"
		"\"protocol\":\"802.1Q\",\"name\":\"seven\"}]}}},\"made\":{\"schema\":\"iavf-config/1\",\"config\":"
		"{\"mtu\":1500}}}]}}";
	struct host_step mtu = { .op = HOST_OP_MTU, .mtu = 1500 };
	FILE *file;

	fresh();
	make_vlan();
	CHECK(!netdev_model_step(&vfs[1], &mtu));
	file = fopen(state, "w");
	CHECK(file);
	fprintf(file, old, ids[1], 10 + ids[1]);
	fclose(file);
	start_daemon();
	for (unsigned int i = 0; i < 600 && vfs[1].host.mtu != 9000; i++)
		turn();
	settle();
	CHECK_EQ(vfs[1].host.mtu, 9000);
	CHECK_EQ(vfs[1].host.vlans[0].mtu, 1500);
}

/* The window passes while there is no daemon, or goes on with the next one. */
static void t_deadline_of_the_dead(void)
{
	fresh();
	start_daemon();
	settle();
	note_before();
	apply_for(1, DOC("", "\"mtu\":9000"));
	stop_daemon();
	start_daemon();
	wait_until_back();
	apply_for(1, DOC("", "\"mtu\":9000"));
	stop_daemon();
	usleep(1100000);
	start_daemon();
	wait_until_back();
	ask(POLICY_ROLLBACK, NULL);
	CHECK_EQ(error, POLICY_NOT_FOUND);
}

/* A daemon that died in the middle: the next one takes back what was done. */
static void t_death(void)
{
	for (unsigned int steps = 1; steps < 5; steps++) {
		struct policy_request *one;

		fresh();
		start_daemon();
		settle();
		note_before();
		one = request(POLICY_APPLY, DOC("", "\"mtu\":9000,\"rx_ring\":1024"));
		answered = false;
		changes = 0;
		CHECK(!policy_submit(policy, one));
		while (changes < steps && !answered)
			turn();
		CHECK(!answered);
		stop_daemon();
		CHECK(!as_before());
		start_daemon();
		wait_until_back();
	}
}

static void t_describe(void)
{
	struct policy_request *one;

	fresh();
	write_file("vf.d/10-all.json", DOC("", "\"mtu\":9000,\"rx_ring\":1024"));
	start_daemon();
	settle();
	ask(POLICY_APPLY, DOC("", "\"rx_ring\":2048"));
	vfs[0].host.mtu = 1400;
	one = request(POLICY_DESCRIBE, NULL);
	strcpy(one->pci, vfs[0].pci);
	do_it(one);
	CHECK_EQ(error, POLICY_OK);
	CHECK(strstr(text, "{\"key\":\"mtu\",\"live\":1400,\"applied\":9000,\"source\":\"/etc/iavfd/vf.d/10-all.json:1\",\"drifted\":true}"));
	CHECK(strstr(text, "{\"key\":\"rx_ring\",\"live\":2048,\"applied\":2048,\"source\":\"test.json:1\",\"drifted\":false}"));
	CHECK(strstr(text, "{\"key\":\"tx_ring\",\"live\":512}"));
	CHECK(strstr(text, "\"files\":[\"/etc/iavfd/vf.d/10-all.json\"]"));
	one = request(POLICY_DESCRIBE, NULL);
	strcpy(one->pci, "0000:77:00.0");
	do_it(one);
	CHECK_EQ(error, POLICY_NOT_FOUND);
}

static bool devices_drifted(void)
{
	struct policy_request *one = request(POLICY_DESCRIBE, NULL);
	const char *key;

	strcpy(one->pci, vfs[1].pci);
	do_it(one);
	CHECK_EQ(error, POLICY_OK);
	key = strstr(text, "\"key\":\"vlan.devices\"");
	CHECK(key && strstr(key, "\"drifted\":"));
	return !strncmp(strstr(key, "\"drifted\":"), "\"drifted\":true", 14);
}

/* Only by the MTU of one that says one; others have devices there, too. */
static void t_devices_drift(void)
{
	struct host_step step = { .op = HOST_OP_VLAN_MTU };

	fresh();
	make_vlan();
	start_daemon();
	settle();
	ask(POLICY_APPLY, DOC("", "\"mtu\":9000,\"vlan\":{\"devices\":[{\"id\":5},{\"id\":6,\"mtu\":4000}]}"));
	CHECK(outcome_is("applied"));
	CHECK(!devices_drifted());
	step.vlan = (struct host_vlan_set){ .name = "eth0.5", .mtu = 3000 };
	CHECK(!netdev_model_step(&vfs[1], &step));
	CHECK(!devices_drifted());
	step.vlan = (struct host_vlan_set){ .name = "eth0.6", .mtu = 3000 };
	CHECK(!netdev_model_step(&vfs[1], &step));
	CHECK(devices_drifted());
}

/* After a restart it is still known where things came from. */
static void t_sources_outlive(void)
{
	struct policy_request *one;

	fresh();
	start_daemon();
	settle();
	ask(POLICY_APPLY, DOC("", "\"rx_ring\":2048"));
	stop_daemon();
	start_daemon();
	settle();
	one = request(POLICY_DESCRIBE, NULL);
	strcpy(one->pci, vfs[1].pci);
	do_it(one);
	CHECK(strstr(text, "\"applied\":2048,\"source\":\"test.json:1\""));
}

static void spoil(const char *content)
{
	FILE *file = fopen(state, "w");

	fputs(content, file);
	fclose(file);
}

/* Whatever is in the file, the daemon starts. */
static void t_spoilt_state(void)
{
	static const char *const contents[] = {
		"", "{", "[]", "null", "{\"schema\":\"iavfd-state/1\"}",
		"{\"schema\":\"iavfd-state/1\",\"vfs\":[{}]}",
		"{\"schema\":\"iavfd-state/1\",\"vfs\":[null]}",
		"{\"schema\":\"iavfd-state/1\",\"vfs\":[],\"checkpoint\":7}",
		"{\"schema\":\"iavfd-state/1\",\"vfs\":[],\"checkpoint\":{\"id\":\"1\",\"running\":true,\"vfs\":[{\"pci\":\"x\",\"changes\":[7],\"before\":{}}]}}",
		"{\"schema\":\"iavfd-state/1\",\"vfs\":[{\"pci\":\"0000:00:08.0\",\"id\":-1,\"applied\":{\"schema\":\"iavf-config/1\",\"config\":{\"mtu\":1}}}]}",
	};

	for (unsigned int i = 0; i < sizeof(contents) / sizeof(contents[0]); i++) {
		fresh();
		spoil(contents[i]);
		start_daemon();
		settle();
		ask(POLICY_APPLY, DOC("", "\"mtu\":9000"));
		CHECK(outcome_is("applied"));
	}
}

static void t_no_disk(void)
{
	fresh();
	snprintf(state, sizeof(state), "%s/nowhere/state.json", root);
	start_daemon();
	settle();
	note_before();
	ask(POLICY_APPLY, DOC("", "\"mtu\":9000"));
	CHECK_EQ(error, POLICY_IMPOSSIBLE);
	CHECK(as_before());
}

static void t_too_many(void)
{
	struct policy_request *one;
	unsigned int num = 0;

	fresh();
	start_daemon();
	settle();
	for (;;) {
		one = request(POLICY_VALIDATE, NULL);
		one->reply = NULL;
		if (policy_submit(policy, one))
			break;
		num++;
	}
	policy_request_free(one);
	CHECK_EQ(num, POLICY_REQUESTS_MAX);
	settle();
}

static void t_gone(void)
{
	fresh();
	start_daemon();
	settle();
	note_before();
	apply_for(1, DOC("", "\"mtu\":9000"));
	vfs[1].gone = true;
	policy_vf_changed(policy, vfs[1].pci);
	for (unsigned int i = 0; i < 600 && vfs[0].host.mtu != 1500; i++)
		turn();
	settle();
	CHECK_EQ(vfs[0].host.mtu, 1500);
}

static void t_renamed(void)
{
	fresh();
	write_file("vf.d/10-all.json", DOC("", "\"mtu\":9000"));
	renaming = 3;
	start_daemon();
	settle();
	CHECK_EQ(vfs[0].host.mtu, 9000);
	CHECK_EQ(vfs[1].host.mtu, 9000);
}

static void t_elsewhere(void)
{
	fresh();
	start_daemon();
	settle();
	vfs[0].elsewhere = true;
	ask(POLICY_APPLY, DOC("\"pci\":\"0000:00:08.0\"", "\"mtu\":9000,\"mac\":\"02:00:00:00:00:99\""));
	CHECK(outcome_is("applied"));
	CHECK_EQ(vfs[0].host.mtu, 9000);
	/* the PF's word comes after the kernel has done it: all goes back */
	mac_refused = 0x66;
	ask(POLICY_APPLY, DOC("\"pci\":\"0000:00:08.0\"", "\"mtu\":1400,\"mac\":\"02:00:00:00:00:66\""));
	CHECK_EQ(error, POLICY_REFUSED);
	CHECK(strstr(text, "the host set the MAC"));
	CHECK_EQ(vfs[0].host.mtu, 9000);
	CHECK_EQ(vfs[0].host.mac[5], 0x99);
	mac_refused = 0;
	ask(POLICY_APPLY, DOC("\"pci\":\"0000:00:08.0\"", "\"rx_ring\":1024"));
	CHECK_EQ(error, POLICY_IMPOSSIBLE);
	CHECK(strstr(text, "another network namespace"));
}

static const struct test_case cases[] = {
	{ "files", t_files },
	{ "last_writer", t_last_writer },
	{ "options_of_the_dead", t_options_of_the_dead },
	{ "new_instance", t_new_instance },
	{ "bad_file", t_bad_file },
	{ "documents", t_documents },
	{ "refused", t_refused },
	{ "rollback", t_rollback },
	{ "confirm", t_confirm },
	{ "deadline", t_deadline },
	{ "deadline_of_the_dead", t_deadline_of_the_dead },
	{ "deadline_of_vlans", t_deadline_of_vlans },
	{ "deadline_of_odd_vlans", t_deadline_of_odd_vlans },
	{ "older_state", t_older_state },
	{ "devices_drift", t_devices_drift },
	{ "death", t_death },
	{ "describe", t_describe },
	{ "sources_outlive", t_sources_outlive },
	{ "spoilt_state", t_spoilt_state },
	{ "no_disk", t_no_disk },
	{ "too_many", t_too_many },
	{ "gone", t_gone },
	{ "renamed", t_renamed },
	{ "elsewhere", t_elsewhere },
	{ "clean", clean },
};

TEST_MAIN(cases)
