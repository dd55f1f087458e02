// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * All VFs as they are, from the daemon or from the kernel, and what changes about them. Whatever is
 * heard is compared with what is known, so a change of the source or a loss of messages is nothing
 * special: everything is asked for again, and only differences become events.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "bus.h"
#include "ctl.h"
#include "decode.h"
#include "news.h"

#define REJOIN_US	500000

struct queued {
	struct iavfctl_event event;
	struct iavfctl_vf *vf, *before;
	struct queued *next;
};

struct iavfctl_monitor {
	struct iavfctl *ctl;
	sd_bus *bus;
	uint64_t rejoin_at;		/* us; 0: not to be rejoined */
	bool asked;			/* the list is under way */
	char owner[64];			/* unique name of the daemon whose list we have */
	struct news *news;		/* NULL: no generic netlink here */
	enum iavfctl_source source;
	bool started;			/* there was a list */
	struct iavfctl_vf **vfs;
	size_t count;
	struct queued *first, **last, *current;
	int err;			/* events were lost for want of memory */
	int epoll, timer, bus_epoll;	/* for loops of others; -1: none */
	int watched;			/* the bus's descriptor in bus_epoll */
};

/* Events */

static void queued_free(struct queued *queued)
{
	if (!queued)
		return;
	iavfctl_vf_free(queued->vf);
	iavfctl_vf_free(queued->before);
	free(queued);
}

/* before is used up. */
static void push(struct iavfctl_monitor *m, enum iavfctl_event_kind kind,
		 const struct iavfctl_vf *vf, struct iavfctl_vf *before)
{
	struct queued *queued = calloc(1, sizeof(*queued));

	if (queued && vf)
		queued->vf = whole_copy(vf);
	if (!queued || (vf && !queued->vf)) {
		m->err = -ENOMEM;
		iavfctl_vf_free(before);
		free(queued);
		return;
	}
	queued->before = before;
	queued->event = (struct iavfctl_event){ kind, m->source, queued->vf, before };
	*m->last = queued;
	m->last = &queued->next;
}

/* What is known */

static struct iavfctl_vf **find(struct iavfctl_monitor *m, uint32_t id)
{
	for (size_t i = 0; i < m->count; i++) {
		if (m->vfs[i]->id == id)
			return &m->vfs[i];
	}
	return NULL;
}

static struct iavfctl_vf **find_path(struct iavfctl_monitor *m, const char *path)
{
	for (size_t i = 0; i < m->count; i++) {
		if (bus_is_path_of(path, m->vfs[i]->pci))
			return &m->vfs[i];
	}
	return NULL;
}

static void drop(struct iavfctl_monitor *m, struct iavfctl_vf **at)
{
	push(m, IAVFCTL_EVENT_REMOVED, *at, NULL);
	iavfctl_vf_free(*at);
	*at = m->vfs[--m->count];
	qsort(m->vfs, m->count, sizeof(*m->vfs), whole_by_pci);
}

static void add(struct iavfctl_monitor *m, struct iavfctl_vf *vf)
{
	struct iavfctl_vf **grown = realloc(m->vfs, (m->count + 1) * sizeof(*grown));

	if (!grown) {
		m->err = -ENOMEM;
		iavfctl_vf_free(vf);
		return;
	}
	m->vfs = grown;
	grown[m->count++] = vf;
	qsort(m->vfs, m->count, sizeof(*m->vfs), whole_by_pci);
	push(m, m->started ? IAVFCTL_EVENT_ADDED : IAVFCTL_EVENT_PRESENT, vf, NULL);
}

/* A VF as it is now; used up. */
static void apply(struct iavfctl_monitor *m, struct iavfctl_vf *vf)
{
	struct iavfctl_vf **at = find(m, vf->id), *before;

	if (!at) {
		add(m, vf);
		return;
	}
	before = *at;
	*at = vf;
	if (whole_differs(before, vf))
		push(m, IAVFCTL_EVENT_CHANGED, vf, before);
	else
		iavfctl_vf_free(before);
}

static bool is_in(uint32_t id, struct iavfctl_vf *const *vfs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (vfs[i]->id == id)
			return true;
	}
	return false;
}

/* All VFs as they are now; used up. */
static void apply_list(struct iavfctl_monitor *m, enum iavfctl_source source,
		       struct iavfctl_vf **vfs, size_t count)
{
	if (source != m->source || !m->started) {
		m->source = source;
		push(m, IAVFCTL_EVENT_SOURCE, NULL, NULL);
	}
	for (size_t i = m->count; i-- > 0;) {
		if (!is_in(m->vfs[i]->id, vfs, count))
			drop(m, &m->vfs[i]);
	}
	for (size_t i = 0; i < count; i++)
		apply(m, vfs[i]);
	free(vfs);
	m->started = true;
}

static void use_kernel(struct iavfctl_monitor *m)
{
	struct iavfctl_vf **vfs = NULL;
	size_t count = 0;
	enum iavfctl_error error = iavfctl_list(m->ctl, &vfs, &count);

	m->owner[0] = '\0';
	apply_list(m, error ? IAVFCTL_SOURCE_NONE : IAVFCTL_SOURCE_KERNEL, vfs, count);
}

/* The kernel's news */

static void on_vf(void *ctx, struct iavfctl_vf *vf)
{
	struct iavfctl_monitor *m = ctx;

	if (m->source == IAVFCTL_SOURCE_KERNEL)
		apply(m, vf);
	else
		iavfctl_vf_free(vf);
}

static void on_gone(void *ctx, uint32_t id)
{
	struct iavfctl_monitor *m = ctx;
	struct iavfctl_vf **at = find(m, id);

	if (m->source == IAVFCTL_SOURCE_KERNEL && at)
		drop(m, at);
}

static void on_lost(void *ctx)
{
	struct iavfctl_monitor *m = ctx;

	news_join(m->news);
	if (m->source != IAVFCTL_SOURCE_DAEMON)
		use_kernel(m);
}

/* The daemon's */

static int on_list(sd_bus_message *reply, void *data, sd_bus_error *error)
{
	struct iavfctl_monitor *m = data;
	struct iavfctl_vf **vfs;
	size_t count;

	m->asked = false;
	if (sd_bus_message_is_method_error(reply, NULL) ||
	    bus_take_objects(reply, m->ctl->our_netns, &vfs, &count)) {
		if (!m->started || m->source == IAVFCTL_SOURCE_DAEMON)
			use_kernel(m);
		return 1;
	}
	snprintf(m->owner, sizeof(m->owner), "%s", sd_bus_message_get_sender(reply) ?: "");
	apply_list(m, IAVFCTL_SOURCE_DAEMON, vfs, count);
	return 1;
}

static void ask_list(struct iavfctl_monitor *m)
{
	static const struct bus_question question = {
		.path = BUS_ROOT, .interface = "org.freedesktop.DBus.ObjectManager",
		.member = "GetManagedObjects",
	};

	if (!m->asked)
		m->asked = !bus_call(m->bus, NULL, &question, on_list, m);
}

static int on_owner(sd_bus_message *message, void *data, sd_bus_error *error)
{
	struct iavfctl_monitor *m = data;
	const char *name, *before, *now;

	if (sd_bus_message_read(message, "sss", &name, &before, &now) < 0 || strcmp(name, BUS_NAME))
		return 0;
	if (*now)
		ask_list(m);
	else if (m->source == IAVFCTL_SOURCE_DAEMON)
		use_kernel(m);
	return 0;
}

/* Of the daemon whose list we have; any other one is a reason to ask for its list. */
static bool is_known(struct iavfctl_monitor *m, sd_bus_message *message)
{
	const char *sender = sd_bus_message_get_sender(message);

	if (sender && !strcmp(sender, m->owner))
		return true;
	ask_list(m);
	return false;
}

static int on_changed(sd_bus_message *message, void *data, sd_bus_error *error)
{
	struct iavfctl_monitor *m = data;
	struct iavfctl_vf **at = find_path(m, sd_bus_message_get_path(message)), *vf;
	const char *interface;

	if (!is_known(m, message) || !at || sd_bus_message_read(message, "s", &interface) < 0 ||
	    strcmp(interface, BUS_VF))
		return 0;
	vf = whole_copy(*at);
	if (vf && bus_take_properties(message, (struct whole_vf *)vf, m->ctl->our_netns) >= 0)
		apply(m, vf);
	else
		iavfctl_vf_free(vf);
	return 0;
}

static int on_added(sd_bus_message *message, void *data, sd_bus_error *error)
{
	struct iavfctl_monitor *m = data;
	struct iavfctl_vf *vf;

	if (is_known(m, message) && sd_bus_message_skip(message, "o") >= 0 &&
	    !bus_take_interfaces(message, m->ctl->our_netns, &vf) && vf)
		apply(m, vf);
	return 0;
}

static int on_removed(sd_bus_message *message, void *data, sd_bus_error *error)
{
	struct iavfctl_monitor *m = data;
	struct iavfctl_vf **at;
	const char *path;

	if (!is_known(m, message) || sd_bus_message_read(message, "o", &path) < 0)
		return 0;
	at = find_path(m, path);
	if (at && bus_names_vf(message))
		drop(m, at);
	return 0;
}

/* The bus */

static int listen_to(struct iavfctl_monitor *m)
{
	static const struct { const char *match; sd_bus_message_handler_t handler; } all[] = {
		{ "type='signal',sender='org.freedesktop.DBus',interface='org.freedesktop.DBus',"
		  "member='NameOwnerChanged',arg0='" BUS_NAME "'", on_owner },
		{ "type='signal',sender='" BUS_NAME "',interface='org.freedesktop.DBus.Properties',"
		  "member='PropertiesChanged',path_namespace='" BUS_ROOT "/vf'", on_changed },
		{ "type='signal',sender='" BUS_NAME "',path='" BUS_ROOT "',"
		  "interface='org.freedesktop.DBus.ObjectManager',member='InterfacesAdded'",
		  on_added },
		{ "type='signal',sender='" BUS_NAME "',path='" BUS_ROOT "',"
		  "interface='org.freedesktop.DBus.ObjectManager',member='InterfacesRemoved'",
		  on_removed },
	};

	for (unsigned int i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		int err = sd_bus_add_match_async(m->bus, NULL, all[i].match, all[i].handler, NULL,
						 m);

		if (err < 0)
			return err;
	}
	ask_list(m);
	return 0;
}

static void leave(struct iavfctl_monitor *m)
{
	m->bus = sd_bus_close_unref(m->bus);
	m->asked = false;
	m->rejoin_at = bus_now_us() + REJOIN_US;
	if (!m->started || m->source == IAVFCTL_SOURCE_DAEMON)
		use_kernel(m);
}

static void join(struct iavfctl_monitor *m, bool watch)
{
	m->rejoin_at = 0;
	if (bus_open(&m->bus, watch) || listen_to(m))
		leave(m);
}

static void process_bus(struct iavfctl_monitor *m)
{
	int more = 1;

	if (m->rejoin_at && bus_now_us() >= m->rejoin_at)
		join(m, true);
	while (m->bus && more > 0)
		more = sd_bus_process(m->bus, NULL);
	if (m->bus && more < 0)
		leave(m);
}

/* The next time something has to be done without being woken; UINT64_MAX: never. */
static uint64_t due(const struct iavfctl_monitor *m)
{
	uint64_t limit = UINT64_MAX;

	if (m->first)
		return 0;
	if (m->bus)
		sd_bus_get_timeout(m->bus, &limit);
	return m->rejoin_at && m->rejoin_at < limit ? m->rejoin_at : limit;
}

/*
 * sd-bus closes its descriptors when it likes, and one that a forked process still has would stay
 * in an epoll for ever. So the bus's is in an epoll of its own, which can be taken out and thrown
 * away.
 */
static int watch_bus(struct iavfctl_monitor *m, int fd)
{
	struct epoll_event event = { .events = EPOLLIN };

	if (m->bus_epoll >= 0) {
		epoll_ctl(m->epoll, EPOLL_CTL_DEL, m->bus_epoll, NULL);
		close(m->bus_epoll);
		m->bus_epoll = -1;
	}
	m->watched = fd;
	if (fd < 0)
		return 0;
	m->bus_epoll = epoll_create1(EPOLL_CLOEXEC);
	if (m->bus_epoll < 0 || epoll_ctl(m->epoll, EPOLL_CTL_ADD, m->bus_epoll, &event))
		return -errno;
	event.events = (uint32_t)sd_bus_get_events(m->bus);
	return epoll_ctl(m->bus_epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

static bool is_watched(struct iavfctl_monitor *m, int fd)
{
	struct epoll_event event = { .events = 0 };

	if (fd != m->watched || fd < 0)
		return fd == m->watched;
	event.events = (uint32_t)sd_bus_get_events(m->bus);
	return !epoll_ctl(m->bus_epoll, EPOLL_CTL_MOD, fd, &event);
}

/* Bring the descriptor for loops of others up to date. */
static void arm(struct iavfctl_monitor *m)
{
	int fd = m->bus ? sd_bus_get_fd(m->bus) : -1;
	uint64_t when = due(m);
	struct itimerspec at = { .it_value.tv_sec = 0 };

	/* Where there is no descriptor left, the caller's loop still comes by now and then. */
	if (!is_watched(m, fd) && watch_bus(m, fd) && when > bus_now_us() + REJOIN_US)
		when = bus_now_us() + REJOIN_US;
	/* 0 would switch it off. */
	if (when != UINT64_MAX)
		at.it_value = (struct timespec){ when / 1000000, when % 1000000 * 1000 + !when };
	timerfd_settime(m->timer, TFD_TIMER_ABSTIME, &at, NULL);
}

static int open_loop(struct iavfctl_monitor *m)
{
	struct epoll_event event = { .events = EPOLLIN };

	m->watched = m->bus_epoll = -1;
	m->epoll = epoll_create1(EPOLL_CLOEXEC);
	m->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (m->epoll < 0 || m->timer < 0 ||
	    epoll_ctl(m->epoll, EPOLL_CTL_ADD, m->timer, &event))
		return -errno;
	if (m->news && epoll_ctl(m->epoll, EPOLL_CTL_ADD, news_fd(m->news), &event))
		return -errno;
	return 0;
}

/* Sleep until something may have happened, at most to the time. */
static void wait_until(struct iavfctl_monitor *m, uint64_t until)
{
	struct pollfd fds[2] = { { .fd = -1 }, { .fd = -1, .events = POLLIN } };
	uint64_t limit = due(m), now = bus_now_us();

	if (m->bus) {
		fds[0].fd = sd_bus_get_fd(m->bus);
		fds[0].events = (short)sd_bus_get_events(m->bus);
	}
	if (m->news)
		fds[1].fd = news_fd(m->news);
	until = limit < until ? limit : until;
	limit = until > now ? (until - now) / 1000 + 1 : 0;
	poll(fds, 2, until == UINT64_MAX ? -1 : limit > 3600000 ? 3600000 : (int)limit);
}

static void process(struct iavfctl_monitor *m)
{
	struct news_handler handler = { m, on_vf, on_gone, on_lost };

	process_bus(m);
	if (m->news)
		news_read(m->news, &handler);
}

enum iavfctl_error iavfctl_monitor_open(struct iavfctl *ctl, struct iavfctl_monitor **monitor)
{
	struct iavfctl_monitor *m = calloc(1, sizeof(*m));
	uint64_t until = bus_now_us() + BUS_TIMEOUT_US;

	*monitor = NULL;
	if (!m)
		return ctl_fail(ctl, IAVFCTL_FAILED, "out of memory");
	m->ctl = ctl;
	m->last = &m->first;
	/* Without generic netlink there may still be a daemon. */
	if (!news_open(&m->news, ctl->our_netns))
		news_join(m->news);
	if (open_loop(m)) {
		iavfctl_monitor_close(m);
		return ctl_fail(ctl, IAVFCTL_FAILED, "cannot watch: %s", strerror(errno));
	}
	join(m, false);
	while (!m->started && bus_now_us() < until) {
		process(m);
		if (!m->started)
			wait_until(m, until);
	}
	if (!m->started)
		use_kernel(m);
	arm(m);
	ctl->sentence[0] = '\0';
	*monitor = m;
	return IAVFCTL_OK;
}

void iavfctl_monitor_close(struct iavfctl_monitor *m)
{
	if (!m)
		return;
	sd_bus_close_unref(m->bus);
	news_close(m->news);
	if (m->bus_epoll >= 0)
		close(m->bus_epoll);
	if (m->timer >= 0)
		close(m->timer);
	if (m->epoll >= 0)
		close(m->epoll);
	iavfctl_list_free(m->vfs, m->count);
	queued_free(m->current);
	while (m->first) {
		m->current = m->first;
		m->first = m->current->next;
		queued_free(m->current);
	}
	free(m);
}

enum iavfctl_source iavfctl_monitor_source(const struct iavfctl_monitor *m)
{
	return m->source;
}

static const struct iavfctl_event *pop(struct iavfctl_monitor *m)
{
	m->current = m->first;
	m->first = m->current->next;
	if (!m->first)
		m->last = &m->first;
	return &m->current->event;
}

int iavfctl_monitor_fd(const struct iavfctl_monitor *m)
{
	return m->epoll;
}

static enum iavfctl_error next(struct iavfctl_monitor *m, uint64_t until)
{
	process(m);
	while (!m->first && !m->err) {
		if (bus_now_us() >= until)
			return ctl_fail(m->ctl, IAVFCTL_TIMED_OUT, "nothing happened in time");
		wait_until(m, until);
		process(m);
	}
	if (m->err)
		return ctl_fail(m->ctl, IAVFCTL_FAILED, "%s", strerror(-m->err));
	return IAVFCTL_OK;
}

enum iavfctl_error iavfctl_monitor_next(struct iavfctl_monitor *m, int timeout_ms,
					const struct iavfctl_event **event)
{
	uint64_t until = timeout_ms < 0 ? UINT64_MAX : bus_now_us() + timeout_ms * 1000ULL;
	enum iavfctl_error error;

	m->ctl->sentence[0] = '\0';
	queued_free(m->current);
	m->current = NULL;
	error = next(m, until);
	*event = error ? NULL : pop(m);
	arm(m);
	return error;
}

enum iavfctl_error iavfctl_monitor_find(struct iavfctl_monitor *m, const char *name,
					const struct iavfctl_vf **vf)
{
	struct iavfctl_vf *found;
	enum iavfctl_error error = iavfctl_choose(m->ctl, m->vfs, m->count, name, &found);

	*vf = found;
	return error;
}
