// SPDX-License-Identifier: GPL-2.0-or-later
/* daemon/files: what readers find below /run/iavfd, at any moment, with and without a daemon. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <json.h>

#include "json_out.h"
#include "files/document.h"
#include "files/files.h"
#include "iavfctl.h"
#include "test.h"

#define PCI	"0000:3b:02.0"

static char dir[] = "/tmp/files-test-XXXXXX", run[64], said[1024];
static sd_event *event;
static struct files *files;
static struct bus_vf views[2];
static struct file_object *objects[2];
static struct log log_;

static void sink(void *ctx, int priority, const char *line)
{
	snprintf(said + strlen(said), sizeof(said) - strlen(said), "%s\n", line);
}

static void view(void *vf, struct bus_vf *to)
{
	memcpy(to, vf, sizeof(*to));
}

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ULL + now.tv_nsec / 1000000;
}

#define UNTIL(cond) do { \
	uint64_t end_ = now_ms() + 10000; \
	while (!(cond) && now_ms() < end_) \
		sd_event_run(event, 2000); \
	if (!(cond)) \
		printf("# said: %s\n", said); \
	CHECK(cond); \
} while (0)

static const char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", run, name);
	return path;
}

/* The document, NULL: none, or not a whole one. */
static struct json_object *document(const char *name)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *object = NULL;
	FILE *file = fopen(path_of(name), "re");
	char text[8192];
	size_t len = 0;

	if (file) {
		len = fread(text, 1, sizeof(text), file);
		fclose(file);
	}
	if (len && text[len - 1] == '\n')
		object = json_tokener_parse_ex(tokener, text, (int)len);
	json_tokener_free(tokener);
	return object;
}

static struct json_object *vf_of(struct json_object *of)
{
	struct json_object *vfs = json_object_object_get(of, "vfs");

	return vfs ? json_object_array_get_idx(vfs, 0) : NULL;
}

/* The number, or length of the text, of that key; -1: no document, -2: null. */
static int64_t value(const char *name, const char *key)
{
	struct json_object *whole = document(name), *one;
	int64_t is = -1;

	if (!whole)
		return -1;
	one = json_object_object_get(vf_of(whole) ?: json_object_object_get(whole, "daemon"), key);
	is = one ? json_object_get_int64(one) : -2;
	json_object_put(whole);
	return is;
}

static bool exists(const char *name)
{
	return !access(path_of(name), F_OK);
}

/* As docs/orchestration.md tells readers to. */
static bool is_stale(void)
{
	int fd = open(path_of("daemon.json"), O_RDONLY | O_CLOEXEC);
	bool stale = fd < 0 || !flock(fd, LOCK_SH | LOCK_NB);

	if (fd >= 0)
		close(fd);
	return stale;
}

static void stop(void)
{
	files_free(files);
	files = NULL;
}

static void add(unsigned int i, const char *pci)
{
	memset(&views[i], 0, sizeof(views[i]));
	strcpy(views[i].pci, pci);
	views[i].state = "ready";
	views[i].phase = "ready";
	views[i].generation = 1;
	objects[i] = files_add(files, &views[i]);
}

static void start(void)
{
	struct files_config config = { event, run, "1.2.3", &log_, view };

	files = files_new(&config);
	CHECK(files);
}

static void fresh(void)
{
	char command[128];

	stop();
	if (!*run) {
		CHECK(mkdtemp(dir));
		snprintf(run, sizeof(run), "%s/run", dir);
		CHECK(sd_event_new(&event) >= 0);
	}
	snprintf(command, sizeof(command), "rm -rf %s", run);
	CHECK(!system(command));
	said[0] = '\0';
	log_ = (struct log){ .level = LOG_DEBUG, .sink = sink };
	start();
}

static void written(void)
{
	struct stat st;

	fresh();
	umask(0077);
	add(0, PCI);
	views[0].mtu = 1500;
	UNTIL(exists("vf/" PCI ".json"));
	CHECK_EQ(value("vf/" PCI ".json", "generation"), 1);
	CHECK_EQ(value("vf/" PCI ".json", "owner_pid"), getpid());
	CHECK(!stat(path_of("vf/" PCI ".json"), &st));
	CHECK_EQ(st.st_mode & 07777, 0644);
	CHECK(!stat(path_of("vf"), &st));
	CHECK_EQ(st.st_mode & 07777, 0755);
	CHECK_EQ(value("daemon.json", "pid"), getpid());
	views[0].generation = 2;
	files_changed(objects[0]);
	UNTIL(value("vf/" PCI ".json", "generation") == 2);
	files_remove(objects[0]);
	UNTIL(!exists("vf/" PCI ".json"));
	umask(0022);
}

/* Many changes are few writes, and no change is none. */
static void coalesced(void)
{
	struct stat before, after;
	unsigned int writes = 0;

	fresh();
	add(0, PCI);
	UNTIL(value("vf/" PCI ".json", "generation") == 1);
	CHECK(!stat(path_of("vf/" PCI ".json"), &before));
	for (unsigned int i = 2; i <= 2000; i++) {
		views[0].generation = i;
		files_changed(objects[0]);
		sd_event_run(event, 0);
		CHECK(!stat(path_of("vf/" PCI ".json"), &after));
		writes += after.st_ino != before.st_ino;
		before = after;
	}
	UNTIL(value("vf/" PCI ".json", "generation") == 2000);
	CHECK(writes < 1000);
	CHECK(!stat(path_of("vf/" PCI ".json"), &before));
	views[0].sent++;
	files_changed(objects[0]);
	for (uint64_t end = now_ms() + 3 * FILES_PAUSE_MS; now_ms() < end;)
		sd_event_run(event, 2000);
	CHECK(!stat(path_of("vf/" PCI ".json"), &after));
	CHECK_EQ(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
}

/* A reader sees one document or the other, never half of one. */
static void whole(void)
{
	unsigned int reads = 0;

	fresh();
	add(0, PCI);
	UNTIL(exists("vf/" PCI ".json"));
	for (uint64_t end = now_ms() + 500; now_ms() < end; reads++) {
		views[0].generation++;
		memset(views[0].reason, 'r', views[0].generation % IAVF_MESSAGE_MAX);
		files_changed(objects[0]);
		sd_event_run(event, 0);
		CHECK(value("vf/" PCI ".json", "generation") > 0);
	}
	CHECK(reads > 10);
}

static void stale_when_dead(void)
{
	int ready[2], status;
	pid_t child;
	char c;

	fresh();
	add(0, PCI);
	UNTIL(exists("vf/" PCI ".json"));
	CHECK(!is_stale());
	stop();
	CHECK(is_stale());
	CHECK(exists("vf/" PCI ".json"));
	/* also one that is killed */
	CHECK(!pipe(ready));
	child = fork();
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		CHECK(sd_event_new(&event) >= 0);
		start();
		add(0, PCI);
		while (sd_event_run(event, 2000) >= 0 && value("daemon.json", "pid") != getpid())
			;
		while (is_stale())
			;
		CHECK(write(ready[1], "x", 1) == 1);
		pause();
		_exit(0);
	}
	CHECK(read(ready[0], &c, 1) == 1);
	CHECK(!is_stale());
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	CHECK(is_stale());
	CHECK_EQ(value("daemon.json", "pid"), child);
}

/* No reader can make the next daemon look dead, nor keep it from its lock. */
static void hostile_reader(void)
{
	int old, new;

	fresh();
	files_sweep(files);
	UNTIL(exists("daemon.json"));
	stop();
	old = open(path_of("daemon.json"), O_RDONLY | O_CLOEXEC);
	CHECK(!flock(old, LOCK_SH | LOCK_NB));
	start();
	files_sweep(files);
	UNTIL(!is_stale());
	new = open(path_of("daemon.json"), O_RDONLY | O_CLOEXEC);
	CHECK(flock(new, LOCK_SH | LOCK_NB) && errno == EWOULDBLOCK);
	close(old);
	close(new);
}

/* What is left of VFs that went meanwhile goes when the start is over, not before. */
static void leftovers(void)
{
	fresh();
	add(0, PCI);
	add(1, "0000:3b:02.1");
	UNTIL(exists("vf/" PCI ".json") && exists("vf/0000:3b:02.1.json"));
	stop();
	start();
	add(0, PCI);
	views[0].generation = 7;
	UNTIL(value("vf/" PCI ".json", "generation") == 7);
	CHECK(exists("vf/0000:3b:02.1.json"));
	files_sweep(files);
	UNTIL(!exists("vf/0000:3b:02.1.json"));
	CHECK_EQ(value("vf/" PCI ".json", "generation"), 7);
}

/* Who was overtaken does not write any more; who is tidied away writes again. */
static void overtaken(void)
{
	struct files_config config = { event, run, "2", &log_, view };
	struct files *other;

	fresh();
	add(0, PCI);
	UNTIL(value("vf/" PCI ".json", "generation") == 1);
	CHECK(!unlink(path_of("daemon.json")));
	views[0].generation = 2;
	files_changed(objects[0]);
	UNTIL(value("vf/" PCI ".json", "generation") == 2 && exists("daemon.json") && !is_stale());
	other = files_new(&config);
	files_sweep(other);
	UNTIL(!exists("vf/" PCI ".json"));
	views[0].generation = 3;
	files_changed(objects[0]);
	for (uint64_t end = now_ms() + 3 * FILES_PAUSE_MS; now_ms() < end;)
		sd_event_run(event, 2000);
	CHECK(!exists("vf/" PCI ".json"));
	files_free(other);
}

/* A disk that is full or not there is said once; it works again when it can. */
static void trouble(void)
{
	FILE *file;

	fresh();
	file = fopen(run, "we");
	CHECK(file);
	fclose(file);
	add(0, PCI);
	UNTIL(strstr(said, "cannot write"));
	for (unsigned int i = 0; i < 3; i++) {
		views[0].generation++;
		files_changed(objects[0]);
		for (uint64_t end = now_ms() + 2 * FILES_PAUSE_MS; now_ms() < end;)
			sd_event_run(event, 2000);
	}
	CHECK(!strstr(strstr(said, "cannot write") + 1, "cannot write"));
	CHECK(!unlink(run));
	views[0].generation = 9;
	files_changed(objects[0]);
	UNTIL(value("vf/" PCI ".json", "generation") == 9);
}

static struct json_object *ours(const struct bus_vf *vf)
{
	struct document_owner owner = { "1", 77, "" };
	char *text = document_vf(&owner, vf);
	struct json_object *whole = json_tokener_parse(text);

	free(text);
	return whole;
}

/* Keys, their order and their values are those of `iavfctl -j`. */
static void as_the_command_says(void)
{
	struct bus_vf vf = {
		.pci = PCI, .id = 3, .generation = 4, .state = "ready", .phase = "degraded",
		.reason = "no", .ifname = "eth7", .ifindex = 9, .netns = 4026531840,
		.mac = "02:00:00:00:00:01", .mtu = 1500, .max_mtu = 9000, .carrier = 1,
		.link_mbps = 25000, .rx_queues = 4, .tx_queues = 4, .max_queues = 16,
		.rx_ring = 512, .tx_ring = 512, .vectors = 5, .rx_flags = 1, .features = 3,
		.features_granted = 7, .last_error = { EPERM, "no" }, .attempts = 1,
	};
	struct iavfctl_vf theirs = {
		.have = IAVFCTL_HAVE_NETDEV | IAVFCTL_HAVE_MAC | IAVFCTL_HAVE_QUEUES |
			IAVFCTL_HAVE_CARRIER | IAVFCTL_HAVE_LINK_MBPS | IAVFCTL_HAVE_OWNER |
			IAVFCTL_HAVE_LAST_ERROR | IAVFCTL_HAVE_FEATURES | IAVFCTL_HAVE_LIMITS |
			IAVFCTL_HAVE_PHASE,
		.pci = PCI, .id = 3, .generation = 4, .state = IAVFCTL_STATE_READY,
		.phase = IAVFCTL_PHASE_DEGRADED, .reason = "no", .degraded = "no", .ifname = "eth7",
		.ifindex = 9, .netns = 4026531840, .mac = { 2, 0, 0, 0, 0, 1 }, .mtu = 1500,
		.max_mtu = 9000, .carrier = true, .link_mbps = 25000, .rx_queues = 4,
		.tx_queues = 4, .max_queues = 16, .rx_ring = 512, .tx_ring = 512, .vectors = 5,
		.rx_flags = 1, .features = 3, .features_granted = 7, .last_errno = EPERM,
		.last_error = "no", .last_error_age_ms = UINT32_MAX, .attempts = 1, .owner_pid = 77,
	};
	struct json_object *a = ours(&vf), *b = json_vf(&theirs);
	const char *texts[2] = {
		json_object_to_json_string_ext(vf_of(a), JSON_C_TO_STRING_PLAIN),
		json_object_to_json_string_ext(b, JSON_C_TO_STRING_PLAIN),
	};

	if (strcmp(texts[0], texts[1]))
		printf("# file: %s\n# iavfctl: %s\n", texts[0], texts[1]);
	CHECK(!strcmp(texts[0], texts[1]));
	CHECK(!strcmp(json_object_get_string(json_object_object_get(a, "schema")), "iavfctl/1"));
	json_object_put(a);
	json_object_put(b);
}

/* Of a VF without anything the same keys are there, as null. */
static void nothing_known(void)
{
	struct bus_vf vf = { .pci = PCI, .state = "dead", .phase = "failed" };
	struct iavfctl_vf theirs = {
		.have = IAVFCTL_HAVE_PHASE | IAVFCTL_HAVE_OWNER | IAVFCTL_HAVE_CARRIER, .pci = PCI,
		.phase = IAVFCTL_PHASE_FAILED, .owner_pid = 77,
	};
	struct json_object *a = ours(&vf), *b = json_vf(&theirs);

	CHECK(json_object_equal(vf_of(a), b));
	json_object_put(a);
	json_object_put(b);
}

static void clean_up(void)
{
	char command[128];

	stop();
	event = sd_event_unref(event);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	CHECK(!system(command));
}

static const struct test_case cases[] = {
	{ "written", written },
	{ "coalesced", coalesced },
	{ "whole", whole },
	{ "stale_when_dead", stale_when_dead },
	{ "hostile_reader", hostile_reader },
	{ "leftovers", leftovers },
	{ "overtaken", overtaken },
	{ "trouble", trouble },
	{ "as_the_command_says", as_the_command_says },
	{ "nothing_known", nothing_known },
	{ "clean_up", clean_up },
};

TEST_MAIN(cases)
