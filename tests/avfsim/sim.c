// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim.h"

#include <errno.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "control/ctl.h"
#include "hw/irq.h"
#include "hw/pci.h"

#define OP_EVENT 17

uint64_t sim_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

/* The PF's orders to the hardware */

static struct device *device_of(void *ctx, unsigned int vf)
{
	struct sim *sim = ctx;

	return &sim->vfs[vf].dev;
}

static void hw_send(void *ctx, unsigned int vf, uint32_t opcode, int32_t status,
		    const void *payload, size_t len)
{
	device_send(device_of(ctx, vf), opcode, status, payload, len);
}

static void hw_txq_start(void *ctx, unsigned int vf, unsigned int queue)
{
	device_txq_start(device_of(ctx, vf), queue);
}

static void hw_rxq_start(void *ctx, unsigned int vf, unsigned int queue)
{
	device_rxq_start(device_of(ctx, vf), queue);
}

static void hw_txq_stop(void *ctx, unsigned int vf, unsigned int queue)
{
	device_txq_stop(device_of(ctx, vf), queue);
}

static void hw_rxq_stop(void *ctx, unsigned int vf, unsigned int queue)
{
	device_rxq_stop(device_of(ctx, vf), queue);
}

static void hw_reset_begin(void *ctx, unsigned int vf, enum pf_reset_kind kind)
{
	static const char *const kinds[] = {
		[PF_RESET_SILENT] = "silent", [PF_RESET_ANNOUNCED] = "announced",
		[PF_RESET_BY_VF] = "by-vf", [PF_RESET_FLR] = "flr",
	};
	struct sim *sim = ctx;

	transcript_reset(&sim->transcript, sim_now(), vf, kinds[kind]);
	device_reset_begin(device_of(ctx, vf), kind);
}

static void hw_reset_done(void *ctx, unsigned int vf)
{
	struct sim *sim = ctx;

	transcript_reset(&sim->transcript, sim_now(), vf, "done");
	device_reset_done(device_of(ctx, vf));
}

static void hw_trace(void *ctx, unsigned int vf, bool from_vf, uint32_t opcode, int32_t status,
		     const void *payload, size_t len, const char *fault)
{
	const char *dir = from_vf ? "request" : opcode == OP_EVENT ? "event" : "reply";
	struct sim *sim = ctx;

	transcript_message(&sim->transcript, sim_now(), vf, dir, opcode, status, payload, len,
			   fault);
}

/* The hardware's needs */

static uint64_t dev_now(void *ctx)
{
	return sim_now();
}

static void dev_message(void *ctx, unsigned int vf, uint32_t opcode, const void *payload,
			size_t len)
{
	struct sim *sim = ctx;

	pf_receive(sim->pf, sim_now(), vf, opcode, payload, len);
}

static void dev_frame(void *ctx, unsigned int vf, const uint8_t *frame, size_t len)
{
	struct sim *sim = ctx;

	switch_transmit(&sim->sw, vf, frame, len);
}

static void dev_flr(void *ctx, unsigned int vf)
{
	struct sim *sim = ctx;

	pf_flr(sim->pf, sim_now(), vf);
}

static void dev_error(void *ctx, unsigned int vf, const char *sentence)
{
	struct sim *sim = ctx;

	report_error(&sim->report, vf, sentence);
}

static void dev_violation(void *ctx, unsigned int vf, const char *sentence)
{
	struct sim *sim = ctx;

	report_violation(&sim->report, vf, sentence);
}

static void sw_deliver(void *ctx, unsigned int vf, const uint8_t *frame, size_t len)
{
	device_receive(device_of(ctx, vf), frame, len);
}

/* The client's accesses */

static int io_read(void *ctx, unsigned int region, uint64_t off, void *buf, size_t len)
{
	struct sim_vf *vf = ctx;

	if (region == VFIO_PCI_CONFIG_REGION_INDEX)
		device_config_read(&vf->dev, off, buf, len);
	else if (region == VFIO_PCI_BAR0_REGION_INDEX)
		device_bar0_read(&vf->dev, off, buf, len);
	else	/* BAR3: the client emulates the MSI-X table */
		memset(buf, vf->dev.gone ? 0xff : 0, len);
	return 0;
}

static int io_write(void *ctx, unsigned int region, uint64_t off, const void *buf, size_t len)
{
	struct sim_vf *vf = ctx;

	if (region == VFIO_PCI_CONFIG_REGION_INDEX)
		device_config_write(&vf->dev, off, buf, len);
	else if (region == VFIO_PCI_BAR0_REGION_INDEX)
		device_bar0_write(&vf->dev, off, buf, len);
	return 0;
}

static int io_dma_map(void *ctx, uint64_t iova, uint64_t size, bool readable, bool writable,
		      int fd, uint64_t offset)
{
	struct sim_vf *vf = ctx;
	int err = dma_map(&vf->dev.dma, iova, size, readable, writable, fd, offset);

	/* The guest hears nothing of it. */
	if (err == -ENOSPC)
		device_error(&vf->dev, "more than %u DMA maps", DMA_MAX_MAPS);
	return err;
}

static int io_dma_unmap(void *ctx, uint64_t iova, uint64_t size, bool all)
{
	struct sim_vf *vf = ctx;

	if (vf->sim->config.iommu)
		device_check_unmap(&vf->dev, iova, all ? UINT64_MAX : size);
	if (!all)
		return dma_unmap(&vf->dev.dma, iova, size);
	dma_unmap_all(&vf->dev.dma);
	return 0;
}

static int io_set_irq(void *ctx, unsigned int index, unsigned int vector, int fd)
{
	struct sim_vf *vf = ctx;

	/* Only MSI-X has a count, so nothing else arrives here. */
	irq_set_fd(&vf->dev, vector, fd);
	return 0;
}

static int io_trigger_irq(void *ctx, unsigned int index, unsigned int vector)
{
	static const uint64_t one = 1;
	struct sim_vf *vf = ctx;
	int fd = vf->dev.irqs.v[vector].fd;

	if (fd < 0 || write(fd, &one, sizeof(one)) != sizeof(one))
		return -EINVAL;
	return 0;
}

static int io_reset(void *ctx)
{
	struct sim_vf *vf = ctx;

	vf->dev.n.flrs++;
	pf_flr(vf->sim->pf, sim_now(), vf->dev.vf);
	return 0;
}

static void io_disconnected(void *ctx)
{
	struct sim_vf *vf = ctx;

	device_unplug(&vf->dev);
}

static const struct vfu_ops vfu_ops = {
	.region_read = io_read,
	.region_write = io_write,
	.dma_map = io_dma_map,
	.dma_unmap = io_dma_unmap,
	.set_irq = io_set_irq,
	.trigger_irq = io_trigger_irq,
	.reset = io_reset,
	.disconnected = io_disconnected,
};

/* Time */

static void timer_ready(struct loop_fd *watch, uint32_t events)
{
	struct sim *sim = (struct sim *)((char *)watch - offsetof(struct sim, timer));
	uint64_t expirations;

	if (read(watch->fd, &expirations, sizeof(expirations)) > 0)
		sim->armed = PF_NO_DEADLINE;
}

static void arm(struct sim *sim, uint64_t deadline)
{
	struct itimerspec its = { 0 };

	if (deadline == sim->armed)
		return;
	sim->armed = deadline;
	if (deadline != PF_NO_DEADLINE) {
		/* All zeros would disarm it. */
		deadline += !deadline;
		its.it_value.tv_sec = deadline / 1000000000ull;
		its.it_value.tv_nsec = deadline % 1000000000ull;
	}
	timerfd_settime(sim->timer.fd, TFD_TIMER_ABSTIME, &its, NULL);
}

/* Whatever is due after a round of accesses: first the PF, then the interrupts it caused. */
static void settle(struct sim *sim)
{
	uint64_t now = sim_now(), next = pf_run(sim->pf, now);

	for (unsigned int i = 0; i < sim->config.pf.num_vfs; i++) {
		uint64_t due = device_run(&sim->vfs[i].dev, now);

		if (due < next)
			next = due;
	}
	arm(sim, next);
}

int sim_step(struct sim *sim, int timeout_ms)
{
	int n;

	/* Also before waiting: a caller may have changed something from outside. */
	settle(sim);
	n = loop_run(&sim->loop, timeout_ms);
	if (n > 0)
		settle(sim);
	ctl_reap(sim->ctl);
	return n < 0 ? n : 0;
}

/* Beginning and end */

static int open_timer(struct sim *sim)
{
	sim->armed = PF_NO_DEADLINE;
	sim->timer.ready = timer_ready;
	sim->timer.fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (sim->timer.fd < 0)
		return -errno;
	return loop_add(&sim->loop, &sim->timer, EPOLLIN);
}

static int open_pf(struct sim *sim)
{
	const struct pf_hw hw = {
		.ctx = sim, .send = hw_send, .txq_start = hw_txq_start,
		.rxq_start = hw_rxq_start, .txq_stop = hw_txq_stop, .rxq_stop = hw_rxq_stop,
		.reset_begin = hw_reset_begin, .reset_done = hw_reset_done, .trace = hw_trace,
	};
	const struct switch_ops ops = { .ctx = sim, .deliver = sw_deliver };

	sim->faults = faults_new();
	if (!sim->faults)
		return -ENOMEM;
	sim->pf = pf_new(&sim->config.pf, &hw, sim->faults);
	if (!sim->pf)
		return -errno;
	pf_on_violation(sim->pf, dev_violation, sim);
	switch_init(&sim->sw, sim->pf, &ops);
	return 0;
}

static void init_devices(struct sim *sim)
{
	sim->device_ops = (struct device_ops){
		.ctx = sim, .now = dev_now, .message = dev_message, .frame = dev_frame,
		.flr = dev_flr, .error = dev_error, .violation = dev_violation,
	};
	for (unsigned int i = 0; i < sim->config.pf.num_vfs; i++) {
		sim->vfs[i].sim = sim;
		device_init(&sim->vfs[i].dev, i, &sim->device_ops, sim->scratch);
	}
}

static int listen_devices(struct sim *sim)
{
	struct vfu_info info = { 0 };

	info.region_size[VFIO_PCI_BAR0_REGION_INDEX] = PCI_BAR0_SIZE;
	info.region_size[VFIO_PCI_BAR3_REGION_INDEX] = PCI_BAR3_SIZE;
	info.region_size[VFIO_PCI_CONFIG_REGION_INDEX] = PCI_CONFIG_SIZE;
	info.irq_count[VFIO_PCI_MSIX_IRQ_INDEX] = PF_MAX_VECTORS;
	for (unsigned int i = 0; i < sim->config.pf.num_vfs; i++) {
		struct sim_vf *vf = &sim->vfs[i];
		char path[4096];

		snprintf(path, sizeof(path), "%s/vf%u.sock", sim->config.dir, i);
		vf->dev.vsi = pf_vsi(sim->pf, i);
		vf->dev.faults = sim->faults;
		vf->vfu = vfu_new(&sim->loop, path, &info, &vfu_ops, vf);
		if (!vf->vfu)
			return -errno;
	}
	return 0;
}

/* The first thing that fails, by name; NULL = all is up. */
static const char *open_all(struct sim *sim, int *err)
{
	sim->scratch = malloc(sizeof(*sim->scratch));
	sim->vfs = calloc(sim->config.pf.num_vfs, sizeof(*sim->vfs));
	*err = -ENOMEM;
	if (!sim->scratch || !sim->vfs)
		return "memory";
	init_devices(sim);
	*err = loop_init(&sim->loop);
	if (!*err)
		*err = open_timer(sim);
	if (*err)
		return "event loop";
	*err = transcript_open(&sim->transcript, sim->config.transcript);
	if (*err)
		return "transcript";
	*err = open_pf(sim);
	if (*err)
		return "PF model";
	*err = listen_devices(sim);
	if (*err)
		return "device sockets";
	sim->ctl = ctl_new(sim);
	*err = -errno;
	return sim->ctl ? NULL : "control socket";
}

struct sim *sim_new(const struct sim_config *config)
{
	struct sim *sim = calloc(1, sizeof(*sim));
	const char *failed;
	int err;

	if (!sim)
		return NULL;
	sim->config = *config;
	sim->loop.epfd = sim->timer.fd = -1;
	failed = open_all(sim, &err);
	if (failed) {
		fprintf(stderr, "avfsim: %s: %s\n", failed, strerror(-err));
		sim_free(sim);
		errno = -err;
		return NULL;
	}
	return sim;
}

void sim_free(struct sim *sim)
{
	if (!sim)
		return;
	ctl_free(sim->ctl);
	for (unsigned int i = 0; sim->vfs && i < sim->config.pf.num_vfs; i++) {
		vfu_free(sim->vfs[i].vfu);
		device_fini(&sim->vfs[i].dev);
	}
	if (sim->pf)
		pf_free(sim->pf);
	if (sim->faults)
		faults_free(sim->faults);
	transcript_close(&sim->transcript);
	report_clear(&sim->report);
	if (sim->timer.fd >= 0)
		close(sim->timer.fd);
	loop_fini(&sim->loop);
	free(sim->vfs);
	free(sim->scratch);
	free(sim);
}
