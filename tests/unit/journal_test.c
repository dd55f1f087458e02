// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines of the log as datagrams of the journal's protocol, to a journal that is a socket here. */
#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/journal.h"
#include "test.h"

static char dir[] = "/tmp/journal-test-XXXXXX", path[64], got[JOURNAL_MAX + 1];
static int journal = -1;
static struct log log_;

static void listen_again(void)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };

	if (journal >= 0)
		close(journal);
	unlink(path);
	memcpy(name.sun_path, path, sizeof(path));
	journal = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	CHECK(!bind(journal, (void *)&name, sizeof(name)));
}

static void fresh(void)
{
	if (!*path) {
		CHECK(mkdtemp(dir));
		snprintf(path, sizeof(path), "%s/socket", dir);
	}
	listen_again();
	if (log_.journal)
		close(log_.journal_fd);
	log_ = (struct log){ .level = LOG_INFO, .fd = -1, .journal = path };
	log_.journal_fd = journal_open();
	CHECK(log_.journal_fd >= 0);
}

/* The next datagram into got; false: there is none. */
static bool next(void)
{
	ssize_t len = recv(journal, got, sizeof(got) - 1, 0);

	got[len > 0 ? len : 0] = '\0';
	return len > 0;
}

static bool has(const char *field)
{
	char line[256];

	snprintf(line, sizeof(line), "\n%s\n", field);
	return strstr(got, line) || !strncmp(got, line + 1, strlen(line) - 1);
}

static void fields(void)
{
	struct log_vf vf = { "0000:3b:02.0", "eth7", "ready", 5 };

	fresh();
	log_vf(&log_, LOG_WARNING, LOG_EVENT_VF_READY, &vf, "well, %d", 7);
	CHECK(next());
	CHECK(has("MESSAGE=0000:3b:02.0: well, 7"));
	CHECK(has("PRIORITY=4"));
	CHECK(has("SYSLOG_IDENTIFIER=iavfd"));
	CHECK(has("IAVF_PCI=0000:3b:02.0"));
	CHECK(has("IAVF_IFNAME=eth7"));
	CHECK(has("IAVF_PHASE=ready"));
	CHECK(has("IAVF_GENERATION=5"));
	CHECK(has("IAVF_EVENT=vf-ready"));
	CHECK(strstr(got, "\nMESSAGE_ID="));
	CHECK(!next());
}

/* What is not known is not said. */
static void plain(void)
{
	struct log_vf vf = { "0000:3b:02.0", "", NULL, 0 };

	fresh();
	log_say(&log_, LOG_INFO, "hello");
	CHECK(next());
	CHECK(has("MESSAGE=hello"));
	CHECK(!strstr(got, "IAVF_") && !strstr(got, "MESSAGE_ID"));
	log_vf(&log_, LOG_INFO, LOG_EVENT_NONE, &vf, "x");
	CHECK(next());
	CHECK(has("IAVF_PCI=0000:3b:02.0"));
	CHECK(!strstr(got, "IFNAME") && !strstr(got, "PHASE") && !strstr(got, "GENERATION"));
	log_say(&log_, LOG_DEBUG, "too much");
	CHECK(!next());
}

/* A line break cannot make a field. */
static void line_breaks(void)
{
	char data[JOURNAL_MAX];
	size_t len = journal_encode(data, 6, LOG_EVENT_NONE, NULL, "a\nPRIORITY=");

	CHECK(len > 27);
	CHECK(!memcmp(data, "MESSAGE\n\x0b\0\0\0\0\0\0\0a\nPRIORITY=\n", 28));
}

/* Whatever is said, the datagram ends within its room, at the end of a field. */
static void long_texts(void)
{
	static char text[4096], name[4096];
	struct log_vf vf = { name, name, name, 1 };
	char data[JOURNAL_MAX];

	for (size_t len = 0; len < sizeof(text) - 1; len += 7) {
		size_t used;

		memset(text, 'x', len);
		memset(name, 'y', len);
		used = journal_encode(data, 6, LOG_EVENT_VF_READY, &vf, text);
		CHECK(used <= JOURNAL_MAX && used && data[used - 1] == '\n');
	}
}

/* A journal that does not read costs lines, not time; one that was started again gets them. */
static void does_not_read(void)
{
	unsigned int sent = 0;

	fresh();
	while (!log_.lost && sent++ < 100000)
		log_say(&log_, LOG_INFO, "line %u", sent);
	CHECK(log_.lost);
	for (unsigned int i = 0; i < 10; i++)
		log_say(&log_, LOG_INFO, "more");
	CHECK(log_.lost > 10);
	while (next())
		;
	log_say(&log_, LOG_INFO, "now");
	CHECK(next());
	CHECK(strstr(got, "lines of this log were lost"));
	CHECK(next() && has("MESSAGE=now"));
	CHECK_EQ(log_.lost, 0);
	listen_again();
	log_say(&log_, LOG_INFO, "again");
	CHECK(next() && has("MESSAGE=again"));
}

/* Without a journal there is still the stream. */
static void is_not_there(void)
{
	int pair[2];
	ssize_t len;

	fresh();
	CHECK(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair));
	log_.fd = pair[0];
	log_.socket = log_.prefix = true;
	unlink(path);
	log_say(&log_, LOG_NOTICE, "hello");
	len = recv(pair[1], got, sizeof(got) - 1, 0);
	close(pair[0]);
	close(pair[1]);
	CHECK(len == 9 && !memcmp(got, "<5>hello\n", 9));
}

/* Ids are lower-case hex, differ, and are where administrators look for them. */
static void ids_are_documented(void)
{
	static char man[65536];
	FILE *file = fopen("docs/man/iavfd.8", "re");

	CHECK(file);
	man[fread(man, 1, sizeof(man) - 1, file)] = '\0';
	fclose(file);
	for (unsigned int i = LOG_EVENT_NONE + 1; i < LOG_EVENTS; i++) {
		const char *id = journal_event_id(i);

		CHECK(strlen(id) == 32 && strspn(id, "0123456789abcdef") == 32);
		for (unsigned int j = 1; j < i; j++)
			CHECK(strcmp(id, journal_event_id(j)));
		if (!strstr(man, id) || !strstr(man, journal_event_word(i)))
			printf("# %s %s is not in iavfd(8)\n", journal_event_word(i), id);
		CHECK(strstr(man, id) && strstr(man, journal_event_word(i)));
	}
}

static void clean_up(void)
{
	close(journal);
	unlink(path);
	CHECK(!rmdir(dir));
}

static const struct test_case cases[] = {
	{ "fields", fields },
	{ "plain", plain },
	{ "line_breaks", line_breaks },
	{ "long_texts", long_texts },
	{ "does_not_read", does_not_read },
	{ "is_not_there", is_not_there },
	{ "ids_are_documented", ids_are_documented },
	{ "clean_up", clean_up },
};

TEST_MAIN(cases)
