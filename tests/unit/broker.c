// SPDX-License-Identifier: GPL-2.0-or-later
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "broker.h"

bool broker_config(const char *dir, const char *address, const char *own)
{
	char path[80];
	FILE *file;

	snprintf(path, sizeof(path), "%s/conf", dir);
	file = fopen(path, "we");
	if (!file)
		return false;
	fprintf(file,
		"<busconfig><type>custom</type><listen>%s</listen><auth>EXTERNAL</auth>"
		"<policy context='default'><allow send_destination='*' eavesdrop='true'/>"
		"<allow eavesdrop='true'/><allow user='*'/>%s</policy>"
		"<limit name='max_replies_per_connection'>10000</limit></busconfig>", address, own);
	return !fclose(file);
}

pid_t broker_start(const char *dir)
{
	char option[100];
	pid_t pid;

	snprintf(option, sizeof(option), "--config-file=%s/conf", dir);
	pid = fork();
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	freopen("/dev/null", "w", stderr);
	execlp("dbus-daemon", "dbus-daemon", option, "--nofork", "--nopidfile", "--nosyslog", NULL);
	_exit(127);
}
