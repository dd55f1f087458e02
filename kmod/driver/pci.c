// SPDX-License-Identifier: GPL-2.0-only
/*
 * The PCI function: coming, going, power, errors. Nothing here waits for the device to be
 * ready: reset_work brings it up, the first time as after any reset.
 */
#include <linux/dma-mapping.h>
#include <linux/iopoll.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/pm.h>
#include <linux/rtnetlink.h>

#include "control.h"

#define LEAVE_US	25000	/* for the PF to begin the reset that cleans up behind us */

static struct workqueue_struct *iavf_wq;

/* The device may be in a reset and lose them: each bring-up restores them. */
static int vectors_alloc(struct iavf_vf *vf)
{
	struct pci_dev *pdev = vf->pdev;
	int want = 1 + min_t(int, num_online_cpus(), IAVF_MAX_QUEUES);
	int got, err;

	/* The core caps it at what the device has. */
	got = pci_alloc_irq_vectors(pdev, 2, want, PCI_IRQ_MSIX);
	if (got < 0)
		return got;
	vf->num_vectors = got;
	err = pci_request_irq(pdev, 0, iavf_mbx_irq, NULL, vf, "iavf-%s:mbx", pci_name(pdev));
	if (err)
		pci_free_irq_vectors(pdev);
	return err;
}

static void vectors_free(struct iavf_vf *vf)
{
	iavf_mbx_irq_enable(vf, false);
	pci_free_irq(vf->pdev, 0, vf);
	pci_free_irq_vectors(vf->pdev);
}

static void init_vf(struct iavf_vf *vf, struct pci_dev *pdev)
{
	vf->pdev = pdev;
	vf->wq = iavf_wq;
	spin_lock_init(&vf->state_lock);
	mutex_init(&vf->rings_lock);
	mutex_init(&vf->reset_lock);
	init_waitqueue_head(&vf->wait);
	INIT_WORK(&vf->mbx_work, iavf_mbx_work);
	INIT_WORK(&vf->netdev_work, iavf_netdev_work);
	INIT_DELAYED_WORK(&vf->pause_work, iavf_pause_work);
	INIT_DELAYED_WORK(&vf->reset_work, iavf_reset_work);
	INIT_DELAYED_WORK(&vf->watch_work, iavf_watch_work);
}

static int map_device(struct iavf_vf *vf)
{
	struct pci_dev *pdev = vf->pdev;
	int err;

	err = pcim_enable_device(pdev);
	if (err)
		return err;
	/* A kernel before us may have left rings in the device: no bus before a reset. */
	pci_clear_master(pdev);
	if (pci_resource_len(pdev, 0) < IAVF_BAR0_MIN)
		return -ENODEV;
	vf->hw = devm_ioremap_resource(&pdev->dev, &pdev->resource[0]);
	if (IS_ERR(vf->hw))
		return PTR_ERR(vf->hw);
	return dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));
}

static int iavf_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct iavf_vf *vf;
	int err;

	vf = devm_kzalloc(&pdev->dev, sizeof(*vf), GFP_KERNEL);
	if (!vf)
		return -ENOMEM;
	init_vf(vf, pdev);
	err = map_device(vf);
	if (err)
		return err;
	err = iavf_mbx_alloc(vf);
	if (err)
		return err;
	err = vectors_alloc(vf);
	if (err)
		goto free_mbx;
	pci_save_state(pdev);
	pci_set_drvdata(pdev, vf);
	err = iavf_session_add(&pdev->dev, &iavf_owner_ops_table, vf, &vf->session);
	if (err)
		goto free_vectors;
	iavf_reset_begin(vf, iavf_generation(vf), IAVF_RESET_CAUSE_PROBE);
	return 0;

free_vectors:
	vectors_free(vf);
free_mbx:
	iavf_mbx_free(vf);
	return err;
}

/* From here on no reset begins, and what is under way ends without bringing the device back. */
static void quit(struct iavf_vf *vf)
{
	scoped_guard(mutex, &vf->reset_lock)
		set_bit(IAVF_VF_QUIT, &vf->flags);
	cancel_delayed_work_sync(&vf->watch_work);
	cancel_delayed_work_sync(&vf->reset_work);
	cancel_delayed_work_sync(&vf->pause_work);
}

/* The PF forgets addresses and VLANs of a VF that is reset. If it does not listen: so be it. */
static void leave(struct iavf_vf *vf)
{
	bool begun;

	if (!READ_ONCE(vf->mbx.up) || iavf_queues_ask_reset(vf))
		return;
	if (read_poll_timeout(iavf_mbx_in_reset, begun, begun, 200, LEAVE_US, false, vf))
		iavf_mbx_shutdown(vf);
}

static void iavf_remove(struct pci_dev *pdev)
{
	struct iavf_vf *vf = pci_get_drvdata(pdev);

	set_bit(IAVF_VF_DYING, &vf->flags);
	iavf_session_dying(vf->session);
	cancel_work_sync(&vf->netdev_work);
	if (vf->netdev)
		unregister_netdev(vf->netdev);
	quit(vf);
	leave(vf);
	vectors_free(vf);
	cancel_work_sync(&vf->mbx_work);
	iavf_mbx_stop(vf);
	iavf_session_del(vf->session);
	/* An order of the owner that was under way may have looked after the device. */
	cancel_delayed_work_sync(&vf->watch_work);
	cancel_work_sync(&vf->netdev_work);
	if (iavf_cut(vf))
		iavf_mbx_free(vf);
	else
		dev_err(&pdev->dev, "the device does not end its accesses; mailbox memory is kept\n");
	if (!vf->netdev)
		return;
	iavf_stats_free(vf);
	free_netdev(vf->netdev);
}

/* Silence the device for good or for a while: no traffic, no interrupt, no bus. */
static void silence(struct iavf_vf *vf)
{
	scoped_guard(mutex, &vf->rings_lock)
		iavf_rings_quiesce(vf);
	quit(vf);
	iavf_mbx_irq_enable(vf, false);
	iavf_mbx_stop(vf);
	cancel_work_sync(&vf->mbx_work);
	iavf_cut(vf);
}

/* Rings stay allocated, so nothing needs the PF's word here. */
static void iavf_shutdown(struct pci_dev *pdev)
{
	struct iavf_vf *vf = pci_get_drvdata(pdev);

	set_bit(IAVF_VF_DYING, &vf->flags);
	iavf_session_dying(vf->session);
	if (vf->netdev)
		netif_device_detach(vf->netdev);
	silence(vf);
}

static int iavf_suspend(struct device *dev)
{
	struct iavf_vf *vf = dev_get_drvdata(dev);

	cancel_work_sync(&vf->netdev_work);
	rtnl_lock();
	silence(vf);
	rtnl_unlock();
	return 0;
}

/* The device may or may not have kept its state: it is reset and brought up as if it were new. */
static int iavf_resume(struct device *dev)
{
	struct iavf_vf *vf = dev_get_drvdata(dev);

	clear_bit(IAVF_VF_QUIT, &vf->flags);
	clear_bit(IAVF_VF_RESETTING, &vf->flags);
	iavf_reset_begin(vf, iavf_generation(vf), IAVF_RESET_CAUSE_PROBE);
	queue_work(vf->wq, &vf->netdev_work);	/* what was noted meanwhile, if anything */
	return 0;
}

static pci_ers_result_t iavf_error_detected(struct pci_dev *pdev, pci_channel_state_t state)
{
	struct iavf_vf *vf = pci_get_drvdata(pdev);

	iavf_reset_begin(vf, iavf_generation(vf), IAVF_RESET_CAUSE_PF_SILENT);
	pci_clear_master(pdev);
	return state == pci_channel_io_perm_failure ? PCI_ERS_RESULT_DISCONNECT :
						      PCI_ERS_RESULT_NEED_RESET;
}

static pci_ers_result_t iavf_slot_reset(struct pci_dev *pdev)
{
	pci_restore_state(pdev);	/* without bus mastering, which waits for the proof */
	pci_save_state(pdev);
	return PCI_ERS_RESULT_RECOVERED;
}

/* By a person, or by reset_work itself. From here to the end of it nobody touches the device. */
static void iavf_reset_prepare(struct pci_dev *pdev)
{
	struct iavf_vf *vf = pci_get_drvdata(pdev);

	set_bit(IAVF_VF_HELD, &vf->flags);
	iavf_reset_begin(vf, iavf_generation(vf), IAVF_RESET_CAUSE_PF_SILENT);
	guard(mutex)(&vf->rings_lock);
	iavf_rings_quiesce(vf);
}

/* The PCI core is done with the function. */
static void iavf_go_on(struct pci_dev *pdev)
{
	struct iavf_vf *vf = pci_get_drvdata(pdev);

	clear_bit(IAVF_VF_HELD, &vf->flags);
	if (current_work() != &vf->reset_work.work)
		mod_delayed_work(vf->wq, &vf->reset_work, 0);
}

static const struct pci_error_handlers iavf_err_handler = {
	.error_detected	= iavf_error_detected,
	.slot_reset	= iavf_slot_reset,
	.resume		= iavf_go_on,
	.reset_prepare	= iavf_reset_prepare,
	.reset_done	= iavf_go_on,
};

static DEFINE_SIMPLE_DEV_PM_OPS(iavf_pm_ops, iavf_suspend, iavf_resume);

static const struct pci_device_id iavf_pci_tbl[] = {
	{ PCI_VDEVICE(INTEL, 0x1889) },		/* adaptive virtual function */
	{ PCI_VDEVICE(INTEL, 0x154c) },		/* 700 series */
	{ PCI_VDEVICE(INTEL, 0x1571) },		/* the same on Hyper-V */
	{ PCI_VDEVICE(INTEL, 0x37cd) },		/* X722 */
	{ }
};
MODULE_DEVICE_TABLE(pci, iavf_pci_tbl);

static struct pci_driver iavf_driver = {
	.name		= "iavf",
	.id_table	= iavf_pci_tbl,
	.probe		= iavf_probe,
	.remove		= iavf_remove,
	.shutdown	= iavf_shutdown,
	.err_handler	= &iavf_err_handler,
	.driver.pm	= pm_sleep_ptr(&iavf_pm_ops),
};

static int __init iavf_init(void)
{
	int err;

	iavf_wq = alloc_workqueue("iavf", WQ_UNBOUND | WQ_HIGHPRI | WQ_MEM_RECLAIM, 0);
	if (!iavf_wq)
		return -ENOMEM;
	err = register_netdevice_notifier(&iavf_netdev_notifier);
	if (err)
		goto free_wq;
	err = pci_register_driver(&iavf_driver);
	if (!err)
		return 0;
	unregister_netdevice_notifier(&iavf_netdev_notifier);
free_wq:
	destroy_workqueue(iavf_wq);
	return err;
}
module_init(iavf_init);

static void __exit iavf_exit(void)
{
	pci_unregister_driver(&iavf_driver);
	unregister_netdevice_notifier(&iavf_netdev_notifier);
	destroy_workqueue(iavf_wq);
}
module_exit(iavf_exit);

MODULE_DESCRIPTION("Intel Adaptive Virtual Function: packets and mailbox; iavfd does the rest");
MODULE_LICENSE("GPL");
MODULE_VERSION(IAVF_MODULE_VERSION);
