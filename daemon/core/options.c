// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "iavf_netlink.h"
#include "exit.h"
#include "log.h"
#include "options.h"

#define STATE_DIR	"/var/lib/iavfd"
#define RUN_DIR		"/run/iavfd"
#define GRACE		5u	/* seconds; a restart takes less than one */
#define GRACE_MAX	86400u	/* as the kernel takes it */
#define DIR_MAX		128u

static const char help[] =
	"usage: iavfd [OPTION]...\n"
	"Control plane of Intel Adaptive Virtual Functions driven by the split iavf driver.\n"
	"\n"
	"  --foreground         log to stderr as a person reads it, without journal priorities\n"
	"                       (iavfd never goes to the background)\n"
	"  --log-level=LEVEL    emerg, alert, crit, err, warning, notice, info (default) or debug\n"
	"  --force              take the VFs over from another process that owns them\n"
	"  --wait               keep trying when the VFs cannot be had, instead of giving up\n"
	"  --on-absence=POLICY  what the kernel does with the VFs when nobody has controlled them\n"
	"                       for SECONDS (default 5): hold (default), isolate[:SECONDS] (no\n"
	"                       carrier) or down[:SECONDS] (the queues are stopped as well)\n"
	"  --state-dir=DIR      where what must survive a boot is kept (default " STATE_DIR ")\n"
	"  --run-dir=DIR        where the state of VFs is shown in files (default " RUN_DIR ")\n"
	"  --version            print the version and leave\n"
	"  --help               print this and leave\n"
	"\n"
	"SIGTERM and SIGINT end it and leave the traffic alone. See iavfd(8).\n";

enum {
	OPT_FOREGROUND = 256,
	OPT_LOG_LEVEL,
	OPT_FORCE,
	OPT_WAIT,
	OPT_STATE_DIR,
	OPT_RUN_DIR,
	OPT_ON_ABSENCE,
	OPT_VERSION,
	OPT_HELP
};

static const struct option long_options[] = {
	{ "foreground", no_argument, NULL, OPT_FOREGROUND },
	{ "log-level", required_argument, NULL, OPT_LOG_LEVEL },
	{ "force", no_argument, NULL, OPT_FORCE },
	{ "wait", no_argument, NULL, OPT_WAIT },
	{ "state-dir", required_argument, NULL, OPT_STATE_DIR },
	{ "run-dir", required_argument, NULL, OPT_RUN_DIR },
	{ "on-absence", required_argument, NULL, OPT_ON_ABSENCE },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

static int set_level(struct options *options, const char *word)
{
	options->log_level = log_level_from_word(word);
	if (options->log_level >= 0)
		return -1;
	fprintf(stderr, "iavfd: --log-level=%s: one of emerg, alert, crit, err, warning, notice, info, "
		"debug\n", word);
	return EXIT_USAGE;
}

static int set_dir(const char **to, const char *option, const char *dir)
{
	*to = dir;
	if (*dir == '/' && strlen(dir) < DIR_MAX)
		return -1;
	fprintf(stderr, "iavfd: --%s=%s: an absolute path of less than %u bytes is needed\n",
		option, dir, DIR_MAX);
	return EXIT_USAGE;
}

/* "isolate" or "isolate:SECONDS"; false: neither. */
static bool is_policy(const char *text, const char *word, uint32_t *grace_ms)
{
	size_t len = strlen(word);
	unsigned long seconds;
	char *end;

	if (strncmp(text, word, len))
		return false;
	if (!text[len])
		return true;
	if (text[len] != ':' || text[len + 1] < '0' || text[len + 1] > '9')
		return false;
	seconds = strtoul(text + len + 1, &end, 10);
	*grace_ms = seconds * 1000;
	return !*end && seconds <= GRACE_MAX;
}

static int set_on_absence(struct options *options, const char *text)
{
	options->on_absence = IAVF_ABSENCE_HOLD;
	options->grace_ms = GRACE * 1000;
	if (!strcmp(text, "hold"))
		return -1;
	options->on_absence = IAVF_ABSENCE_ISOLATE;
	if (is_policy(text, "isolate", &options->grace_ms))
		return -1;
	options->on_absence = IAVF_ABSENCE_DOWN;
	if (is_policy(text, "down", &options->grace_ms))
		return -1;
	fprintf(stderr, "iavfd: --on-absence=%s: hold, isolate[:SECONDS] or down[:SECONDS],"
		" of at most %u seconds\n", text, GRACE_MAX);
	return EXIT_USAGE;
}

static int one_option(struct options *options, int opt)
{
	switch (opt) {
	case OPT_FOREGROUND:
		options->foreground = true;
		return -1;
	case OPT_LOG_LEVEL:
		return set_level(options, optarg);
	case OPT_FORCE:
		options->force = true;
		return -1;
	case OPT_WAIT:
		options->wait = true;
		return -1;
	case OPT_STATE_DIR:
		return set_dir(&options->state_dir, "state-dir", optarg);
	case OPT_RUN_DIR:
		return set_dir(&options->run_dir, "run-dir", optarg);
	case OPT_ON_ABSENCE:
		return set_on_absence(options, optarg);
	case OPT_VERSION:
		printf("iavfd %s (abi %d)\n", IAVF_VERSION, IAVF_ABI);
		return EXIT_CLEAN;
	case OPT_HELP:
		fputs(help, stdout);
		return EXIT_CLEAN;
	}
	fputs("Try 'iavfd --help'.\n", stderr);
	return EXIT_USAGE;
}

int options_parse(struct options *options, int argc, char **argv)
{
	int opt, code;

	*options = (struct options){ .log_level = LOG_INFO, .state_dir = STATE_DIR,
				      .run_dir = RUN_DIR };
	optind = 1;
	while ((opt = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		code = one_option(options, opt);
		if (code >= 0)
			return code;
	}
	if (optind < argc) {
		fprintf(stderr, "iavfd: unexpected argument '%s'\nTry 'iavfd --help'.\n",
			argv[optind]);
		return EXIT_USAGE;
	}
	return -1;
}
