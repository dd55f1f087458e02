// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * avfsim: emulated VFs for QEMU's vfio-user client. Runs until SIGTERM or SIGINT, then writes
 * DIR/report.json. Exit codes: 0 clean, 1 errors were found, 2 usage, 3 could not start or run.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "control/state.h"
#include "pf/profile.h"
#include "sim.h"

/*
 * From RESET_IMPENDING to the reset. A guest under TCG is some 40 times slower than the machines
 * for which ice's 50 us suffice: it would never see the message.
 */
#define ANNOUNCE_NS	2000000

enum { EXIT_ERRORS = 1, EXIT_BAD_USAGE = 2, EXIT_BROKEN = 3 };

static const char usage_text[] =
	"usage: avfsim --dir DIR [--vfs N] [--pf PROFILE[,untrusted]] [--queues N]\n"
	"              [--transcript FILE] [--iommu] [--msg-delay-us N] [--reset-us N]\n"
	"              [--announce-us N] [--link-mbps N]\n";

struct watcher {
	struct loop_fd watch;
	bool stop;
};

static void __attribute__((noreturn)) usage(const char *why)
{
	fprintf(stderr, "avfsim: %s\n%s", why, usage_text);
	exit(EXIT_BAD_USAGE);
}

static uint64_t number(const char *text, uint64_t max)
{
	char *end;
	uint64_t value;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno || end == text || *end || *text == '-' || value > max)
		usage("a number is wrong");
	return value;
}

static void parse_profile(struct sim_config *config, const char *text)
{
	const struct pf_profile *profile = pf_profile_parse(text, &config->pf.untrusted);

	if (!profile)
		usage("no such profile; behind its name only \",untrusted\" is known");
	config->pf.profile = profile->name;
}

static void parse_args(struct sim_config *config, int argc, char **argv)
{
	static const struct option options[] = {
		{ "dir", required_argument, NULL, 'd' },
		{ "vfs", required_argument, NULL, 'v' },
		{ "pf", required_argument, NULL, 'p' },
		{ "queues", required_argument, NULL, 'q' },
		{ "transcript", required_argument, NULL, 't' },
		{ "iommu", no_argument, NULL, 'i' },
		{ "msg-delay-us", required_argument, NULL, 'm' },
		{ "reset-us", required_argument, NULL, 'r' },
		{ "announce-us", required_argument, NULL, 'a' },
		{ "link-mbps", required_argument, NULL, 'l' },
		{ NULL, 0, NULL, 0 },
	};
	int opt;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (opt) {
		case 'd':
			config->dir = optarg;
			break;
		case 'v':
			config->pf.num_vfs = number(optarg, PF_MAX_VFS);
			break;
		case 'p':
			parse_profile(config, optarg);
			break;
		case 'q':
			config->pf.num_queues = number(optarg, PF_MAX_QUEUES);
			break;
		case 't':
			config->transcript = optarg;
			break;
		case 'i':
			config->iommu = true;
			break;
		case 'm':
			config->pf.msg_delay_ns = number(optarg, 1000000000) * 1000;
			break;
		case 'r':
			config->pf.reset_ns = number(optarg, 1000000000) * 1000;
			break;
		case 'a':
			config->pf.announce_ns = number(optarg, 1000000000) * 1000;
			break;
		case 'l':
			config->pf.link_mbps = number(optarg, UINT32_MAX);
			break;
		default:
			usage("unknown option");
		}
	}
	if (optind != argc || !config->dir || !config->pf.num_vfs)
		usage("--dir is missing, or something is too much");
}

static void signal_ready(struct loop_fd *watch, uint32_t events)
{
	struct watcher *w = (struct watcher *)((char *)watch - offsetof(struct watcher, watch));
	struct signalfd_siginfo info;

	if (read(watch->fd, &info, sizeof(info)) == sizeof(info))
		w->stop = true;
}

static int watch_signals(struct sim *sim, struct watcher *w)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	w->watch.ready = signal_ready;
	w->watch.fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (w->watch.fd < 0)
		return -errno;
	return loop_add(&sim->loop, &w->watch, EPOLLIN);
}

static int finish(struct sim *sim)
{
	uint64_t errors = sim->report.errors.num, violations = sim->report.violations.num;
	int err = state_write_report(sim);

	if (errors || violations)
		fprintf(stderr, "avfsim: %llu errors, %llu violations; see report.json\n",
			(unsigned long long)errors, (unsigned long long)violations);
	sim_free(sim);
	if (err)
		return EXIT_BROKEN;
	return errors ? EXIT_ERRORS : 0;
}

int main(int argc, char **argv)
{
	struct sim_config config = { .pf = { .profile = "ice-dvm", .num_vfs = 2,
					       .announce_ns = ANNOUNCE_NS } };
	struct watcher watcher = { .stop = false };
	struct sim *sim;

	parse_args(&config, argc, argv);
	signal(SIGPIPE, SIG_IGN);
	sim = sim_new(&config);
	if (!sim)
		return EXIT_BROKEN;
	if (watch_signals(sim, &watcher)) {
		sim_free(sim);
		return EXIT_BROKEN;
	}
	puts("ready");
	fflush(stdout);
	while (!watcher.stop && !sim_step(sim, -1))
		;
	return finish(sim);
}
