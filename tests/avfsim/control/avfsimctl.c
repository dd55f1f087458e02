// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * avfsimctl [-s SOCKET] [-t SECONDS] VERB [ARG...]
 *
 * On the host it connects to avfsim's ctl.sock; in the guest it uses the virtio-serial port,
 * which only one process can have open: a lock file queues the callers, and an id tells our
 * answer from the rest of somebody's who was killed in between.
 *
 * Exit codes: 0 done, 1 refused (sentence on stderr), 2 usage, 124 no answer in time, 125 no
 * way to the simulator.
 */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define DEFAULT_PORT	"/dev/virtio-ports/org.avfsim.ctl"
#define LOCK_FILE	"/run/avfsimctl.lock"

enum { EXIT_REFUSED = 1, EXIT_USAGE = 2, EXIT_TIMEOUT = 124, EXIT_NO_SIM = 125 };

struct input {
	char *data;
	size_t len, room;
};

static void __attribute__((noreturn)) die(int code, const char *what)
{
	fprintf(stderr, "avfsimctl: %s%s%s\n", what, errno ? ": " : "",
		errno ? strerror(errno) : "");
	exit(code);
}

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int open_socket(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd;

	errno = ENAMETOOLONG;
	if (strlen(path) >= sizeof(addr.sun_path))
		die(EXIT_NO_SIM, path);
	strcpy(addr.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&addr, sizeof(addr)))
		die(EXIT_NO_SIM, path);
	return fd;
}

static int open_port(const char *path)
{
	int lock = open(LOCK_FILE, O_RDWR | O_CREAT | O_CLOEXEC, 0666), fd;

	if (lock < 0 || flock(lock, LOCK_EX))
		die(EXIT_NO_SIM, LOCK_FILE);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		die(EXIT_NO_SIM, path);
	return fd;
}

static int open_channel(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		die(EXIT_NO_SIM, path);
	return S_ISSOCK(st.st_mode) ? open_socket(path) : open_port(path);
}

static void send_request(int fd, const char *id, int num, char **args)
{
	struct json_object *request = json_object_new_object(), *list = json_object_new_array();
	const char *text;
	char *line;
	size_t len, at = 0;

	for (int i = 0; i < num; i++)
		json_object_array_add(list, json_object_new_string(args[i]));
	json_object_object_add(request, "id", json_object_new_string(id));
	json_object_object_add(request, "args", list);
	text = json_object_to_json_string_ext(request, JSON_C_TO_STRING_PLAIN);
	/* The empty line ends whatever a killed predecessor left unfinished. */
	if (asprintf(&line, "\n%s\n", text) < 0)
		die(EXIT_NO_SIM, "out of memory");
	for (len = strlen(line); at < len;) {
		ssize_t n = write(fd, line + at, len - at);

		if (n < 0 && errno != EINTR)
			die(EXIT_NO_SIM, "write");
		at += n > 0 ? n : 0;
	}
	free(line);
	json_object_put(request);
}

static void read_more(int fd, struct input *in, int64_t deadline)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	int64_t left = deadline - now_ms();
	ssize_t n;

	if (left <= 0 || !poll(&pfd, 1, left)) {
		errno = 0;
		die(EXIT_TIMEOUT, "no answer in time");
	}
	if (in->room - in->len < 65536) {
		in->room = in->room * 2 + 131072;
		in->data = realloc(in->data, in->room);
		if (!in->data)
			die(EXIT_NO_SIM, "out of memory");
	}
	n = read(fd, in->data + in->len, in->room - in->len);
	if (!n) {
		errno = 0;
		die(EXIT_NO_SIM, "the simulator closed the connection");
	}
	if (n < 0 && errno != EINTR && errno != EAGAIN)
		die(EXIT_NO_SIM, "read");
	in->len += n > 0 ? n : 0;
}

/* One line without its end, the caller's. */
static char *read_line(int fd, struct input *in, int64_t deadline)
{
	size_t seen = 0;
	char *end, *line;

	while (!(end = in->len > seen ? memchr(in->data + seen, '\n', in->len - seen) : NULL)) {
		seen = in->len;
		read_more(fd, in, deadline);
	}
	line = strndup(in->data, end - in->data);
	in->len -= end + 1 - in->data;
	memmove(in->data, end + 1, in->len);
	return line;
}

static struct json_object *read_answer(int fd, const char *id, int64_t deadline)
{
	struct input in = { 0 };

	for (;;) {
		char *line = read_line(fd, &in, deadline);
		struct json_object *answer = json_tokener_parse(line), *value;

		free(line);
		if (answer && json_object_is_type(answer, json_type_object) &&
		    json_object_object_get_ex(answer, "id", &value) && value &&
		    !strcmp(json_object_get_string(value), id)) {
			free(in.data);
			return answer;
		}
		json_object_put(answer);
	}
}

static void print_value(struct json_object *value, int flags)
{
	if (json_object_is_type(value, json_type_string))
		puts(json_object_get_string(value));
	else
		puts(json_object_to_json_string_ext(value, flags));
}

/* A transcript is one message per line, so that grep and wc -l work on it. */
static int print_answer(struct json_object *answer, const char *verb)
{
	struct json_object *value;
	bool lines = !strcmp(verb, "transcript") || !strcmp(verb, "help");

	if (!json_object_object_get_ex(answer, "ok", &value) || !json_object_get_boolean(value)) {
		json_object_object_get_ex(answer, "error", &value);
		fprintf(stderr, "avfsimctl: %s\n",
			value ? json_object_get_string(value) : "refused");
		return EXIT_REFUSED;
	}
	if (!json_object_object_get_ex(answer, "result", &value) || !value)
		return 0;
	if (!lines || !json_object_is_type(value, json_type_array)) {
		print_value(value, JSON_C_TO_STRING_PRETTY);
		return 0;
	}
	for (size_t i = 0; i < json_object_array_length(value); i++)
		print_value(json_object_array_get_idx(value, i), JSON_C_TO_STRING_PLAIN);
	return 0;
}

static void __attribute__((noreturn)) usage(void)
{
	fputs("usage: avfsimctl [-s SOCKET] [-t SECONDS] VERB [ARG...]; verbs: avfsimctl help\n",
	      stderr);
	exit(EXIT_USAGE);
}

int main(int argc, char **argv)
{
	const char *path = DEFAULT_PORT;
	struct json_object *answer;
	int seconds = 30, opt, fd, code;
	char id[64];

	while ((opt = getopt(argc, argv, "+s:t:h")) != -1) {
		if (opt == 's')
			path = optarg;
		else if (opt == 't')
			seconds = atoi(optarg);
		else
			usage();
	}
	if (optind == argc || seconds <= 0)
		usage();
	fd = open_channel(path);
	snprintf(id, sizeof(id), "%d-%lld", getpid(), (long long)now_ms());
	send_request(fd, id, argc - optind, argv + optind);
	answer = read_answer(fd, id, now_ms() + seconds * 1000ll);
	code = print_answer(answer, argv[optind]);
	json_object_put(answer);
	return code;
}
