// SPDX-License-Identifier: GPL-2.0-or-later
#include "hw/pci.h"

#include <linux/pci_regs.h>
#include <string.h>

#include "hw/bytes.h"

#define CAP_MSIX	0x70
#define CAP_EXPRESS	0xa0
#define DEVCTL		(CAP_EXPRESS + PCI_EXP_DEVCTL)

static void set_bar(struct pci_config *pci, unsigned int bar, uint32_t size)
{
	unsigned int off = PCI_BASE_ADDRESS_0 + 4 * bar;

	put_le32(pci->data + off, PCI_BASE_ADDRESS_MEM_TYPE_64 | PCI_BASE_ADDRESS_MEM_PREFETCH);
	put_le32(pci->writable + off, ~(size - 1));
	put_le32(pci->writable + off + 4, 0xffffffff);
}

static void init_msix(struct pci_config *pci, unsigned int num_vectors)
{
	uint8_t *cap = pci->data + CAP_MSIX;

	cap[0] = PCI_CAP_ID_MSIX;
	cap[1] = CAP_EXPRESS;
	put_le16(cap + PCI_MSIX_FLAGS, num_vectors - 1);
	put_le32(cap + PCI_MSIX_TABLE, 3);
	put_le32(cap + PCI_MSIX_PBA, PCI_PBA_OFFSET | 3);
	put_le16(pci->writable + CAP_MSIX + PCI_MSIX_FLAGS,
		 PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL);
}

static void init_express(struct pci_config *pci)
{
	uint8_t *cap = pci->data + CAP_EXPRESS;

	cap[0] = PCI_CAP_ID_EXP;
	put_le16(cap + PCI_EXP_FLAGS, 2);
	put_le32(cap + PCI_EXP_DEVCAP, PCI_EXP_DEVCAP_FLR | PCI_EXP_DEVCAP_RBER |
		 PCI_EXP_DEVCAP_EXT_TAG | 1);
	put_le16(cap + PCI_EXP_DEVCTL, PCI_EXP_DEVCTL_RELAX_EN | PCI_EXP_DEVCTL_NOSNOOP_EN);
	put_le16(pci->writable + DEVCTL, 0x7fff);
	put_le16(pci->write_clear + CAP_EXPRESS + PCI_EXP_DEVSTA, 0xf);
	put_le32(cap + PCI_EXP_LNKCAP, PCI_EXP_LNKCAP_SLS_8_0GB | 8 << 4);
	put_le16(cap + PCI_EXP_LNKSTA, PCI_EXP_LNKSTA_CLS_8_0GB | 8 << 4);
	put_le16(pci->writable + CAP_EXPRESS + PCI_EXP_LNKCTL, 0x43);
	put_le32(cap + PCI_EXP_DEVCAP2, PCI_EXP_DEVCAP2_COMP_TMOUT_DIS);
	put_le16(pci->writable + CAP_EXPRESS + PCI_EXP_DEVCTL2, 0x1f);
}

void pci_init(struct pci_config *pci, unsigned int num_vectors)
{
	memset(pci, 0, sizeof(*pci));
	put_le16(pci->data + PCI_VENDOR_ID, 0x8086);
	put_le16(pci->data + PCI_DEVICE_ID, 0x1889);
	put_le16(pci->writable + PCI_COMMAND, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER |
		 PCI_COMMAND_PARITY | PCI_COMMAND_SERR | PCI_COMMAND_INTX_DISABLE);
	put_le16(pci->data + PCI_STATUS, PCI_STATUS_CAP_LIST);
	put_le16(pci->write_clear + PCI_STATUS, 0xf900);
	pci->data[PCI_REVISION_ID] = 2;
	pci->data[PCI_CLASS_DEVICE + 1] = 0x02;
	pci->writable[PCI_CACHE_LINE_SIZE] = 0xff;
	put_le16(pci->data + PCI_SUBSYSTEM_VENDOR_ID, 0x8086);
	pci->data[PCI_CAPABILITY_LIST] = CAP_MSIX;
	pci->writable[PCI_INTERRUPT_LINE] = 0xff;
	set_bar(pci, 0, PCI_BAR0_SIZE);
	set_bar(pci, 3, PCI_BAR3_SIZE);
	init_msix(pci, num_vectors);
	init_express(pci);
}

void pci_read(const struct pci_config *pci, uint64_t off, void *buf, size_t len)
{
	memcpy(buf, pci->data + off, len);
}

bool pci_write(struct pci_config *pci, uint64_t off, const void *buf, size_t len)
{
	const uint8_t *bytes = buf;
	bool flr;

	for (size_t i = 0; i < len; i++) {
		uint8_t mask = pci->writable[off + i], clear = pci->write_clear[off + i];

		pci->data[off + i] = (pci->data[off + i] & ~mask & ~(bytes[i] & clear)) |
				     (bytes[i] & mask);
	}
	/* The FLR bit is not kept: it reads as 0. */
	flr = off <= DEVCTL + 1 && DEVCTL + 1 < off + len &&
	      bytes[DEVCTL + 1 - off] & PCI_EXP_DEVCTL_BCR_FLR >> 8;
	return flr;
}

bool pci_bus_master(const struct pci_config *pci)
{
	return get_le16(pci->data + PCI_COMMAND) & PCI_COMMAND_MASTER;
}

void pci_clear_bus_master(struct pci_config *pci)
{
	put_le16(pci->data + PCI_COMMAND,
		 get_le16(pci->data + PCI_COMMAND) & ~PCI_COMMAND_MASTER);
}

void pci_reset(struct pci_config *pci)
{
	uint16_t memory = get_le16(pci->data + PCI_COMMAND) & PCI_COMMAND_MEMORY;
	struct pci_config old = *pci;

	pci_init(pci, (get_le16(pci->data + CAP_MSIX + PCI_MSIX_FLAGS) &
		       PCI_MSIX_FLAGS_QSIZE) + 1);
	/* A VF's BARs and memory enable are its PF's: resetting the VF does not touch them. */
	put_le16(pci->data + PCI_COMMAND, memory);
	memcpy(pci->data + PCI_BASE_ADDRESS_0, old.data + PCI_BASE_ADDRESS_0, 24);
}
