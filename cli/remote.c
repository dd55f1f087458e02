// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -H HOST: the same verb by ssh, in the shell of the other machine. Each word is quoted for that
 * shell; files are those of this machine, which the other one sees as its standard input and
 * output.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"

struct remote {
	FILE *command;
	const char *input, *output;	/* files of this machine; NULL: ours */
	int in, out;
};

/* "it's" as 'it'\''s', which every shell of the Bourne family reads the same way. */
static void put_quoted(FILE *command, const char *text)
{
	fputc('\'', command);
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\''", command);
		else
			fputc(*text, command);
	}
	fputc('\'', command);
}

static void put_word(FILE *command, const char *word)
{
	fputc(' ', command);
	put_quoted(command, word);
}

static void put_option(struct remote *remote, const struct cli_option *option, const char *value)
{
	if (option->arg && !strcmp(option->arg, "FILE") && strcmp(value, "-")) {
		remote->output = value;
		value = "-";
	}
	fprintf(remote->command, " --%s", option->name);
	if (!option->arg || (*option->arg == '[' && !*value))
		return;
	fputc('=', remote->command);
	put_quoted(remote->command, value);
}

static void put_operand(struct remote *remote, const struct verb *verb, const char *operand)
{
	if (strstr(verb->args, "FILE") && !remote->input && strcmp(operand, "-")) {
		remote->input = operand;
		operand = "-";
	}
	put_word(remote->command, operand);
}

static void put_command(struct cli *cli, struct remote *remote, const struct verb *verb,
			const char *const *values, char **operands, int count)
{
	fputs("iavfctl", remote->command);
	if (cli->json)
		put_word(remote->command, "-j");
	put_word(remote->command, verb->name);
	for (int i = 0; verb->options && verb->options[i].name; i++) {
		if (values[i])
			put_option(remote, &verb->options[i], values[i]);
	}
	if (count)
		put_word(remote->command, "--");
	for (int i = 0; i < count; i++)
		put_operand(remote, verb, operands[i]);
}

static void child(const struct remote *remote, const char *host, const char *command)
{
	if (remote->in >= 0)
		dup2(remote->in, STDIN_FILENO);
	if (remote->out >= 0)
		dup2(remote->out, STDOUT_FILENO);
	/* A monitor that is ended here has nobody to talk to there. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	execlp("ssh", "ssh", "-xT", "--", host, command, NULL);
	fprintf(stderr, "iavfctl: cannot run ssh: %s\n", strerror(errno));
	_exit(255);
}

static int code_of(struct cli *cli, int status)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 255)
		return cli_fail(cli, IAVFCTL_FAILED, "ssh to %s failed", cli->host);
	if (WIFEXITED(status) && (WEXITSTATUS(status) == 127 || WEXITSTATUS(status) == 126))
		return cli_fail(cli, IAVFCTL_FAILED, "%s has no iavfctl that %s may run there",
				cli->host, strchr(cli->host, '@') ? "that user" : "this user");
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	return cli_fail(cli, IAVFCTL_FAILED, "ssh was ended by signal %d", WTERMSIG(status));
}

static int run(struct cli *cli, const struct remote *remote, const char *command)
{
	int status = 0;
	pid_t pid;

	fflush(cli->out);
	pid = fork();
	if (!pid)
		child(remote, cli->host, command);
	if (pid < 0)
		return cli_fail(cli, IAVFCTL_FAILED, "cannot run ssh: %s", strerror(errno));
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return code_of(cli, status);
}

/* What ssh would take for an option, or its shell for more than a name, is no host. */
static bool is_host(const char *host)
{
	if (!*host || *host == '-')
		return false;
	for (; *host; host++) {
		if (*host <= ' ' || *host > '~' || strchr("'\"\\$`;&|<>(){}*?!#", *host))
			return false;
	}
	return true;
}

static int run_with_files(struct cli *cli, struct remote *remote, const char *command)
{
	struct stat st;
	int code;

	if (remote->input)
		remote->in = open(remote->input, O_RDONLY | O_CLOEXEC);
	if (remote->input && remote->in < 0)
		return cli_fail(cli, errno == ENOENT ? IAVFCTL_NOT_FOUND : IAVFCTL_FAILED, "%s: %s",
				remote->input, strerror(errno));
	if (remote->output)
		remote->out = open(remote->output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (remote->output && remote->out < 0)
		return cli_fail(cli, IAVFCTL_FAILED, "%s: %s", remote->output, strerror(errno));
	code = run(cli, remote, command);
	/* Nothing came: no file is better than an empty one. */
	if (remote->output && code && !fstat(remote->out, &st) && S_ISREG(st.st_mode) &&
	    !st.st_size)
		unlink(remote->output);
	return code;
}

int cli_remote(struct cli *cli, const struct verb *verb, const char *const *values, char **operands,
	       int count)
{
	struct remote remote = { .in = -1, .out = -1 };
	char *command = NULL;
	size_t size;
	int code;

	if (!is_host(cli->host))
		return cli_fail(cli, IAVFCTL_USAGE, "-H %s: no name of a machine", cli->host);
	remote.command = open_memstream(&command, &size);
	if (!remote.command)
		return cli_fail(cli, IAVFCTL_FAILED, "out of memory");
	put_command(cli, &remote, verb, values, operands, count);
	if (fclose(remote.command))
		code = cli_fail(cli, IAVFCTL_FAILED, "out of memory");
	else
		code = run_with_files(cli, &remote, command);
	if (remote.in >= 0)
		close(remote.in);
	if (remote.out >= 0)
		close(remote.out);
	free(command);
	return code;
}
