/*
 * store.h - where messages live.
 *
 * One interface; sqlite.c is behind it, pgsql.c may be one day.  Nothing
 * outside store/ knows which, and no SQL stands outside it.
 *
 * What can't be computed again is kept apart from what can.  Primary: the
 * lists and their names, each message's exact bytes (zstd, with
 * dictionaries of the store's own once there is mail to train them on), each
 * post of such bytes to a list with its permalink and arrival, the
 * Message-IDs of copies, and numbers that Pipermail had.  Derived, and dropped
 * and rebuilt at will: heads, keys, threads, counts.
 *
 * Whatever writes may fail with ERR_LIMIT: the disk is full.
 *
 * A store belongs to the one process that opened it.  Strings passed in
 * are copied.  Text is UTF-8; times are seconds since the epoch, UTC.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "mail/msg.h"
#include "mail/permalink.h"

#include <glib.h>

#include <stdbool.h>
#include <stdint.h>

typedef struct Store Store;

typedef enum {
	STORE_READ,  /* may not write: the mode of http, export and look-ups */
	STORE_WRITE, /* the mode of lmtp, import and list */
	STORE_REBUILD, /* the same, of a store that is there, if by an older
			* felid: store_rebuild_begin is called first then */
} StoreMode;

typedef enum {
	POLICY_PUBLIC,
	POLICY_PRIVATE, /* also where the policy is not known */
	POLICY_NEVER,   /* accepted, and nothing stored */
} Policy;

typedef struct {
	int64_t id;
	char *list_id; /* lower case: its name in URLs */
	char *description;
	Policy policy;
	char **names;     /* older List-Ids, NULL-ended */
	char **addresses; /* posting addresses, NULL-ended */
	uint64_t n_messages;
	int64_t first_date, last_date; /* of its messages; 0 without any */
	int64_t changed; /* when what is in it last changed, in microseconds,
			  * and another for each change: for validators */
} StoreList;

void store_list_free(StoreList *l);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreList, store_list_free)

/* Digits of an author's id (store_find_author). */
#define AUTHOR_ID_LEN 12

/* What a page of an index knows of a message without its bytes; one block
 * of memory, what its pointers lead to included. */
typedef struct {
	int64_t post; /* its number: order of arrival, over all lists */
	int64_t list, thread;
	char key[KEY_LEN + 1]; /* the permalink's */
	KeyKind kind;          /* what it is a digest of */
	int64_t date;    /* where it is filed: sender's date, or arrival where
			  * that is missing or can't be true */
	int64_t arrived; /* when it came in */
	bool has_date;   /* date is the sender's */
	char *id;        /* Message-ID, or NULL */
	char *subject, *from_name, *from_addr;
	uint64_t id64;  /* thread_id(id), or 0 */
	uint64_t *refs; /* thread_id of its ancestors, oldest first */
	size_t n_refs;
	char *outline;  /* msg_write_outline's */
	uint64_t size;  /* of its raw bytes */
	int64_t raw;    /* where those are, for store_raw_of */
	int64_t author; /* its number within this store; 0 without address */
	char author_id[AUTHOR_ID_LEN + 1]; /* for store_author_id; not read */
} Head;

void store_head_free(Head *h);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Head, store_head_free)

/* Open and close ------------------------------------------------------ */

/* To be called once, before anything opens a database; it may be left out. */
void store_init(void);

/*
 * Open the store in the folder dir.  With STORE_WRITE it is made if it is
 * not there.
 *
 * Returns a store to be closed with store_close, or NULL with *err set:
 *   ERR_NOTFOUND	dir holds no store (not STORE_WRITE)
 *   ERR_BUSY	another process is making it
 *   ERR_IO	the database cannot be opened, is newer than we are, or
 *		older (not STORE_REBUILD)
 */
Store *store_open(const char *dir, StoreMode mode, GError **err);
void store_close(Store *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_close)

/*
 * A transaction around several writes: durable once store_commit returned
 * true.  Begin waits some seconds for another writer, then ERR_BUSY.  A
 * write outside begin and commit is a transaction of its own.
 *
 * A write that fails with ERR_IO dooms the transaction that it stands in:
 * store_commit then gives ERR_IO and nothing of it is kept.  After a
 * commit that failed there is nothing to roll back.
 */
bool store_begin(Store *s, GError **err);
bool store_commit(Store *s, GError **err);
void store_rollback(Store *s);

/* One snapshot for several reads (a page).  May be nested in none. */
bool store_read_begin(Store *s, GError **err);
void store_read_end(Store *s);

/* A number that changes whenever anything in the store did; cheap. */
int64_t store_version(Store *s);

/* Lists --------------------------------------------------------------- */

/* Add a list.  ERR_EXISTS if a list has that name, ERR_SYNTAX if it is
 * not one (RFC 2919: labels of letters, digits, "-", "_" and "."), or a
 * file at the top of the web site is called so. */
bool store_list_add(Store *s, const char *list_id, Policy policy, GError **err);

/* Another List-Id or posting address ("@" in it) of the list.  Adding one
 * that the same list has is no error. */
bool store_list_name(Store *s, int64_t list, const char *name, GError **err);

bool store_list_set(Store *s, int64_t list, Policy policy,
    const char *description, GError **err); /* description NULL: keep */

/* The list that has name (List-Id, old or new, or address; any case), or
 * NULL with *err ERR_NOTFOUND or ERR_IO. */
StoreList *store_list_find(Store *s, const char *name, GError **err);
StoreList *store_list_get(Store *s, int64_t list, GError **err);

/* All lists by List-Id (StoreList, owned by the array), or NULL. */
GPtrArray *store_lists(Store *s, GError **err);

/* The numbers of those with that policy, in order: int64_t, or NULL. */
GArray *store_list_ids(Store *s, Policy policy, GError **err);

/* Those with a name that begins with local and "@" or "."; the same as
 * store_lists. */
GPtrArray *store_lists_called(Store *s, const char *local, GError **err);

typedef struct {
	int64_t list;
	char *name; /* List-Id, old or new, or address */
} StoreName;

void store_name_free(StoreName *n);

/* Names of lists with that policy, at most n: StoreName, owned by the
 * array. */
GPtrArray *store_list_names(Store *s, Policy policy, size_t n, GError **err);

/* Putting ------------------------------------------------------------- */

typedef struct {
	int64_t list;
	GBytes *raw;
	const Msg *msg;
	const Permalinks *links;
	KeyKind key;  /* which of links becomes the permalink */
	int64_t date; /* where it is filed */
	int64_t arrived;
	int64_t came;   /* to whoever had it before us; or arrived */
	int64_t raw_id; /* in: bytes that an earlier put of this transaction
			 * stored, or 0; out: where they are now */
} StorePut;

/*
 * Add a message to a list under a key that ingest found free, thread and
 * all.  Returns its post number, or 0 with *err set and nothing changed:
 * ERR_EXISTS (the key is another message's permalink there), ERR_IO.
 */
int64_t store_put(Store *s, StorePut *put, GError **err);

/* A message, or its first LIMIT_DICT_MESSAGE_BYTES. */
typedef struct {
	GBytes *raw;
	size_t body_off;
} StoreSample;

/*
 * Make dictionaries of mail, StoreSample, which stands for much that is to be
 * put, and have that be compressed with them.  Of too little mail there are
 * none, nor where anything goes wrong: mail can be kept without.
 */
void store_train(Store *s, const GPtrArray *mail);

/* Remember that a copy of post came in whose Message-ID was id (NULL: it
 * had none): its keys, and replies to it, lead to post.  If that is the
 * post's own, or known already, nothing happens. */
bool store_put_copy(Store *s, int64_t post, const char *id, GError **err);

/* Remember that the message of list which Pipermail had under number is post,
 * whatever was remembered of that number before. */
bool store_put_number(
    Store *s, int64_t list, int64_t number, int64_t post, GError **err);

/* The tray ------------------------------------------------------------- */

/*
 * Messages that are to become posts of lists, and are not yet: their bytes
 * are on disk, and nothing else of them is.  A post touches a page of most
 * tables, wherever its digests fall, and so do a thousand at once; what
 * comes in faster than that can be written lies here until then.
 */
typedef struct {
	int64_t id; /* their order */
	int64_t list, raw;
	int64_t arrived;
	bool has_key; /* that it shall have */
	unsigned char key[KEY_BYTES];
} StoreTray;

/* Add a message of t->list, whose body begins at body_off; fills in id and
 * raw.  False with *err set: ERR_IO. */
bool store_tray_add(
    Store *s, StoreTray *t, GBytes *raw, size_t body_off, GError **err);

/* All that is there, in its order: StoreTray, or NULL. */
GArray *store_tray(Store *s, GError **err);
GBytes *store_tray_raw(Store *s, const StoreTray *t, GError **err);

/* When the last one of those that lie there arrived; 0: none does. */
int64_t store_tray_last(Store *s);

/* Take it off; its bytes too unless it became a post, put with its raw. */
bool store_tray_drop(Store *s, const StoreTray *t, bool is_post, GError **err);

/* Removing ------------------------------------------------------------- */

/* A post and what its bytes, and they alone, say. */
typedef struct {
	int64_t post;
	const Msg *msg;
	const Permalinks *links;
	int64_t date; /* where it is filed */
} StoreDerived;

/*
 * Take a message out, whose bytes say d: its bytes unless another list has
 * them, and all that is shown of it.  Its names stay, and lead to what is
 * ERR_GONE from then on; so does its part in its thread.
 */
bool store_remove(Store *s, const StoreDerived *d, int64_t at, GError **err);

/* Have what s deletes overwritten; then, false where others read it at the
 * moment, have the write-ahead log emptied. */
bool store_overwrite(Store *s, GError **err);
bool store_checkpoint(Store *s);

/* A message that was taken out. */
typedef struct {
	int64_t post, list, at;
	int64_t date;     /* where it was filed */
	int64_t thread;   /* that its ids are in; 0: it had none */
	GArray *ids;      /* uint64_t: thread_id of it or 0, its ancestors,
			   * its copies */
	GByteArray *keys; /* as the table has them */
} StoreGone;

void store_gone_free(StoreGone *g);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreGone, store_gone_free)

/* NULL with *err set: ERR_NOTFOUND if post is not gone, ERR_IO. */
StoreGone *store_gone(Store *s, int64_t post, GError **err);

/* When the message whose thread_id is id, and which was in the list of thread,
 * was taken out; *at is 0 where none was. */
bool store_gone_of_id(
    Store *s, int64_t thread, uint64_t id, int64_t *at, GError **err);

/* Whether any was taken out: false also with *err set. */
bool store_any_gone(Store *s, GError **err);

/* Looking up ----------------------------------------------------------- */

typedef struct {
	int64_t post, list;
	bool permalink;        /* what matched is the post's permalink */
	char key[KEY_LEN + 1]; /* its permalink's key */
} StoreHit;

/*
 * Posts one of whose keys begins with n_bits bits of digest (40 to 160),
 * in list, or in all lists with list 0; permalinks first, then by post;
 * each post once; at most LIMIT_CHOICES.  An array of StoreHit, or NULL
 * with *err set to ERR_IO.
 */
GArray *store_find(Store *s, int64_t list, const unsigned char *digest,
    size_t n_bits, GError **err);

/* The post whose permalink in list is exactly key, or 0 (*err set only on
 * ERR_IO). */
int64_t store_find_permalink(Store *s, int64_t list,
    const unsigned char key[static KEY_BYTES], GError **err);

/* The post that Pipermail had under number, gone or not, or 0 (*err set only
 * on ERR_IO). */
int64_t store_find_number(Store *s, int64_t list, int64_t number, GError **err);

/* What makes two messages the same: their content digests' keys, and
 * either a readable date or equal Message-IDs. */
typedef struct {
	const unsigned char *content; /* KEY_BYTES */
	const unsigned char *id;      /* KEY_BYTES, or NULL: it has none */
	bool dated;
} StoreSame;

/* The post of list that is the same message, or 0 (*err set only on
 * ERR_IO). */
int64_t store_find_same(
    Store *s, int64_t list, const StoreSame *what, GError **err);

/* Reading --------------------------------------------------------------- */

Head *store_head(Store *s, int64_t post, GError **err);

/* A message's exact bytes; ERR_IO too if a checksum does not fit: that of
 * its header or that of its body. */
GBytes *store_raw(Store *s, int64_t post, GError **err);

/* The same for one whose head is there: a look-up less. */
GBytes *store_raw_of(Store *s, const Head *head, GError **err);

/* Its bytes from *off on, which is where its body begins; or 0, where
 * header and body are kept in one piece.  The checksum of these bytes is
 * looked at, and of the others nothing. */
GBytes *store_body_of(Store *s, const Head *head, size_t *off, GError **err);

/*
 * The same a little at a time, for messages that are too large to be held:
 * what is held is LIMIT_READER_BYTES.  Each read is a short one of its own.
 * s must outlive it.  Never NULL; free with store_reader_free.
 */
typedef struct StoreReader StoreReader;

StoreReader *store_reader_new(Store *s, const Head *head);
void store_reader_free(StoreReader *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreReader, store_reader_free)

/* Put the next max bytes into out, or as many as there are; *n is how many.
 * False with *err set: ERR_IO, ERR_GONE if it was removed meanwhile. */
bool store_reader_read(
    StoreReader *r, char *out, size_t max, size_t *n, GError **err);

/* Heads of a thread by post, LIMIT_THREAD_MESSAGES at most; *n_all is how
 * many it has.  (Head, owned by the array.) */
GPtrArray *store_thread(
    Store *s, int64_t thread, uint64_t *n_all, GError **err);

/* What the order of a thread is made from. */
typedef struct {
	int64_t post, date;
	int64_t author;     /* store_author_hash */
	uint64_t id;        /* 0: it has no Message-ID */
	size_t ref, n_refs; /* its ancestors among those of all */
} StoreThreadPost;

/* The same for all messages of one author, a Head's, or where that is 0 of one
 * name. */
int64_t store_author_hash(int64_t author, const char *name);

/* A thread by post, LIMIT_THREAD_ROWS at most: StoreThreadPost; their
 * ancestors, uint64_t, are put at the end of refs. */
GArray *store_thread_order(
    Store *s, int64_t thread, GArray *refs, uint64_t *n_all, GError **err);

/* The thread that a post is in, how many messages it has, and how many
 * people wrote them. */
typedef struct {
	int64_t thread;
	uint64_t n, n_authors;
} StoreThreadOf;

/* Fill *out; its thread is 0 where post is not there, or gone. */
bool store_thread_of(Store *s, int64_t post, StoreThreadOf *out, GError **err);

typedef struct {
	int64_t post, arrived;
	uint64_t size; /* of its raw bytes */
} StoreArrival;

/* All of a thread, however long it is, by post: StoreArrival, or NULL. */
GArray *store_thread_posts(Store *s, int64_t thread, GError **err);

typedef struct {
	int year, month;
	uint64_t n_messages;
	int64_t changed; /* when a message last came in or went; as a list's */
} StoreMonth;

/* Months of a list that have messages, newest first: StoreMonth. */
GArray *store_months(Store *s, int64_t list, GError **err);

/* Of these the next after a month, and the last two up to and with it. */
GArray *store_months_near(
    Store *s, int64_t list, int year, int month, GError **err);

/* Messages of list in each of the n months up to and with ym (12 * year +
 * month - 1), oldest first, into counts. */
bool store_month_counts(Store *s, int64_t list, int64_t ym, uint64_t *counts,
    size_t n, GError **err);

typedef struct {
	int year, month, day; /* UTC */
	uint64_t n_messages;
} StoreDay;

/* Days of a month of list that have messages, or of the year with month 0,
 * oldest first: StoreDay. */
GArray *store_days(Store *s, int64_t list, int year, int month, GError **err);

/* The number of the last post of any list; 0 without any. */
bool store_last_post(Store *s, int64_t *post, GError **err);

/* What a list has in [from, to), oldest first, then by post: StoreArrival,
 * or NULL. */
GArray *store_range_posts(
    Store *s, int64_t list, int64_t from, int64_t to, GError **err);

typedef struct {
	int64_t thread;
	char key[KEY_LEN + 1];                 /* of its first message */
	char *subject, *from_name, *from_addr; /* of its first message */
	int64_t first_date, last_date;         /* within the range asked for */
	uint64_t n_messages;                   /* within the range asked for */
	uint64_t n_all;                        /* in the whole thread */
	uint64_t n_authors;                /* who wrote to the whole thread */
	char author_id[AUTHOR_ID_LEN + 1]; /* of from_addr, as in Head */
} StoreThread;

void store_thread_free(StoreThread *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreThread, store_thread_free)

typedef enum {
	STORE_BY_ACTIVITY, /* the latest first */
	STORE_BY_AUTHOR,   /* of the first message: name, else address */
	STORE_BY_SUBJECT,  /* without "Re:" and tags */
	STORE_N_ORDERS
} StoreOrder;

typedef struct {
	int64_t list;
	int64_t from, to; /* filed in [from, to) */
	uint64_t skip;    /* rows before the first one wanted */
	StoreOrder order; /* of more than LIMIT_SORTED_THREADS threads it is
			   * always STORE_BY_ACTIVITY */
} StoreRange;

/*
 * Threads that have messages in range, in its order: from row skip on, at
 * most LIMIT_PAGE_ROWS; *n_all says how many there are.  (StoreThread,
 * owned by the array.)
 */
GPtrArray *store_threads(
    Store *s, const StoreRange *range, uint64_t *n_all, GError **err);

/* What has a page of its own, for crawlers. */
typedef struct {
	char key[KEY_LEN + 1]; /* of the message, or of a thread's first */
	int64_t at;            /* when it arrived; was last written to */
} StorePage;

/* Of range, the oldest first, from row skip on, n at most: what is filed
 * there, and the threads of several messages that were last written to there.
 * StorePage, or NULL. */
GArray *store_range_messages(
    Store *s, const StoreRange *range, size_t n, GError **err);
GArray *store_range_threads(
    Store *s, const StoreRange *range, size_t n, GError **err);

/* The threads of a list, latest activity first; at most n, of which those
 * of one page.  Their range is all time.  (StoreThread.) */
GPtrArray *store_threads_newest(Store *s, int64_t list, size_t n, GError **err);

/*
 * The threads of its list that come before and after thread in that order:
 * *newer and *older, to be freed with store_thread_free, or NULL where
 * there is none.  Returns false with *err set: ERR_IO.
 */
bool store_thread_neighbours(Store *s, int64_t thread, StoreThread **newer,
    StoreThread **older, GError **err);

/* The newest posts of a list, newest first; at most n.  (Head.) */
GPtrArray *store_newest(Store *s, int64_t list, size_t n, GError **err);

/* Those that come after than in the same order. */
GPtrArray *store_older(Store *s, const Head *than, size_t n, GError **err);

/* Where a page of rows begins: behind these, in the order of dates, ties in
 * that of thread, then of post. */
typedef struct {
	int64_t list, date, thread, post;
	bool oldest; /* first; else the newest */
} StorePlace;

/* The n threads of a list that come next by last activity (StoreThread),
 * and the n posts by date (Head); at most one more than LIMIT_PAGE_ROWS. */
GPtrArray *store_threads_from(
    Store *s, const StorePlace *at, size_t n, GError **err);
GPtrArray *store_heads_from(
    Store *s, const StorePlace *at, size_t n, GError **err);

/*
 * The threads that have most messages in range, of which the newest max
 * count; those first, at most n.  Its skip and order are nothing to it.
 * n_messages, first_date and last_date tell of what was counted.
 * (StoreThread.)
 */
GPtrArray *store_threads_active(
    Store *s, const StoreRange *range, size_t max, size_t n, GError **err);

/* Authors -------------------------------------------------------------- */

/*
 * An author is whoever has an address (any case of ASCII letters); a post
 * without one has none.  Outside of the store he is known by the first 60
 * bits of HMAC-SHA256(secret, address in lower case), 12 base32 digits:
 * the secret, 32 random octets, is the store's own, so that nobody can
 * tell the address, or test one that he guesses.
 */

typedef struct {
	int64_t author, list;
	char id[AUTHOR_ID_LEN + 1];
	char *name, *addr;   /* of his newest post in the list */
	uint64_t n_messages; /* where was asked for */
} StoreAuthor;

void store_author_free(StoreAuthor *a);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreAuthor, store_author_free)

/* The author that id, in either case, means, or 0 (*err set only on
 * ERR_IO). */
int64_t store_find_author(Store *s, const char *id, GError **err);

/* The id that addr has, "" without one, or would have if it wrote. */
bool store_author_id(
    Store *s, const char *addr, char id[AUTHOR_ID_LEN + 1], GError **err);

/* An author as list knows him, or NULL with *err set: ERR_NOTFOUND if he
 * has no post there, ERR_IO. */
StoreAuthor *store_author(Store *s, int64_t author, int64_t list, GError **err);

/* What he did in the list that he was asked for in. */
typedef struct {
	int64_t first_date, last_date; /* of his messages there */
	uint64_t n_threads;            /* that they are in */
} StoreAuthorSum;

bool store_author_sum(
    Store *s, const StoreAuthor *author, StoreAuthorSum *sum, GError **err);

typedef struct {
	int year; /* UTC */
	uint64_t n_messages;
} StoreAuthorYear;

/* The years of the same that have messages of his, oldest first, of the
 * last LIMIT_AUTHOR_YEARS: StoreAuthorYear, or NULL. */
GArray *store_author_years(Store *s, const StoreAuthor *author, GError **err);

typedef struct {
	int64_t list;
	uint64_t n_messages;
} StoreAuthorList;

/* The lists that author has posts in: StoreAuthorList, or NULL. */
GArray *store_author_lists(Store *s, int64_t author, GError **err);

/* Posts of author in the list that he was asked for in, newest first, from
 * the one behind than on (NULL: the newest); at most n.  (Head.) */
GPtrArray *store_author_posts(Store *s, const StoreAuthor *author,
    const Head *than, size_t n, GError **err);

/* The same in either order from at on, of which list and thread do not
 * count; at most n, or one more than LIMIT_PAGE_ROWS. */
GPtrArray *store_author_posts_from(Store *s, const StoreAuthor *author,
    const StorePlace *at, size_t n, GError **err);

/* Who has most messages in a year of list (0: in all of it), those first;
 * at most n.  (StoreAuthor, owned by the array.) */
GPtrArray *store_top_authors(
    Store *s, int64_t list, int year, size_t n, GError **err);

/* Who has most messages in a thread, those first; at most n, among
 * LIMIT_THREAD_AUTHORS.  (StoreAuthor, owned by the array.) */
GPtrArray *store_thread_authors(
    Store *s, int64_t thread, size_t n, GError **err);

/* Copying a store --------------------------------------------------------- */

/*
 * What is primary of from goes to to, the posts in their order, under the
 * same numbers.  from is within store_read_begin; what is derived is for
 * store_rebuild_post and store_rebuild_gone.
 */
typedef struct {
	Store *from, *to;
	int64_t last; /* post of from that to has */
} StoreCopy;

/* Set c->last.  ERR_EXISTS: to has another store's posts. */
bool store_copy_begin(StoreCopy *c, GError **err);

/* Posts up to the last that were removed from from, and not from to:
 * int64_t. */
GArray *store_copy_gone(StoreCopy *c, GError **err);

/* The others are called in a transaction of to: first lists and
 * dictionaries, then each post behind the last (bytes that can't be read are
 * left out), then the tray, and what the posts there are have got since:
 * names of copies, numbers of Pipermail's. */
bool store_copy_lists(StoreCopy *c, GError **err);
bool store_copy_post(StoreCopy *c, int64_t post, GError **err);
bool store_copy_end(StoreCopy *c, GError **err);

/* Walking and checking --------------------------------------------------- */

/* The first post number of list (0: of any) above after, or 0 at the end. */
int64_t store_next(Store *s, int64_t list, int64_t after, GError **err);

/* Bytes of every message of list as they came in, and how many there
 * are: for a progress bar. */
bool store_count(
    Store *s, int64_t list, uint64_t *n, uint64_t *bytes, GError **err);

/* What is primary of a post besides its bytes. */
typedef struct {
	int64_t list, arrived, came;
	KeyKind kind; /* of its permalink */
	unsigned char key[KEY_BYTES];
} StorePost;

/* Fill *out, or return false with *err set: ERR_NOTFOUND, ERR_IO. */
bool store_post(Store *s, int64_t post, StorePost *out, GError **err);

/* Message-IDs of copies of post (char *, owned by the array), or NULL. */
GPtrArray *store_copies(Store *s, int64_t post, GError **err);

/* Pipermail's numbers of post, ascending: int64_t, or NULL. */
GArray *store_numbers(Store *s, int64_t post, GError **err);

/* What fsck is told, in words, of each thing that is wrong. */
typedef void StoreFault(void *arg, const char *what);

/* Check the database's pages and, if those are sound, every invariant
 * between its tables.  To be called within store_read_begin.  What can't be
 * checked is a fault, too. */
void store_check(Store *s, StoreFault *fault, void *arg);

/*
 * Where store_next has failed behind after, or skipped numbers: the first
 * post above after that can be read, or 0.  Those between, as far as the
 * index of permalinks knows them, are told of, and counted in *n_lost.
 */
int64_t store_check_lost(
    Store *s, int64_t after, uint64_t *n_lost, StoreFault *fault, void *arg);

/* Compare what the tables say of a post, its thread aside, with d, and
 * add the number of its keys, permalink aside, to *n_keys.
 * Returns false with *err set only if checking could not go on. */
bool store_check_post(Store *s, const StoreDerived *d, uint64_t *n_keys,
    StoreFault *fault, void *arg, GError **err);

/* The same of a message that is gone. */
bool store_check_gone(Store *s, const StoreGone *g, uint64_t *n_keys,
    StoreFault *fault, void *arg, GError **err);

/* How many keys there are, permalinks aside: the *n_keys of
 * store_check_post over all posts must come to the same; and how many ids
 * threads are known by. */
bool store_count_names(
    Store *s, uint64_t *n_keys, uint64_t *n_ids, GError **err);

/*
 * Begin a transaction, drop all that is derived and make it anew, empty.
 * The caller then gives every post, in order, to store_rebuild_post, and
 * ends with store_rebuild_end or store_rollback.  Readers see the old state
 * until the end; other writers have to wait and are told ERR_BUSY.
 */
bool store_rebuild_begin(Store *s, GError **err);
bool store_rebuild_end(Store *s, GError **err);
bool store_rebuild_post(Store *s, const StoreDerived *d, GError **err);
bool store_rebuild_gone(Store *s, const StoreGone *g, GError **err);

#endif
