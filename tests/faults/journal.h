/*
 * journal.h - what record.c writes down and power.c reads: each thing that
 * was done to a folder, in its order, and each reply that was sent.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_FAULTS_JOURNAL_H
#define TESTS_FAULTS_JOURNAL_H

#include <stdint.h>

enum {
	/* What follows is a name. */
	JOURNAL_OPEN = 'O', /* at: JOURNAL_NEW and others */
	JOURNAL_UNLINK = 'U',
	/* Bytes written at at. */
	JOURNAL_WRITE = 'W',
	JOURNAL_TRUNCATE = 'T', /* to at bytes */
	/* A sync: what was done before its begin is safe at its end. */
	JOURNAL_SYNC = 'B',
	JOURNAL_SYNCED = 'S',
	JOURNAL_SENT = 'A' /* bytes, about to be sent to a peer */
};

/* Of JOURNAL_OPEN. */
enum { JOURNAL_NEW = 1, JOURNAL_EMPTIED = 2, JOURNAL_FOLDER = 4 };

typedef struct {
	uint32_t kind, len; /* of the bytes that follow */
	uint64_t file;      /* its inode's number */
	uint64_t at;
	uint64_t process;
} Journal;

#endif
