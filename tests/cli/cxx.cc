// SPDX-License-Identifier: GPL-2.0-or-later
// The header and the library as C++ sees them. usage: cxx [reset PCI | configure PCI]
#include <iavfctl.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

static int reset(struct iavfctl *ctl, const char *pci)
{
	uint32_t generation;
	enum iavfctl_error error = iavfctl_reset(ctl, pci, &generation);

	if (error)
		std::printf("%s\n", iavfctl_sentence(ctl));
	else
		std::printf("%u\n", generation);
	iavfctl_close(ctl);
	return error;
}

// What was said, or why not; a line each.
static void tell(struct iavfctl *ctl, const char *what, enum iavfctl_error error, char *json)
{
	std::printf("%s %d %s\n", what, error, error ? iavfctl_sentence(ctl) : json);
	std::free(json);
}

static int configure(struct iavfctl *ctl, const char *pci)
{
	const struct iavfctl_document documents[] = {
		{ "cxx", "{\"schema\":\"iavf-config/1\",\"match\":{},\"config\":{\"vlan\":{\"devices\":[{\"id\":5}]}}}" },
	};
	char *json = nullptr;
	enum iavfctl_error error;

	error = iavfctl_validate(ctl, documents, 1, &json);
	tell(ctl, "validate", error, json);
	error = iavfctl_plan(ctl, nullptr, documents, 1, &json);
	tell(ctl, "plan", error, json);
	error = iavfctl_apply(ctl, pci, documents, 1, 60, &json);
	tell(ctl, "apply", error, json);
	error = iavfctl_confirm(ctl, "7", &json);
	tell(ctl, "confirm", error, json);
	error = iavfctl_describe(ctl, pci, &json);
	tell(ctl, "describe", error, json);
	error = iavfctl_rollback(ctl, "", &json);
	tell(ctl, "rollback", error, json);
	error = iavfctl_reload(ctl, &json);
	tell(ctl, "reload", error, json);
	iavfctl_close(ctl);
	return 0;
}

int main(int argc, char **argv)
{
	struct iavfctl *ctl = nullptr;
	struct iavfctl_vf **vfs = nullptr;
	size_t count = 0;
	bool known = !std::strcmp(iavfctl_state_word(IAVFCTL_STATE_READY), "ready");

	if (!known || !*iavfctl_version() || iavfctl_open(&ctl))
		return 1;
	if (argc == 3 && !std::strcmp(argv[1], "reset"))
		return reset(ctl, argv[2]);
	if (argc == 3 && !std::strcmp(argv[1], "configure"))
		return configure(ctl, argv[2]);
	enum iavfctl_error error = iavfctl_list(ctl, &vfs, &count);

	if (error)
		std::printf("%s\n", iavfctl_sentence(ctl));
	iavfctl_list_free(vfs, count);
	iavfctl_close(ctl);
	return error && error != IAVFCTL_NO_MODULE;
}
