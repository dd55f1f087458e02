// SPDX-License-Identifier: GPL-2.0-or-later
#include "control/ctl.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "control/verbs.h"
#include "sim.h"

#define MAX_LINE	(64 * 1024)
#define MAX_ARGS	32
#define MAX_OUTPUT	(64 * 1024 * 1024)

struct ctl_client {
	struct ctl_client *next;
	struct ctl *ctl;
	struct loop_fd watch;
	char in[MAX_LINE];
	size_t in_len;
	bool skipping;		/* the line is too long: ignore it to its end */
	char *out;
	size_t out_len;
};

struct ctl {
	struct sim *sim;
	struct loop_fd listener;
	struct ctl_client *clients;
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
};

static void disconnect(struct ctl_client *client)
{
	int fd = client->watch.fd;

	if (fd < 0)
		return;
	loop_remove(&client->ctl->sim->loop, &client->watch);
	close(fd);
}

static void send_pending(struct ctl_client *client)
{
	ssize_t n = send(client->watch.fd, client->out, client->out_len,
			 MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n < 0 && errno != EAGAIN && errno != EINTR) {
		disconnect(client);
		return;
	}
	if (n > 0) {
		memmove(client->out, client->out + n, client->out_len - n);
		client->out_len -= n;
	}
	loop_modify(&client->ctl->sim->loop, &client->watch,
		    EPOLLIN | (client->out_len ? EPOLLOUT : 0));
}

/* Takes the object. */
static void send_object(struct ctl_client *client, struct json_object *obj)
{
	const char *text = json_object_to_json_string_ext(obj, JSON_C_TO_STRING_PLAIN);
	size_t len = text ? strlen(text) : 0;
	char *out = NULL;

	if (text && client->out_len + len < MAX_OUTPUT)
		out = realloc(client->out, client->out_len + len + 1);
	if (!out) {
		json_object_put(obj);
		disconnect(client);
		return;
	}
	memcpy(out + client->out_len, text, len);
	out[client->out_len + len] = '\n';
	client->out = out;
	client->out_len += len + 1;
	json_object_put(obj);
	send_pending(client);
}

static struct json_object *error_reply(const char *sentence)
{
	struct json_object *reply = json_object_new_object();

	json_object_object_add(reply, "ok", json_object_new_boolean(0));
	json_object_object_add(reply, "error", json_object_new_string(sentence));
	return reply;
}

/* The strings of args; their number, or -1. */
static int take_args(struct json_object *request, const char *args[MAX_ARGS])
{
	struct json_object *list;
	size_t n;

	if (!json_object_object_get_ex(request, "args", &list) ||
	    !json_object_is_type(list, json_type_array))
		return -1;
	n = json_object_array_length(list);
	if (!n || n > MAX_ARGS)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct json_object *arg = json_object_array_get_idx(list, i);

		if (!json_object_is_type(arg, json_type_string))
			return -1;
		args[i] = json_object_get_string(arg);
	}
	return n;
}

static struct json_object *serve(struct sim *sim, struct json_object *request)
{
	struct json_object *result = NULL, *reply;
	const char *args[MAX_ARGS];
	int num = take_args(request, args);
	char why[256] = "args must be a list of 1 to 32 strings";

	if (num < 0 || verbs_run(sim, num, args, &result, why, sizeof(why)))
		return error_reply(why);
	reply = json_object_new_object();
	json_object_object_add(reply, "ok", json_object_new_boolean(1));
	json_object_object_add(reply, "result", result);
	return reply;
}

static void serve_line(struct ctl_client *client, const char *line)
{
	struct json_object *request, *id = NULL, *reply;

	if (!*line)
		return;
	request = json_tokener_parse(line);
	if (request && json_object_is_type(request, json_type_object)) {
		reply = serve(client->ctl->sim, request);
		json_object_object_get_ex(request, "id", &id);
	} else {
		reply = error_reply("not a JSON object");
	}
	json_object_object_add(reply, "id", json_object_get(id));
	send_object(client, reply);
	json_object_put(request);
}

static void serve_lines(struct ctl_client *client)
{
	char *line = client->in, *end;

	while (client->watch.fd >= 0 &&
	       (end = memchr(line, '\n', client->in + client->in_len - line))) {
		*end = '\0';
		if (!client->skipping)
			serve_line(client, line);
		client->skipping = false;
		line = end + 1;
	}
	client->in_len -= line - client->in;
	memmove(client->in, line, client->in_len);
	if (client->in_len == MAX_LINE) {
		client->skipping = true;
		client->in_len = 0;
	}
}

static void client_ready(struct loop_fd *watch, uint32_t events)
{
	struct ctl_client *client =
		(struct ctl_client *)((char *)watch - offsetof(struct ctl_client, watch));
	ssize_t n;

	if (events & EPOLLOUT)
		send_pending(client);
	if (watch->fd < 0 || !(events & (EPOLLIN | EPOLLHUP | EPOLLERR)))
		return;
	n = recv(watch->fd, client->in + client->in_len, MAX_LINE - client->in_len, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		disconnect(client);
		return;
	}
	client->in_len += n;
	serve_lines(client);
}

static void listener_ready(struct loop_fd *watch, uint32_t events)
{
	struct ctl *ctl = (struct ctl *)((char *)watch - offsetof(struct ctl, listener));
	int fd = accept4(watch->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct ctl_client *client;

	if (fd < 0)
		return;
	client = calloc(1, sizeof(*client));
	if (!client) {
		close(fd);
		return;
	}
	client->ctl = ctl;
	client->watch = (struct loop_fd){ .fd = fd, .ready = client_ready };
	client->next = ctl->clients;
	ctl->clients = client;
	if (loop_add(&ctl->sim->loop, &client->watch, EPOLLIN)) {
		client->watch.fd = -1;
		close(fd);
	}
}

struct ctl *ctl_new(struct sim *sim)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	struct ctl *ctl = calloc(1, sizeof(*ctl));
	int err;

	if (!ctl)
		return NULL;
	ctl->sim = sim;
	if ((size_t)snprintf(addr.sun_path, sizeof(addr.sun_path), "%s/ctl.sock",
			     sim->config.dir) >= sizeof(addr.sun_path)) {
		free(ctl);
		errno = ENAMETOOLONG;
		return NULL;
	}
	strcpy(ctl->path, addr.sun_path);
	unlink(ctl->path);
	ctl->listener.ready = listener_ready;
	ctl->listener.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (ctl->listener.fd >= 0 &&
	    !bind(ctl->listener.fd, (struct sockaddr *)&addr, sizeof(addr)) &&
	    !listen(ctl->listener.fd, 16) && !loop_add(&sim->loop, &ctl->listener, EPOLLIN))
		return ctl;
	err = errno;
	if (ctl->listener.fd >= 0)
		close(ctl->listener.fd);
	free(ctl);
	errno = err;
	return NULL;
}

void ctl_reap(struct ctl *ctl)
{
	struct ctl_client **at;

	if (!ctl)
		return;
	at = &ctl->clients;
	while (*at) {
		struct ctl_client *client = *at;

		if (client->watch.fd >= 0) {
			at = &client->next;
			continue;
		}
		*at = client->next;
		free(client->out);
		free(client);
	}
}

void ctl_free(struct ctl *ctl)
{
	int fd;

	if (!ctl)
		return;
	for (struct ctl_client *client = ctl->clients; client; client = client->next)
		disconnect(client);
	ctl_reap(ctl);
	fd = ctl->listener.fd;
	loop_remove(&ctl->sim->loop, &ctl->listener);
	close(fd);
	unlink(ctl->path);
	free(ctl);
}
