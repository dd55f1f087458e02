// SPDX-License-Identifier: GPL-2.0-or-later
/* Kernel modules: which are loaded, which the next boot takes, and whether it may. */
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "doctor.h"
#include "host.h"

#define SIGNATURE	"~Module signature appended~"

/* The path below /lib/modules/RELEASE that modprobe takes for a module. */
static bool find_module(const struct cli *cli, const char *release, const char *name, char *path,
			size_t size)
{
	char dep[256], line[1024], tail[64];
	bool found = false;
	FILE *file;

	snprintf(dep, sizeof(dep), "%s/lib/modules/%s/modules.dep", cli->root ?: "", release);
	snprintf(tail, sizeof(tail), "/%s.ko", name);
	file = fopen(dep, "re");
	while (file && !found && fgets(line, sizeof(line), file)) {
		line[strcspn(line, ":")] = '\0';
		found = strstr(line, tail) != NULL;
	}
	if (file)
		fclose(file);
	snprintf(path, size, "%s", found ? line : "");
	return found;
}

static void check_loaded(struct doctor *doctor, bool installed)
{
	const struct cli *cli = doctor->cli;
	bool iavf = host_exists(cli, "/sys/module/iavf");
	bool ours = host_exists(cli, "/sys/module/iavf_session/holders/iavf");

	if (ours) {
		doctor_say(doctor, DOCTOR_OK, "modules",
			   "iavf and iavf_session of this driver are loaded");
	} else if (iavf) {
		doctor_say(doctor, DOCTOR_PROBLEM, "modules",
			   "the iavf that is loaded is another one, such as the kernel's own: iavfd has no VFs");
		doctor_way_out(doctor, NULL,
			       installed ? "modprobe -r iavf && modprobe iavf (this cuts the VFs for a moment), or reboot" : "install the modules for this kernel: make kmod && make install, or dkms");
	} else {
		doctor_say(doctor, DOCTOR_PROBLEM, "modules", "iavf is not loaded");
		doctor_way_out(doctor, NULL,
			       installed ? "modprobe iavf; journalctl -k | grep iavf" : "install the modules for this kernel: make kmod && make install, or dkms");
	}
}

static bool is_enforced(const struct cli *cli, const char **why)
{
	char text[64];

	if (host_read(cli, text, sizeof(text),
		      "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c") &&
	    text[4] == 1)
		return (*why = "Secure Boot is on");
	host_read(cli, text, sizeof(text), "/sys/kernel/security/lockdown");
	if (strstr(text, "[integrity]") || strstr(text, "[confidentiality]"))
		return (*why = "the kernel is locked down");
	host_read(cli, text, sizeof(text), "/sys/module/module/parameters/sig_enforce");
	if (*text == 'Y')
		return (*why = "the kernel was told to enforce module signatures");
	return false;
}

/* false also for one that is compressed: ours are not. */
static bool is_signed(const struct cli *cli, const char *release, const char *module)
{
	char path[1400], tail[sizeof(SIGNATURE)] = "";
	FILE *file;

	snprintf(path, sizeof(path), "%s/lib/modules/%s/%s", cli->root ?: "", release, module);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (!fseek(file, -(long)strlen(SIGNATURE) - 1, SEEK_END) &&
	    fread(tail, 1, strlen(SIGNATURE), file) != strlen(SIGNATURE))
		*tail = '\0';
	fclose(file);
	return !strcmp(tail, SIGNATURE);
}

static void check_signature(struct doctor *doctor, const char *release, const char *module)
{
	const char *why = "";

	if (!is_enforced(doctor->cli, &why)) {
		doctor_say(doctor, DOCTOR_OK, "signature",
			   "this kernel loads unsigned modules, too");
	} else if (is_signed(doctor->cli, release, module)) {
		doctor_say(doctor, DOCTOR_OK, "signature", "%s, and %s is signed", why, module);
	} else {
		doctor_say(doctor, DOCTOR_PROBLEM, "signature", "%s, and %s has no signature", why,
			   module);
		doctor_way_out(doctor, NULL,
			       "sign it with a key that this machine trusts (packaging/README.md, mokutil)");
	}
}

static void check_next_boot(struct doctor *doctor, const char *release, const char *module)
{
	if (!strncmp(module, "updates/", 8)) {
		doctor_say(doctor, DOCTOR_OK, "next-boot", "modprobe takes %s", module);
		check_signature(doctor, release, module);
		return;
	}
	doctor_say(doctor,
		   host_exists(doctor->cli, "/sys/module/iavf_session") ? DOCTOR_WARNING : DOCTOR_PROBLEM,
		   "next-boot", "for kernel %s modprobe takes %s%s", release,
		   *module ? module : "no iavf at all",
		   *module ? ", which is not of this driver" : "");
	doctor_way_out(doctor, NULL,
		       "install the modules for this kernel: make kmod && make install, or dkms; then update-initramfs -u");
}

void doctor_modules(struct doctor *doctor)
{
	struct utsname kernel;
	char module[1024];

	uname(&kernel);
	find_module(doctor->cli, kernel.release, "iavf", module, sizeof(module));
	check_loaded(doctor, !strncmp(module, "updates/", 8));
	check_next_boot(doctor, kernel.release, module);
}
