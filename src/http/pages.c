/* SPDX-License-Identifier: Apache-2.0 */
#include "http/pages.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "http/admit.h"
#include "http/api.h"
#include "http/author.h"
#include "http/bulk.h"
#include "http/cache.h"
#include "http/feed.h"
#include "http/home.h"
#include "http/language.h"
#include "http/legacy.h"
#include "http/lists.h"
#include "http/message.h"
#include "http/near.h"
#include "http/private.h"
#include "http/query.h"
#include "http/route.h"
#include "http/search.h"
#include "http/site.h"
#include "http/ways.h"
#include "http/year.h"
#include "view/assets.h"
#include "view/page.h"

#include <string.h>
#include <sys/stat.h>

/* How often a store that is not there is looked for. */
#define REOPEN_MS 1000

/* Seconds after which to try again when the store can't be read. */
#define RETRY_AFTER "5"

/* Seconds after which a message that no page shows is not waited for. */
#define BEHIND_S 2

/* How often the log is told of what was refused. */
#define TELL_MS 60000

struct Pages {
	const Conf *conf;
	HtmlSite site;
	char *path;       /* of conf->url */
	uint64_t program; /* tells one build from another, for validators */
	Store *store;
	int64_t tried_ms;
	bool reading; /* one snapshot of the store, until the turn's end */
	Cache *cache;
	Keep *keep;
	Admit *admit;
	int64_t told_ms; /* when the log was told of what was refused */
	GHashTable *ways;
	GHashTable *lists; /* StoreList by List-Id, as of lists_version */
	int64_t lists_version;
	GArray *public_lists;   /* int64_t: their numbers at tidied_version, or
				 * NULL */
	int64_t tidied_version; /* of the store */
};

/* Hashes ------------------------------------------------------------------- */

/*
 * FNV-1a of 64 bits: ETags tell the states of one URL from one another,
 * and nobody gains by two that are alike.  SHA-256 was 4 % of a message's
 * page.
 */
#define HASH_BEGIN UINT64_C(0xcbf29ce484222325)
#define HASH_PRIME UINT64_C(0x100000001b3)

static void
hash_octet(uint64_t *sum, unsigned char octet)
{
	*sum = (*sum ^ octet) * HASH_PRIME;
}

static void
hash_text(uint64_t *sum, const char *text)
{
	for (; *text != '\0'; text++)
		hash_octet(sum, (unsigned char)*text);
	hash_octet(sum, 0);
}

static void
hash_number(uint64_t *sum, uint64_t n)
{
	for (int shift = 0; shift < 64; shift += 8)
		hash_octet(sum, n >> shift & 0xff);
}

/* The site ----------------------------------------------------------------- */

/* What our own pages depend on besides the store: who made them. */
static uint64_t
identify_program(const Conf *conf, const Look *look)
{
	g_autofree char *seen = look_digest(look);
	struct stat st = {0};
	uint64_t sum = HASH_BEGIN;

	(void)stat("/proc/self/exe", &st);
	g_autofree char *text =
	    g_strdup_printf("felid " FELID_VERSION " %" G_GINT64_FORMAT
			    ".%ld %" G_GINT64_FORMAT " %s %s %d %d %s",
		(gint64)st.st_mtim.tv_sec, st.st_mtim.tv_nsec,
		(gint64)st.st_size, conf->title, conf->url,
		conf->protect_addresses, conf->search, seen);

	hash_text(&sum, text);
	return sum;
}

static void
open_store(Pages *p)
{
	g_autoptr(GError) err = NULL;
	int64_t now = clock_mono_ms();

	if (p->store != NULL ||
	    (p->tried_ms != 0 && now - p->tried_ms < REOPEN_MS))
		return;
	p->tried_ms = now;
	p->store = store_open(p->conf->store, STORE_READ, &err);
	if (p->store == NULL)
		log_warn("cannot open the store: %s", err->message);
}

Pages *
pages_new(const Conf *conf, const Look *look)
{
	Pages *p = g_new0(Pages, 1);
	const char *host = strstr(conf->url, "://");
	const char *path = host != NULL ? strchr(host + 3, '/') : NULL;

	p->conf = conf;
	p->path = g_strdup(path != NULL ? path : "");
	p->program = identify_program(conf, look);
	p->site = (HtmlSite){.title = conf->title,
	    .url = conf->url,
	    .path = p->path,
	    .protect = conf->protect_addresses,
	    .look = look,
	    .search = conf->search};
	p->lists = g_hash_table_new_full(
	    g_str_hash, g_str_equal, NULL, (GDestroyNotify)store_list_free);
	p->ways = ways_known_new();
	p->cache = cache_new(LIMIT_PAGE_CACHE_BYTES);
	p->admit = admit_new(conf->client_share);
	g_autofree char *kept =
	    g_build_filename(conf->store, SANDBOX_KEEP_FOLDER, NULL);

	/* Where nothing may be written there, what is there may still be
	 * read. */
	p->keep = keep_new(kept, conf->cache_bytes);
	open_store(p);
	return p;
}

void
pages_free(Pages *p)
{
	if (p == NULL)
		return;
	pages_end_turn(p);
	g_hash_table_unref(p->lists);
	g_hash_table_unref(p->ways);
	g_clear_pointer(&p->public_lists, g_array_unref);
	cache_free(p->cache);
	admit_free(p->admit);
	keep_free(p->keep);
	store_close(p->store);
	g_free(p->path);
	g_free(p);
}

/* Answers in words --------------------------------------------------------- */

void
pages_html(Response *out, unsigned int status, ResponseKind kind)
{
	out->status = status;
	out->kind = kind;
	out->type = "text/html; charset=utf-8";
	out->text = g_string_sized_new(16u << 10);
}

/* Have out be an answer in words, and what was begun of another forgotten. */
static void
refuse_page(const HtmlSite *site, const PageError *e, Response *out)
{
	response_clear(out);
	pages_html(out, e->status, RESPONSE_PASSING);
	page_error(out->text, site, e);
	if (e->status == 503)
		response_field(out, "Retry-After", g_strdup(RETRY_AFTER));
	if (e->status == 405)
		response_field(out, "Allow", g_strdup("GET, HEAD"));
}

static void
refuse(const HtmlSite *site, unsigned int status, const StoreList *list,
    const char *detail, Response *out)
{
	const PageError e = {.status = status, .list = list, .detail = detail};

	refuse_page(site, &e, out);
}

/* Whether name, a kept file's, is none of a list in arg. */
static bool
is_hidden(const char *name, void *arg)
{
	const GArray *lists = arg;
	gint64 list = g_ascii_strtoll(name, NULL, 10);

	for (guint i = 0; i < lists->len; i++)
		if (g_array_index(lists, int64_t, i) == list)
			return false;
	return true;
}

static bool
same_lists(const GArray *a, const GArray *b)
{
	return a != NULL && a->len == b->len &&
	       (a->len == 0 ||
		   memcmp(a->data, b->data, a->len * sizeof(int64_t)) == 0);
}

/* Tell the log, once a minute at most, of whom there was no time for. */
static void
tell_refused(Pages *p)
{
	static const char *const names[] = {
	    "pages", "threads", "api", "mailboxes", "searches"};
	g_autoptr(GString) text = g_string_new("too much was asked for:");
	AdmitCounts counts;

	if (clock_mono_ms() - p->told_ms < TELL_MS)
		return;
	p->told_ms = clock_mono_ms();
	if (!admit_take_counts(p->admit, &counts))
		return;
	for (size_t i = 0; i < N_ADMIT; i++)
		g_string_append_printf(text,
		    " %s=%" G_GUINT64_FORMAT " ms=%" G_GUINT64_FORMAT
		    " refused=%" G_GUINT64_FORMAT "%s",
		    names[i], counts.n[i], counts.spent_us[i] / 1000,
		    counts.n_refused[i], i + 1 < N_ADMIT ? ";" : "");
	log_warn("%s", text->str);
}

/* Files of a list that is public no longer go. */
static void
tidy_kept(Pages *p)
{
	g_autoptr(GError) err = NULL;
	int64_t version = p->store != NULL ? store_version(p->store) : 0;

	if (p->store == NULL || p->keep == NULL ||
	    (p->public_lists != NULL && version == p->tidied_version))
		return;
	g_autoptr(GArray) lists = store_list_ids(p->store, POLICY_PUBLIC, &err);

	if (lists == NULL) {
		log_warn("%s", err->message);
		return;
	}
	p->tidied_version = version;
	if (same_lists(p->public_lists, lists))
		return;
	keep_drop(p->keep, is_hidden, lists);
	g_clear_pointer(&p->public_lists, g_array_unref);
	p->public_lists = g_steal_pointer(&lists);
}

bool
pages_is_behind(const Pages *p)
{
	return p->store != NULL &&
	       store_tray_last(p->store) >= clock_now() - BEHIND_S;
}

void
pages_tidy(Pages *p)
{
	tell_refused(p);
	tidy_kept(p);
}

void
pages_refuse(
    const Pages *p, const char *path, unsigned int status, Response *out)
{
	refuse(&p->site, status, NULL, NULL, out);
	if (route_is_api(path, p->path))
		api_refuse(&p->site, path, out);
}

void
pages_busy(const Pages *p, const char *path, Response *out)
{
	const PageError e = {.status = 503, .busy = true};

	refuse_page(&p->site, &e, out);
	if (route_is_api(path, p->path))
		api_refuse(&p->site, path, out);
}

void
pages_say_no(const Ask *a, unsigned int status, const StoreList *list,
    const char *detail, Response *out)
{
	refuse(a->site, status, list, detail, out);
}

void
pages_gone(const Ask *a, const StoreList *list, int64_t removed, Response *out)
{
	const PageError e = {.status = 410, .list = list, .removed = removed};

	refuse_page(a->site, &e, out);
}

void
pages_not_found(const Ask *a, const StoreList *list, Response *out)
{
	refuse(a->site, 404, list, NULL, out);
}

void
pages_not_found_near(
    const Ask *a, const StoreList *list, const PageNear *near, Response *out)
{
	const PageError e = {.status = 404, .list = list, .near = near};

	refuse_page(a->site, &e, out);
}

/* The one table from what failed to what HTTP says of it. */
void
pages_fail(const Ask *a, const GError *err, Response *out)
{
	switch ((ErrCode)err->code) {
	case ERR_NOTFOUND:
		refuse(a->site, 404, NULL, NULL, out);
		break;
	case ERR_GONE:
		refuse(a->site, 410, NULL, NULL, out);
		break;
	case ERR_SYNTAX:
		refuse(a->site, 400, NULL, err->message, out);
		break;
	case ERR_BUSY:
		log_warn("%s path=%s", err->message, a->q->path);
		refuse(a->site, 503, NULL, NULL, out);
		break;
	case ERR_LIMIT:
	case ERR_EXISTS:
	case ERR_IO:
	default:
		log_error("%s path=%s", err->message, a->q->path);
		refuse(a->site, 500, NULL, NULL, out);
		break;
	}
}

/* Validators --------------------------------------------------------------- */

static void
hash_list(uint64_t *sum, const StoreList *l)
{
	hash_number(sum, (uint64_t)l->id);
	hash_number(sum, (uint64_t)l->policy);
	hash_number(sum, l->n_messages);
	hash_number(sum, (uint64_t)l->changed);
	hash_text(sum, l->list_id);
	hash_text(sum, l->description);
}

/* What every page depends on. */
static uint64_t
hash_asked(const Ask *a)
{
	uint64_t sum = HASH_BEGIN;

	hash_number(&sum, a->program);
	hash_text(&sum, words_tag(a->site->words));
	hash_text(&sum, a->q->path);
	for (size_t i = 0; i < a->q->n_args; i++) {
		hash_text(&sum, a->q->args[i].name);
		hash_text(&sum, a->q->args[i].value);
	}
	return sum;
}

/* Whether the client has, or we have, the page that sum is of. */
static bool
is_there(const Ask *a, uint64_t sum, int64_t changed, Response *out)
{
	char etag[17] = "";

	for (size_t i = 0; i < sizeof etag - 1; i++)
		etag[i] = "0123456789abcdef"[sum >> (60 - 4 * i) & 15];
	if (response_unchanged(out, a->q, etag, changed))
		return true;
	/* Something came in, but not here. */
	if (a->kept == NULL || strcmp(a->kept->answer.etag, etag) != 0)
		return false;
	a->kept->version = a->version;
	response_clear(out);
	response_of_kept(out, a->kept, a->q);
	return true;
}

bool
pages_unchanged(
    const Ask *a, const StoreList *const *lists, size_t n_lists, Response *out)
{
	uint64_t sum = hash_asked(a);
	int64_t changed = 0;

	for (size_t i = 0; i < n_lists; i++) {
		hash_list(&sum, lists[i]);
		changed = MAX(changed, lists[i]->changed / G_USEC_PER_SEC);
	}
	return is_there(a, sum, changed, out);
}

bool
pages_unchanged_as(
    const Ask *a, const char *state, int64_t changed, Response *out)
{
	uint64_t sum = hash_asked(a);

	hash_text(&sum, state);
	return is_there(a, sum, changed, out);
}

/* Lists -------------------------------------------------------------------- */

GPtrArray *
pages_lists(const Ask *a, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(GPtrArray) lists = read_lists(a->store, &err);

	if (lists == NULL) {
		pages_fail(a, err, out);
		return NULL;
	}
	if (pages_unchanged(
		a, (const StoreList *const *)lists->pdata, lists->len, out))
		return NULL;
	return g_steal_pointer(&lists);
}

/*
 * read_list, but a list that was read since the store last changed is not
 * read again: that is an eighth of a message's page.  Only List-Ids as they
 * are written are kept, not the many ways to write them.  Owned by a, or by
 * *own, which may be set.
 */
const StoreList *
pages_find_list(const Ask *a, const char *name, StoreList **own, GError **err)
{
	StoreList *list = g_hash_table_lookup(a->lists, name);

	if (list != NULL)
		return list;
	list = read_list(a->store, name, err);
	if (list == NULL || strcmp(list->list_id, name) != 0)
		return *own = list;
	g_hash_table_insert(a->lists, list->list_id, list);
	return list;
}

bool
pages_number(const Ask *a, const StoreList *list, uint64_t *n, Response *out)
{
	const char *page = request_arg(a->q, "page");

	*n = 1;
	if (page == NULL ||
	    g_ascii_string_to_unsigned(page, 10, 1, 1000000, n, NULL) != FALSE)
		return true;
	pages_say_no(a, 400, list,
	    html_word(a->site,
		"The parameter \xe2\x80\x9cpage\xe2\x80\x9d must be a number "
		"from 1 on."),
	    out);
	return false;
}

char *
pages_path(
    const Ask *a, const StoreList *list, const char *key, const char *suffix)
{
	g_assert(list != NULL);
	return g_strconcat(a->site->path, "/", list->list_id, "/",
	    key != NULL ? key : "", key != NULL ? "/" : "", suffix, NULL);
}

bool
pages_moved(const Ask *a, char *take_path, Response *out)
{
	g_autofree char *path = take_path;
	g_autofree char *asked = route_plain(a->q->path, a->site->path);

	if (strcmp(asked, path + strlen(a->site->path)) == 0)
		return false;
	response_redirect(out, g_steal_pointer(&path));
	return true;
}

/* Which page --------------------------------------------------------------- */

static void
answer_asset(
    const char *name, const HtmlSite *site, const Request *q, Response *out)
{
	const Asset *asset = assets_find(
	    strcmp(name, "favicon.ico") == 0 ? "favicon.svg" : name);

	Asset own = {0};

	if (asset == NULL && look_find(site->look, name, &own))
		asset = &own;
	if (asset == NULL) {
		refuse(site, 404, NULL, NULL, out);
		return;
	}
	/* A file's plain name may stand for other bytes tomorrow. */
	out->kind =
	    strcmp(asset->name, name) == 0 ? RESPONSE_ASSET : RESPONSE_PAGE;
	if (response_unchanged(out, q, asset->name, 0))
		return;
	out->status = 200;
	out->type = asset->type;
	out->bytes = g_bytes_new(asset->bytes, asset->len);
}

/* Whether name, which err says is no list, is public-inbox's for all of
 * them together. */
static bool
means_all(const char *name, const GError *err)
{
	return g_error_matches(err, ERR, ERR_NOTFOUND) &&
	       strcmp(name, "all") == 0;
}

/* A List-Id, an address, or a key of any list. */
static void
answer_top(const Ask *a, const Route *r, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(StoreList) own = NULL;
	const StoreList *list = pages_find_list(a, r->name, &own, &err);

	bool searched = search_is_asked(a->q);

	if (searched && (list != NULL || means_all(r->name, err)))
		search_answer(a, list, 0, out);
	else if (list != NULL)
		lists_answer_list(a, list, out);
	else if (means_all(r->name, err))
		response_redirect(out, g_strconcat(a->site->path, "/", NULL));
	else if (!g_error_matches(err, ERR, ERR_NOTFOUND))
		pages_fail(a, err, out);
	else if (legacy_answer(a, out)) /* "hyperkitty" may be a key's prefix */
		return;
	else if (route_is_key(r->name))
		message_answer(a, NULL, r, out);
	else
		near_answer(a, NULL, r, out);
}

static void
answer_in_list(const Ask *a, const Route *r, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(StoreList) own = NULL;
	const StoreList *list = NULL;

	if (r->list != NULL) {
		list = pages_find_list(a, r->list, &own, &err);
		if (list == NULL && !means_all(r->list, err)) {
			if (!g_error_matches(err, ERR, ERR_NOTFOUND))
				pages_fail(a, err, out);
			else if (!legacy_answer(a, out))
				near_answer(a, NULL, r, out);
			return;
		}
	}
	if (r->kind == ROUTE_NAME || r->kind == ROUTE_ID)
		message_answer(a, list, r, out);
	else if (r->kind == ROUTE_OPENSEARCH)
		site_answer_opensearch(a, list, out);
	else if (list == NULL)
		pages_not_found(a, NULL, out);
	else if (r->kind == ROUTE_MBOXES)
		bulk_answer_mbox(a, list, r, out);
	else if (r->kind == ROUTE_FEED)
		feed_answer_list(a, list, out);
	else if (r->kind == ROUTE_AUTHOR && r->view == ROUTE_ATOM)
		feed_answer_author(a, list, r, out);
	else if (r->kind == ROUTE_AUTHOR)
		author_answer(a, list, r, out);
	else if (r->kind == ROUTE_MAP)
		site_answer_list(a, list, r, out);
	else if (r->month == 0)
		year_answer(a, list, r, out);
	else
		lists_answer_month(a, list, r, out);
}

/* A POST asks for messages as public-inbox's tools do, or for nothing. */
static void
answer_post(const Ask *a, const Route *r, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(StoreList) own = NULL;
	const char *what = request_arg(a->q, "x");

	if ((r->kind != ROUTE_TOP && r->kind != ROUTE_NAME) ||
	    g_strcmp0(what, "m") != 0) {
		refuse(a->site, 405, NULL, NULL, out);
	} else if (r->kind == ROUTE_NAME) {
		answer_in_list(a, r, out);
	} else {
		const StoreList *list = pages_find_list(a, r->name, &own, &err);

		if (list != NULL || means_all(r->name, err))
			search_answer(a, list, 0, out);
		else
			pages_fail(a, err, out);
	}
}

/* Have a snapshot of the store, and forget lists that may have changed. */
static bool
begin_turn(Pages *p, GError **err)
{
	int64_t version = 0;

	if (p->reading)
		return true;
	if (!store_read_begin(p->store, err))
		return false;
	p->reading = true;
	version = store_version(p->store);
	if (version != p->lists_version)
		g_hash_table_remove_all(p->lists);
	p->lists_version = version;
	return true;
}

void
pages_end_turn(Pages *p)
{
	if (p->reading)
		store_read_end(p->store);
	p->reading = false;
}

static void
answer_route(const Ask *a, const Route *r, Response *out)
{
	switch (r->kind) {
	case ROUTE_HOME:
		home_answer(a, out);
		break;
	case ROUTE_API:
		api_answer(a, r, out);
		break;
	case ROUTE_SITE:
		site_answer(a, r->name, out);
		break;
	case ROUTE_TOP:
		answer_top(a, r, out);
		break;
	case ROUTE_MONTH:
	case ROUTE_MBOXES:
	case ROUTE_FEED:
	case ROUTE_MAP:
	case ROUTE_OPENSEARCH:
	case ROUTE_AUTHOR:
	case ROUTE_NAME:
	case ROUTE_ID:
		answer_in_list(a, r, out);
		break;
	case ROUTE_NONE:
	case ROUTE_ASSET:
	case ROUTE_LANG:
	default:
		pages_not_found(a, NULL, out);
		break;
	}
}

/* All of q that a page may depend on; of a cookie that is the language. */
static char *
cache_key(const Request *q, const HtmlSite *site)
{
	GString *key = g_string_sized_new(256);

	g_string_append(key, q->path);
	g_string_append_c(key, ' ');
	g_string_append(key, words_tag(site->words));
	g_string_append_c(key, response_takes_gzip(q) ? 'z' : ' ');
	/* What is decoded may hold any byte: lengths part them. */
	for (size_t i = 0; i < q->n_args; i++)
		g_string_append_printf(key, "%zu=%s&%zu=%s",
		    strlen(q->args[i].name), q->args[i].name,
		    strlen(q->args[i].value), q->args[i].value);
	return g_string_free(key, FALSE);
}

/* Asking for less ---------------------------------------------------------- */

static AdmitClass
class_of(const Request *q, const Route *r)
{
	if (search_is_asked(q) || q->post)
		return ADMIT_SEARCH;
	if (r->kind == ROUTE_API)
		return ADMIT_API;
	if (r->kind == ROUTE_MBOXES)
		return ADMIT_BULK;
	if ((r->kind == ROUTE_NAME || r->kind == ROUTE_ID) &&
	    r->view != ROUTE_MESSAGE && r->view != ROUTE_RAW &&
	    r->view != ROUTE_PART)
		return ADMIT_THREAD;
	return ADMIT_PAGE;
}

/* Whether a's client may have its page now; else out is why not.  Who waited
 * for what was asked for already may. */
static bool
admitted(Pages *p, const Ask *a, const Route *r, Response *out)
{
	unsigned int wait_s = 0;
	AdmitAnswer answer =
	    a->q->asked || a->q->worked >= 0
		? ADMIT_YES
		: admit_ask(p->admit, a->q->client, class_of(a->q, r),
		      clock_mono_us(), &wait_s);
	const PageError e = {
	    .status = answer == ADMIT_CLIENT ? 429 : 503, .busy = true};

	if (answer == ADMIT_YES)
		return true;
	refuse_page(a->site, &e, out);
	if (answer == ADMIT_CLIENT)
		response_field(
		    out, "Retry-After", g_strdup_printf("%u", wait_s));
	return false;
}

/* Make the answer, and have a's client pay for it. */
static void
answer_paid(Pages *p, const Ask *a, const Route *r, Response *out)
{
	int64_t begun = clock_mono_us();

	if (a->q->post)
		answer_post(a, r, out);
	else
		answer_route(a, r, out);
	if (!a->q->post && out->kept == NULL)
		response_compress(out, a->q);
	admit_spend(p->admit, a->q->client, class_of(a->q, r), begun,
	    clock_mono_us() - begun);
}

/* Take the page of key from the cache, if it is there as it would be made
 * now. */
static bool
answer_kept(Pages *p, const Request *q, const char *key, Response *out)
{
	ResponseKept *kept = cache_find(p->cache, key);

	if (kept == NULL || !begin_turn(p, NULL) ||
	    kept->version != p->lists_version)
		return false;
	response_of_kept(out, kept, q);
	if (out->status == 304 || q->if_none_match == NULL)
		return true;
	/* It may name the same page in the other coding. */
	response_clear(out);
	return false;
}

/* Make the page, and keep it under key. */
static void
answer_get(Pages *p, Ask *a, const Route *r, const char *key, Response *out)
{
	a->version = p->lists_version;
	a->kept = cache_find(p->cache, key);
	if (!admitted(p, a, r, out))
		return;
	answer_paid(p, a, r, out);
	if (out->kept == NULL)
		cache_put(p->cache, key, a->version, out);
}

/* What takes the store. */
static void
answer_store(Pages *p, const Request *q, const Route *r, const HtmlSite *site,
    const char *key, Response *out)
{
	g_autoptr(GError) err = NULL;
	Ask a = {.q = q,
	    .site = site,
	    .store = p->store,
	    .program = p->program,
	    .lists = p->lists,
	    .ways = p->ways,
	    .keep = p->keep};

	if (r->kind == ROUTE_LANG)
		language_choose(&a, out);
	else if (p->store == NULL)
		refuse(site, 503, NULL, NULL, out);
	else if (!begin_turn(p, &err))
		pages_fail(&a, err, out);
	else if (!q->post)
		answer_get(p, &a, r, key, out);
	else if (admitted(p, &a, r, out))
		answer_paid(p, &a, r, out);
}

void
pages_answer(Pages *p, const Request *q, Response *out)
{
	HtmlSite site = p->site;
	g_auto(Route) r = {0};

	site.words = language_of(q);
	g_autofree char *key = cache_key(q, &site);

	if (!q->post && !q->options && answer_kept(p, q, key, out))
		return;
	route_parse(q->path, p->path, &r);
	if (q->options) {
		if (r.kind == ROUTE_API)
			api_answer_options(out);
		else
			refuse(&p->site, 405, NULL, NULL, out);
		return;
	}
	if (r.kind == ROUTE_ASSET && !q->post) {
		answer_asset(r.name, &p->site, q, out);
		return;
	}
	open_store(p);
	if (r.kind == ROUTE_API)
		site.words = NULL;
	answer_store(p, q, &r, &site, key, out);
	if (r.kind == ROUTE_API && out->ask == NULL)
		api_refuse(&site, q->path, out);
}
