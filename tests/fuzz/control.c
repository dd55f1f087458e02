// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * avfsim's control socket. First byte odd: the rest goes into it as it is; even: each line is a verb with its
 * arguments, put into the JSON that the socket wants. Each request has one answer, and that is JSON.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "avfsim_client.h"
#include "clock.h"
#include "program.h"

#define ANSWER_MAX	(1u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int open_control(struct sim *sim)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s/ctl.sock", sim->config.dir);
	if (fd < 0 || connect(fd, (struct sockaddr *)&addr, sizeof(addr)))
		fuzz_wrong("no control socket");
	return fd;
}

/* What came back; NULL: nothing, or the other side hung up. */
static char *answer(struct sim *sim, int fd)
{
	static char text[ANSWER_MAX + 1];
	size_t len = 0;
	ssize_t got;

	client_settle(sim);
	while ((got = recv(fd, text + len, ANSWER_MAX - len, MSG_DONTWAIT)) > 0) {
		len += got;
		client_settle(sim);
	}
	text[len] = '\0';
	return len ? text : NULL;
}

static void verb(struct sim *sim, int fd, char *line)
{
	struct json_object *request = json_object_new_object(), *args = json_object_new_array();
	struct json_object *reply, *ok;
	const char *text;
	char *save = NULL;

	for (char *word = strtok_r(line, " ", &save); word; word = strtok_r(NULL, " ", &save))
		json_object_array_add(args, json_object_new_string(word));
	json_object_object_add(request, "args", args);
	text = json_object_to_json_string_ext(request, JSON_C_TO_STRING_PLAIN);
	send(fd, text, strlen(text), MSG_NOSIGNAL);
	send(fd, "\n", 1, MSG_NOSIGNAL);
	text = answer(sim, fd);
	reply = text ? json_tokener_parse(text) : NULL;
	if (!json_object_object_get_ex(reply, "ok", &ok))
		fuzz_wrong("no answer to %s", json_object_to_json_string(request));
	json_object_put(reply);
	json_object_put(request);
}

static void verbs(struct sim *sim, int fd, const uint8_t *data, size_t size)
{
	char *text = calloc(1, size + 1), *save = NULL;

	memcpy(text, data, size);
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		fuzz_now_ns += 1000000;
		verb(sim, fd, line);
	}
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sim *sim;
	int fd;

	if (!size)
		return 0;
	fuzz_now_ns = UINT64_C(1000000000000);
	fuzz_look_ns = 100;
	sim = client_sim_new(2, false);
	fd = open_control(sim);
	if (data[0] & 1) {
		send(fd, data + 1, size - 1, MSG_NOSIGNAL);
		answer(sim, fd);
	} else {
		verbs(sim, fd, data + 1, size - 1);
	}
	close(fd);
	client_settle(sim);
	client_sim_free(sim);
	return 0;
}
