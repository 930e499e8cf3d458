/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * /dev/fmapspec: a write has whole requests, reads return their replies, in the format of
 * subjects/kernel-source/observation.ts of fmapspec. One process at a time; closing the device discards unread replies.
 */
#include <linux/atomic.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/panic_notifier.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "about.h"
#include "answer.h"
#include "log.h"
#include "protocol.h"
#include "replies.h"
#include "reply.h"

enum { HEAD = sizeof(u32), MOST = 64 << 20 };

static atomic_t users = ATOMIC_INIT(0);
static DEFINE_MUTEX(lock);
static size_t delivered; /* bytes of the replies that were read */

/* Whether this is the extended request of scene `about`, which asks for a description. */
static bool asks_about(bool extended, const char *bytes, size_t length)
{
	struct fmapspec_ask ask;

	if (!extended || length < sizeof(ask))
		return false;
	memcpy(&ask, bytes, sizeof(ask));
	return ask.scene == FMAPSPEC_ABOUT;
}

/* The message in the parser: if the kernel crashes over it, the last lines of the log contain the message. */
static const char *at_work;
static size_t at_work_length;

static int tell_message(struct notifier_block *block, unsigned long event, void *data)
{
	for (size_t at = 0; at_work && at < at_work_length; at += 32)
		pr_emerg("fmapspec: in flight %*phN\n", (int)min(at_work_length - at, (size_t)32), at_work + at);
	return NOTIFY_DONE;
}

/* Called first, because the notifier of User Mode Linux does not return. */
static struct notifier_block at_panic = { .notifier_call = tell_message, .priority = INT_MAX };

static int answer_one(bool extended, const char *bytes, size_t length)
{
	size_t room = reply_room(HEAD);
	const char *wrong = NULL;
	u32 size;

	at_work_length = length;
	at_work = bytes;
	if (extended && length >= sizeof(struct fmapspec_ask)) {
		at_work_length -= sizeof(struct fmapspec_ask);
		at_work += sizeof(struct fmapspec_ask);
	}
	if (asks_about(extended, bytes, length))
		reply_bytes(fmapspec_about, sizeof(fmapspec_about) - 1);
	else
		wrong = answer(extended, bytes, length);
	at_work = NULL;
	if (wrong)
		return -EINVAL;
	size = reply_length() - room - HEAD;
	reply_fill(room, &size, sizeof(size));
	return 0;
}

static int answer_all(const char *requests, size_t length)
{
	size_t at = 0;

	while (at < length) {
		u32 word, size;
		int rc;

		if (length - at < HEAD)
			return -EINVAL;
		memcpy(&word, requests + at, HEAD);
		size = word & ~FMAPSPEC_EXTENDED;
		at += HEAD;
		if (length - at < size)
			return -EINVAL;
		rc = answer_one(word & FMAPSPEC_EXTENDED, requests + at, size);
		if (rc)
			return rc;
		at += size;
		cond_resched();
		if (fatal_signal_pending(current))
			return -EINTR;
	}
	return 0;
}

static ssize_t device_write(struct file *file, const char __user *from, size_t length, loff_t *offset)
{
	char *requests;
	int rc;

	if (length > MOST)
		return -EFBIG;
	requests = kvmalloc(length, GFP_KERNEL);
	if (!requests)
		return -ENOMEM;
	rc = -EFAULT;
	if (!copy_from_user(requests, from, length)) {
		mutex_lock(&lock);
		rc = answer_all(requests, length);
		mutex_unlock(&lock);
	}
	kvfree(requests);
	return rc ? rc : length;
}

static ssize_t device_read(struct file *file, char __user *to, size_t length, loff_t *offset)
{
	ssize_t read;

	mutex_lock(&lock);
	read = min(length, reply_length() - delivered);
	if (read && copy_to_user(to, reply_text() + delivered, read)) {
		read = -EFAULT;
	} else {
		delivered += read;
		if (delivered == reply_length()) {
			reply_clear(false);
			delivered = 0;
		}
	}
	mutex_unlock(&lock);
	return read;
}

static int device_open(struct inode *inode, struct file *file)
{
	if (atomic_cmpxchg(&users, 0, 1))
		return -EBUSY;
	fmapspec_log_begin();
	return 0;
}

static int device_release(struct inode *inode, struct file *file)
{
	mutex_lock(&lock);
	reply_clear(true);
	delivered = 0;
	mutex_unlock(&lock);
	atomic_set(&users, 0);
	return 0;
}

static const struct file_operations operations = {
	.owner = THIS_MODULE,
	.open = device_open,
	.release = device_release,
	.read = device_read,
	.write = device_write,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "fmapspec",
	.fops = &operations,
	.mode = 0600,
};

static int __init device_begin(void)
{
	if (PMD_SIZE != 2ul << 20) {
		pr_err("fmapspec: this kernel maps by %lu bytes; the messages are made for 2 MiB\n", PMD_SIZE);
		return -EOPNOTSUPP;
	}
	atomic_notifier_chain_register(&panic_notifier_list, &at_panic);
	return misc_register(&device);
}

static void __exit device_end(void)
{
	misc_deregister(&device);
	atomic_notifier_chain_unregister(&panic_notifier_list, &at_panic);
	fmapspec_log_end();
}

module_init(device_begin);
module_exit(device_end);
MODULE_DESCRIPTION("Hands messages to a GET_FMAP parser and tells what it does with them");
MODULE_LICENSE("GPL");
