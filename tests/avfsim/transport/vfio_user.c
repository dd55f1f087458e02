// SPDX-License-Identifier: GPL-2.0-or-later
#include "transport/vfio_user.h"

#include <errno.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
	CMD_VERSION = 1, CMD_DMA_MAP = 2, CMD_DMA_UNMAP = 3, CMD_GET_INFO = 4,
	CMD_GET_REGION_INFO = 5, CMD_GET_IRQ_INFO = 7, CMD_SET_IRQS = 8, CMD_REGION_READ = 9,
	CMD_REGION_WRITE = 10, CMD_DEVICE_RESET = 13,
};

#define FLAG_TYPE	0xfu
#define FLAG_REPLY	0x1u
#define FLAG_NO_REPLY	0x10u
#define FLAG_ERROR	0x20u

#define MAX_MESSAGE	(VFU_MAX_ACCESS + 256)
#define INPUT_SIZE	(64 * 1024)
#define MAX_OUTPUT	(1024 * 1024)	/* a client that reads nothing is cut off */
#define MAX_FDS		16

/* QEMU takes no larger number of maps here, and makes more all the same. */
static const char capabilities[] =
	"{\"capabilities\":{\"max_msg_fds\":8,\"max_data_xfer_size\":4096,"
	"\"pgsizes\":4096,\"max_dma_maps\":65535}}";

struct header {
	uint16_t id, command;
	uint32_t size, flags, error;
};

struct dma_map_msg {
	uint32_t argsz, flags;
	uint64_t offset, iova, size;
};

struct dma_unmap_msg {
	uint32_t argsz, flags;
	uint64_t iova, size;
};

struct region_rw {
	uint64_t offset;
	uint32_t region, count;
};

struct vfu {
	struct loop *loop;
	struct loop_fd listener, client;
	struct vfu_info info;
	const struct vfu_ops *ops;
	void *ctx;
	char *path;
	uint64_t bad_messages;

	uint8_t in[INPUT_SIZE];
	size_t in_len;
	/* Descriptors belong to the message that holds byte fd_at of the input buffer. */
	int fds[MAX_FDS];
	unsigned int num_fds;
	size_t fd_at;
	uint8_t *out;
	size_t out_len;
};

struct message {
	struct header hdr;
	const uint8_t *body;
	size_t len;
	int *fds;
	unsigned int num_fds;
};

static void close_fds(struct vfu *vfu)
{
	for (unsigned int i = 0; i < vfu->num_fds; i++)
		if (vfu->fds[i] >= 0)
			close(vfu->fds[i]);
	vfu->num_fds = 0;
}

static void disconnect(struct vfu *vfu)
{
	int fd = vfu->client.fd;

	if (fd < 0)
		return;
	loop_remove(vfu->loop, &vfu->client);
	close(fd);
	close_fds(vfu);
	free(vfu->out);
	vfu->out = NULL;
	vfu->out_len = 0;
	vfu->in_len = 0;
	vfu->ops->disconnected(vfu->ctx);
	loop_modify(vfu->loop, &vfu->listener, EPOLLIN);
}

static void queue_output(struct vfu *vfu, const void *data, size_t len)
{
	uint8_t *out;

	if (vfu->out_len + len > MAX_OUTPUT) {
		disconnect(vfu);
		return;
	}
	out = realloc(vfu->out, vfu->out_len + len);
	if (!out) {
		disconnect(vfu);
		return;
	}
	memcpy(out + vfu->out_len, data, len);
	vfu->out = out;
	vfu->out_len += len;
	loop_modify(vfu->loop, &vfu->client, EPOLLIN | EPOLLOUT);
}

static void send_bytes(struct vfu *vfu, const uint8_t *data, size_t len)
{
	ssize_t n = 0;

	if (!vfu->out_len)
		n = send(vfu->client.fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n < 0 && errno != EAGAIN && errno != EINTR) {
		disconnect(vfu);
		return;
	}
	if (n < 0)
		n = 0;
	if ((size_t)n < len)
		queue_output(vfu, data + n, len - n);
}

static void flush_output(struct vfu *vfu)
{
	ssize_t n = send(vfu->client.fd, vfu->out, vfu->out_len, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n < 0 && errno != EAGAIN && errno != EINTR) {
		disconnect(vfu);
		return;
	}
	if (n <= 0)
		return;
	memmove(vfu->out, vfu->out + n, vfu->out_len - n);
	vfu->out_len -= n;
	if (!vfu->out_len)
		loop_modify(vfu->loop, &vfu->client, EPOLLIN);
}

/* Reply with two pieces of payload; error is 0 or a positive errno (then without payload). */
static void reply(struct vfu *vfu, const struct message *msg, int error, const void *first,
		  size_t first_len, const void *second, size_t second_len)
{
	uint8_t buf[MAX_MESSAGE];
	struct header hdr = {
		.id = msg->hdr.id, .command = msg->hdr.command, .size = sizeof(hdr),
		.flags = FLAG_REPLY,
	};

	if (error) {
		vfu->bad_messages++;
		hdr.flags |= FLAG_ERROR;
		hdr.error = error;
		first_len = second_len = 0;
	}
	if (msg->hdr.flags & FLAG_NO_REPLY)
		return;
	hdr.size += first_len + second_len;
	memcpy(buf, &hdr, sizeof(hdr));
	if (first_len)
		memcpy(buf + sizeof(hdr), first, first_len);
	if (second_len)
		memcpy(buf + sizeof(hdr) + first_len, second, second_len);
	send_bytes(vfu, buf, hdr.size);
}

static void reply_status(struct vfu *vfu, const struct message *msg, int err)
{
	reply(vfu, msg, -err, NULL, 0, NULL, 0);
}

/* Copy the fixed part of a payload out; false = it is too short (answered). */
static bool fixed_part(struct vfu *vfu, const struct message *msg, void *to, size_t len)
{
	if (msg->len < len) {
		reply_status(vfu, msg, -EINVAL);
		return false;
	}
	memcpy(to, msg->body, len);
	return true;
}

static void do_version(struct vfu *vfu, const struct message *msg)
{
	struct { uint16_t major, minor; } version;

	if (!fixed_part(vfu, msg, &version, sizeof(version)))
		return;
	if (version.major) {
		reply_status(vfu, msg, -ENOTSUP);
		return;
	}
	/* We implement 0.0 of the protocol; a client may offer a later minor. */
	version.minor = 0;
	reply(vfu, msg, 0, &version, sizeof(version), capabilities, sizeof(capabilities));
}

static void do_dma_map(struct vfu *vfu, const struct message *msg)
{
	struct dma_map_msg map;
	int fd = msg->num_fds ? msg->fds[0] : -1;

	if (!fixed_part(vfu, msg, &map, sizeof(map)))
		return;
	if (!map.size || map.iova + map.size - 1 < map.iova) {
		reply_status(vfu, msg, -EINVAL);
		return;
	}
	reply_status(vfu, msg, vfu->ops->dma_map(vfu->ctx, map.iova, map.size,
						 map.flags & VFIO_DMA_MAP_FLAG_READ,
						 map.flags & VFIO_DMA_MAP_FLAG_WRITE,
						 fd, map.offset));
}

static void do_dma_unmap(struct vfu *vfu, const struct message *msg)
{
	struct dma_unmap_msg unmap;
	bool all;
	int err;

	if (!fixed_part(vfu, msg, &unmap, sizeof(unmap)))
		return;
	all = unmap.flags & VFIO_DMA_UNMAP_FLAG_ALL;
	if (unmap.flags & ~VFIO_DMA_UNMAP_FLAG_ALL ||
	    (!all && (!unmap.size || unmap.iova + unmap.size - 1 < unmap.iova))) {
		reply_status(vfu, msg, -EINVAL);
		return;
	}
	err = vfu->ops->dma_unmap(vfu->ctx, unmap.iova, unmap.size, all);
	reply(vfu, msg, -err, &unmap, sizeof(unmap), NULL, 0);
}

static void do_get_info(struct vfu *vfu, const struct message *msg)
{
	const uint32_t info[4] = {
		sizeof(info), VFIO_DEVICE_FLAGS_RESET | VFIO_DEVICE_FLAGS_PCI,
		VFU_NUM_REGIONS, VFU_NUM_IRQS,
	};

	reply(vfu, msg, 0, info, sizeof(info), NULL, 0);
}

static void do_get_region_info(struct vfu *vfu, const struct message *msg)
{
	struct vfio_region_info info;

	if (!fixed_part(vfu, msg, &info, sizeof(info)))
		return;
	if (info.index >= VFU_NUM_REGIONS) {
		reply_status(vfu, msg, -EINVAL);
		return;
	}
	info.argsz = sizeof(info);
	info.size = vfu->info.region_size[info.index];
	info.flags = info.size ? VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE : 0;
	info.cap_offset = 0;
	info.offset = 0;
	reply(vfu, msg, 0, &info, sizeof(info), NULL, 0);
}

static void do_get_irq_info(struct vfu *vfu, const struct message *msg)
{
	struct vfio_irq_info info;

	if (!fixed_part(vfu, msg, &info, sizeof(info)))
		return;
	if (info.index >= VFU_NUM_IRQS) {
		reply_status(vfu, msg, -EINVAL);
		return;
	}
	info.argsz = sizeof(info);
	info.count = vfu->info.irq_count[info.index];
	/* Vectors may be added one by one: no NORESIZE. */
	info.flags = info.count ? VFIO_IRQ_INFO_EVENTFD : 0;
	reply(vfu, msg, 0, &info, sizeof(info), NULL, 0);
}

static int set_eventfds(struct vfu *vfu, const struct message *msg,
			const struct vfio_irq_set *set)
{
	/* All valid with one descriptor each, or none: then they are taken away. */
	if (msg->num_fds && msg->num_fds != set->count)
		return -EINVAL;
	for (uint32_t i = 0; i < set->count; i++) {
		int fd = -1, err;

		if (msg->num_fds) {
			fd = msg->fds[i];
			msg->fds[i] = -1;
		}
		err = vfu->ops->set_irq(vfu->ctx, set->index, set->start + i, fd);
		if (err)
			return err;
	}
	return 0;
}

static int set_irqs(struct vfu *vfu, const struct message *msg, const struct vfio_irq_set *set)
{
	uint32_t max;
	int err = 0;

	if (set->index >= VFU_NUM_IRQS)
		return -EINVAL;
	max = vfu->info.irq_count[set->index];
	if (set->start > max || set->count > max - set->start)
		return -EINVAL;
	if ((set->flags & VFIO_IRQ_SET_ACTION_TYPE_MASK) != VFIO_IRQ_SET_ACTION_TRIGGER)
		return -ENOTSUP;
	if (set->flags & VFIO_IRQ_SET_DATA_EVENTFD)
		return set_eventfds(vfu, msg, set);
	if (!(set->flags & VFIO_IRQ_SET_DATA_NONE))
		return -ENOTSUP;
	if (!set->count) {	/* the whole index is disabled */
		for (uint32_t i = 0; i < max && !err; i++)
			err = vfu->ops->set_irq(vfu->ctx, set->index, i, -1);
		return err;
	}
	for (uint32_t i = 0; i < set->count && !err; i++)
		err = vfu->ops->trigger_irq(vfu->ctx, set->index, set->start + i);
	return err;
}

static void do_set_irqs(struct vfu *vfu, const struct message *msg)
{
	struct vfio_irq_set set;

	if (!fixed_part(vfu, msg, &set, sizeof(set)))
		return;
	reply_status(vfu, msg, set_irqs(vfu, msg, &set));
}

static bool region_access_ok(const struct vfu *vfu, const struct region_rw *rw)
{
	uint64_t size;

	if (rw->region >= VFU_NUM_REGIONS || !rw->count || rw->count > VFU_MAX_ACCESS)
		return false;
	size = vfu->info.region_size[rw->region];
	return rw->offset < size && rw->count <= size - rw->offset;
}

static void do_region_read(struct vfu *vfu, const struct message *msg)
{
	uint8_t data[VFU_MAX_ACCESS];
	struct region_rw rw;
	int err;

	if (!fixed_part(vfu, msg, &rw, sizeof(rw)))
		return;
	if (!region_access_ok(vfu, &rw)) {
		reply_status(vfu, msg, -EINVAL);
		return;
	}
	err = vfu->ops->region_read(vfu->ctx, rw.region, rw.offset, data, rw.count);
	reply(vfu, msg, -err, &rw, sizeof(rw), data, rw.count);
}

static void do_region_write(struct vfu *vfu, const struct message *msg)
{
	struct region_rw rw;
	int err;

	if (!fixed_part(vfu, msg, &rw, sizeof(rw)))
		return;
	if (!region_access_ok(vfu, &rw) || msg->len - sizeof(rw) < rw.count) {
		reply_status(vfu, msg, -EINVAL);
		return;
	}
	err = vfu->ops->region_write(vfu->ctx, rw.region, rw.offset, msg->body + sizeof(rw),
				     rw.count);
	reply(vfu, msg, -err, &rw, sizeof(rw), NULL, 0);
}

static void handle(struct vfu *vfu, const struct message *msg)
{
	switch (msg->hdr.command) {
	case CMD_VERSION:
		do_version(vfu, msg);
		break;
	case CMD_DMA_MAP:
		do_dma_map(vfu, msg);
		break;
	case CMD_DMA_UNMAP:
		do_dma_unmap(vfu, msg);
		break;
	case CMD_GET_INFO:
		do_get_info(vfu, msg);
		break;
	case CMD_GET_REGION_INFO:
		do_get_region_info(vfu, msg);
		break;
	case CMD_GET_IRQ_INFO:
		do_get_irq_info(vfu, msg);
		break;
	case CMD_SET_IRQS:
		do_set_irqs(vfu, msg);
		break;
	case CMD_REGION_READ:
		do_region_read(vfu, msg);
		break;
	case CMD_REGION_WRITE:
		do_region_write(vfu, msg);
		break;
	case CMD_DEVICE_RESET:
		reply_status(vfu, msg, vfu->ops->reset(vfu->ctx));
		break;
	default:
		reply_status(vfu, msg, -ENOTSUP);
	}
}

/* Serve the complete messages in the buffer; false = the stream is beyond repair. */
static bool serve_input(struct vfu *vfu)
{
	size_t at = 0;

	while (vfu->in_len - at >= sizeof(struct header)) {
		struct message msg = { 0 };

		memcpy(&msg.hdr, vfu->in + at, sizeof(msg.hdr));
		if (msg.hdr.size < sizeof(msg.hdr) || msg.hdr.size > MAX_MESSAGE ||
		    (msg.hdr.flags & FLAG_TYPE))
			return false;
		if (vfu->in_len - at < msg.hdr.size)
			break;
		msg.body = vfu->in + at + sizeof(msg.hdr);
		msg.len = msg.hdr.size - sizeof(msg.hdr);
		at += msg.hdr.size;
		if (vfu->num_fds && vfu->fd_at < at) {
			msg.fds = vfu->fds;
			msg.num_fds = vfu->num_fds;
		}
		handle(vfu, &msg);
		if (vfu->client.fd < 0)
			return true;
		if (msg.num_fds)
			close_fds(vfu);
	}
	memmove(vfu->in, vfu->in + at, vfu->in_len - at);
	vfu->in_len -= at;
	vfu->fd_at -= vfu->num_fds ? at : 0;
	return true;
}

static void take_fds(struct vfu *vfu, struct msghdr *mh)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(mh); c; c = CMSG_NXTHDR(mh, c)) {
		size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < n; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(int));
			if (vfu->num_fds < MAX_FDS)
				vfu->fds[vfu->num_fds++] = fd;
			else
				close(fd);
		}
		/* A receive ends with the piece that carried descriptors. */
		vfu->fd_at = vfu->in_len - 1;
	}
}

static void client_ready(struct loop_fd *watch, uint32_t events)
{
	struct vfu *vfu = (struct vfu *)((char *)watch - offsetof(struct vfu, client));
	union { char buf[CMSG_SPACE(MAX_FDS * sizeof(int))]; struct cmsghdr align; } control;
	struct iovec iov = { vfu->in + vfu->in_len, INPUT_SIZE - vfu->in_len };
	struct msghdr mh = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	ssize_t n;

	if (events & EPOLLOUT)
		flush_output(vfu);
	if (vfu->client.fd < 0 || !(events & (EPOLLIN | EPOLLHUP | EPOLLERR)))
		return;
	n = recvmsg(vfu->client.fd, &mh, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		disconnect(vfu);
		return;
	}
	vfu->in_len += n;
	take_fds(vfu, &mh);
	if (!serve_input(vfu)) {
		vfu->bad_messages++;
		disconnect(vfu);
	}
}

static void listener_ready(struct loop_fd *watch, uint32_t events)
{
	struct vfu *vfu = (struct vfu *)((char *)watch - offsetof(struct vfu, listener));
	int fd;

	if (vfu->client.fd >= 0)
		return;
	fd = accept4(watch->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0)
		return;
	vfu->client.fd = fd;
	if (loop_add(vfu->loop, &vfu->client, EPOLLIN)) {
		vfu->client.fd = -1;
		close(fd);
		return;
	}
	/* One client at a time; the next one waits in the backlog. */
	loop_modify(vfu->loop, &vfu->listener, 0);
}

static int listen_on(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(addr.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(addr.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	unlink(path);
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) || listen(fd, 4)) {
		close(fd);
		return -1;
	}
	return fd;
}

struct vfu *vfu_new(struct loop *loop, const char *path, const struct vfu_info *info,
		    const struct vfu_ops *ops, void *ctx)
{
	struct vfu *vfu = calloc(1, sizeof(*vfu));

	if (!vfu)
		return NULL;
	vfu->loop = loop;
	vfu->info = *info;
	vfu->ops = ops;
	vfu->ctx = ctx;
	vfu->path = strdup(path);
	vfu->listener.ready = listener_ready;
	vfu->client = (struct loop_fd){ .fd = -1, .ready = client_ready };
	vfu->listener.fd = listen_on(path);
	if (!vfu->path || vfu->listener.fd < 0 || loop_add(loop, &vfu->listener, EPOLLIN)) {
		int err = errno;

		if (vfu->listener.fd >= 0)
			close(vfu->listener.fd);
		free(vfu->path);
		free(vfu);
		errno = err;
		return NULL;
	}
	return vfu;
}

void vfu_free(struct vfu *vfu)
{
	int fd;

	if (!vfu)
		return;
	disconnect(vfu);
	fd = vfu->listener.fd;
	loop_remove(vfu->loop, &vfu->listener);
	close(fd);
	unlink(vfu->path);
	free(vfu->path);
	free(vfu);
}

bool vfu_connected(const struct vfu *vfu)
{
	return vfu->client.fd >= 0;
}

uint64_t vfu_bad_messages(const struct vfu *vfu)
{
	return vfu->bad_messages;
}
