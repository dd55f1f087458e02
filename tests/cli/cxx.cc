// SPDX-License-Identifier: GPL-2.0-or-later
// The header and the library as C++ sees them. usage: cxx [reset PCI]
#include <iavfctl.h>

#include <cstdio>
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
	enum iavfctl_error error = iavfctl_list(ctl, &vfs, &count);

	if (error)
		std::printf("%s\n", iavfctl_sentence(ctl));
	iavfctl_list_free(vfs, count);
	iavfctl_close(ctl);
	return error && error != IAVFCTL_NO_MODULE;
}
