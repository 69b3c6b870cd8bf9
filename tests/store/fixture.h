/* fixture.h - a store in a temporary folder, and mail made by hand. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include "store/store.h"

#include <glib.h>

/* A folder for a store; fixture_clear deletes it and all in it. */
typedef struct {
	char *top, *dir; /* dir is not there yet */
	Store *store;    /* STORE_WRITE */
	int64_t list;    /* "dev.example.org" */
} Fixture;

void fixture_init(Fixture *f);
void fixture_clear(Fixture *f);

/* What a test says of a message; the rest is made up from it. */
typedef struct {
	const char *id; /* or NULL */
	const char *subject, *body;
	int64_t date;        /* 0: none */
	const char *refs[8]; /* NULL-ended */
} Mail;

/* The message as the store is given it. */
typedef struct {
	GBytes *raw;
	Msg *msg;
	Permalinks links;
} Made;

void make_mail(const Mail *mail, Made *out);
void made_clear(Made *m);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Made, made_clear)

/* Put mail, which arrived a minute after its date, under key; the post's
 * number, or 0 with *err set. */
int64_t put_mail(
    Store *s, int64_t list, const Mail *mail, KeyKind key, GError **err);

/* The same where it must work. */
int64_t must_put(Store *s, int64_t list, const Mail *mail);

/* The same of another author than Ann, whose mail all else is. */
int64_t must_put_by(Store *s, int64_t list, const Mail *mail, const char *name,
    const char *addr);

/* Every row of every table, or of the derived ones alone, as text; thread
 * numbers are written as the lowest post of the thread, so that two stores
 * that hold the same are told the same.  Free with g_free. */
char *dump(Fixture *f, bool derived_only);

#endif
