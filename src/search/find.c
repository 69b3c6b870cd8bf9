/* SPDX-License-Identifier: Apache-2.0 */
#include "search/find.h"

#include "archive/read.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/log.h"
#include "mail/html.h"
#include "mail/part.h"
#include "search/index.h"
#include "search/plan.h"
#include "search/query.h"
#include "search/rank.h"
#include "search/snippet.h"

#include <math.h>
#include <string.h>

struct Finder {
	char *dir;
	Store *store;
	Index *index;
	Tokenizer *tokenizer;
	PlanEnv env;
	int64_t version; /* of the store when env's lists were read */
};

/* One search. */
typedef struct {
	Finder *f;
	const SearchAsk *ask;
	SearchReply *reply;
	GArray
	    *found;  /* IndexEntry, newest first, then in the order asked for */
	size_t most; /* of those */
	PlanSeen seen;
} Search;

/* Opening ----------------------------------------------------------------- */

Finder *
finder_new(const char *dir)
{
	Finder *f = g_new0(Finder, 1);

	f->dir = g_strdup(dir);
	f->tokenizer = token_new();
	f->env.tokenizer = f->tokenizer;
	for (unsigned int lang = STEM_NONE + 1; lang <= STEM_LAST_STEMMED;
	     lang++)
		f->env.langs |= STEM_SET(lang);
	return f;
}

static void
drop_lists(Finder *f)
{
	g_clear_pointer(&f->env.lists, g_ptr_array_unref);
	g_clear_pointer(&f->env.allowed, g_hash_table_unref);
}

void
finder_free(Finder *f)
{
	if (f == NULL)
		return;
	drop_lists(f);
	index_close(f->index);
	store_close(f->store);
	token_free(f->tokenizer);
	g_free(f->dir);
	g_free(f);
}

static bool
open_all(Finder *f, GError **err)
{
	if (f->store == NULL)
		f->store = store_open(f->dir, STORE_READ, err);
	if (f->store != NULL && f->index == NULL)
		f->index = index_open(f->dir, INDEX_READ, err);
	f->env.store = f->store;
	f->env.index = f->index;
	return f->index != NULL;
}

/* The lists that may be seen, as they are now. */
static bool
read_allowed(Finder *f, GError **err)
{
	int64_t version = store_version(f->store);

	if (f->env.lists != NULL && f->version == version)
		return true;
	drop_lists(f);
	f->env.lists = read_lists(f->store, err);
	if (f->env.lists == NULL)
		return false;
	f->env.allowed = g_hash_table_new(g_int64_hash, g_int64_equal);
	for (guint i = 0; i < f->env.lists->len; i++) {
		StoreList *l = f->env.lists->pdata[i];

		g_hash_table_add(f->env.allowed, &l->id);
	}
	f->version = version;
	return true;
}

/* Ordering ---------------------------------------------------------------- */

/* IndexSeen */
static bool
take_candidate(void *arg, const IndexEntry *e)
{
	Search *s = arg;

	if (s->found->len == s->most)
		return false;
	g_array_append_val(s->found, *e);
	return true;
}

static gint
by_oldest(gconstpointer left, gconstpointer right)
{
	const IndexEntry *a = left, *b = right;

	return a->doc < b->doc ? -1 : a->doc > b->doc;
}

static bool
order(Search *s, const Plan *p, GError **err)
{
	const RankBy by = {.store = s->f->store,
	    .index = s->f->index,
	    .tokenizer = s->f->tokenizer,
	    .terms = plan_terms(p),
	    .now = s->ask->now};

	if (s->ask->order == SEARCH_OLDEST)
		g_array_sort(s->found, by_oldest);
	if (s->ask->order != SEARCH_BEST || !plan_has_scores(p))
		return true;
	return rank_best(&by, s->found, err);
}

/* Passages ---------------------------------------------------------------- */

/* Append what m's text says, LIMIT_PASSAGE_TEXT_BYTES at most. */
static void
append_texts(const ReadMsg *m, GString *text)
{
	for (size_t i = 0;
	     i < m->outline->n_parts && text->len < LIMIT_PASSAGE_TEXT_BYTES;
	     i++) {
		const Part *part = &m->outline->parts[i];
		bool cut = false;
		g_autofree char *shown = NULL;

		if (part->show != SHOW_TEXT && part->show != SHOW_HTML)
			continue;
		shown = part_text(m->raw, part, &cut);
		if (part->show == SHOW_HTML) {
			g_autofree char *plain = html_to_text(shown);

			g_string_append(text, plain);
		} else {
			g_string_append(text, shown);
		}
		g_string_append_c(text, '\n');
	}
}

static bool
add_hit(Search *s, Snippet *snippet, const IndexEntry *c, GError **err)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(Head) head = NULL;
	g_autoptr(ReadMsg) m = NULL;
	SearchHit *h = NULL;

	if (s->ask->bare) {
		search_reply_add_hit(s->reply, c->post, "");
		return true;
	}
	head = store_head(s->f->store, c->post, &why);
	m = head != NULL ? read_body_of(s->f->store, head, &why) : NULL;
	if (m == NULL && g_error_matches(why, ERR, ERR_GONE))
		return true;
	if (m == NULL) {
		g_propagate_error(err, g_steal_pointer(&why));
		return false;
	}
	append_texts(m, text);
	h = search_reply_add_hit(s->reply, c->post, "");
	g_free(h->passage);
	h->passage = snippet_make(snippet, text->str, text->len, h->marks);
	return true;
}

/* Threads that have a hit already: SearchHit, by number. */
static bool
is_again(Search *s, GHashTable *threads, const IndexEntry *c, int64_t *thread,
    GError **err)
{
	StoreThreadOf of = {0};
	SearchHit *h = NULL;

	if (!store_thread_of(s->f->store, c->post, &of, err))
		return false;
	*thread = of.thread;
	if (!g_hash_table_contains(threads, &of.thread))
		return true;
	*thread = 0;
	h = g_hash_table_lookup(threads, &of.thread);
	if (h != NULL)
		h->n_thread++;
	return true;
}

/* The best of each thread, as many as are asked for; those that follow
 * them in the same threads are counted. */
static bool
add_threads(Search *s, Snippet *snippet, GError **err)
{
	g_autoptr(GHashTable) threads =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	guint most = MIN(s->found->len, LIMIT_SEARCH_GROUPED), n = 0;

	for (guint i = 0; i < most; i++) {
		const IndexEntry *c = &g_array_index(s->found, IndexEntry, i);
		int64_t thread = 0;
		SearchHit *h = NULL;

		if (!is_again(s, threads, c, &thread, err))
			return false;
		if (thread == 0)
			continue;
		if (n++ >= s->ask->skip && s->reply->hits->len < s->ask->n) {
			if (!add_hit(s, snippet, c, err))
				return false;
			h = s->reply->hits->pdata[s->reply->hits->len - 1];
		}
		g_hash_table_insert(
		    threads, g_memdup2(&thread, sizeof thread), h);
	}
	return true;
}

static bool
add_hits(Search *s, const Plan *p, GError **err)
{
	g_autoptr(Snippet) snippet =
	    snippet_new(s->f->tokenizer, plan_terms(p));

	if (s->ask->threads)
		return add_threads(s, snippet, err);
	for (guint i = s->ask->skip;
	     i < s->found->len && s->reply->hits->len < s->ask->n; i++)
		if (!add_hit(s, snippet,
			&g_array_index(s->found, IndexEntry, i), err))
			return false;
	return true;
}

/* Counts ------------------------------------------------------------------ */

/* What is counted, and one of the posts that are. */
typedef struct {
	char *value;
	uint32_t n;
	int64_t post;
} Tally;

static void
free_tally(gpointer tally)
{
	Tally *t = tally;

	g_free(t->value);
	g_free(t);
}

/* What value, as of post, is counted by. */
static Tally *
tally(GHashTable *all, const char *value, int64_t post)
{
	Tally *t = g_hash_table_lookup(all, value);

	if (t == NULL) {
		t = g_new0(Tally, 1);
		t->value = g_strdup(value);
		t->post = post;
		g_hash_table_insert(all, t->value, t);
	}
	return t;
}

/* A year that messages are counted by. */
typedef struct {
	int64_t from, to;
	Tally *tally;
} Year;

static void
count_year(GHashTable *years, Year *y, const IndexEntry *e)
{
	/* Most are of the year of the one before. */
	if (y->tally == NULL || e->date < y->from || e->date >= y->to) {
		int year = date_day(e->date).year;
		g_autofree char *value = g_strdup_printf("%d", year);

		y->from = date_month_start(year, 1);
		y->to = date_month_start(year + 1, 1);
		y->tally = tally(years, value, e->post);
	}
	y->tally->n++;
}

static gint
by_count(gconstpointer left, gconstpointer right)
{
	const Tally *a = *(Tally *const *)left, *b = *(Tally *const *)right;

	if (a->n != b->n)
		return a->n > b->n ? -1 : 1;
	return strcmp(a->value, b->value);
}

static const char *
name_of(const Finder *f, const Tally *t, SearchBy by, Head **head)
{
	if (by != SEARCH_BY_AUTHOR)
		return "";
	*head = store_head(f->store, t->post, NULL);
	if (*head == NULL)
		return "";
	return (*head)->from_name[0] != '\0' ? (*head)->from_name
					     : (*head)->from_addr;
}

/* Tell the most frequent of all. */
static void
add_counts(Search *s, GHashTable *all, SearchBy by)
{
	g_autoptr(GPtrArray) sorted = g_ptr_array_new();
	guint most =
	    by == SEARCH_BY_YEAR ? LIMIT_SEARCH_YEARS : LIMIT_SEARCH_COUNTS;
	GHashTableIter i_all;
	gpointer value = NULL;

	g_hash_table_iter_init(&i_all, all);
	while (g_hash_table_iter_next(&i_all, NULL, &value))
		g_ptr_array_add(sorted, value);
	g_ptr_array_sort(sorted, by_count);
	for (guint i = 0; i < sorted->len && i < most; i++) {
		const Tally *t = sorted->pdata[i];
		g_autoptr(Head) head = NULL;
		g_autofree char *name = g_strdup(name_of(s->f, t, by, &head));
		const SearchCount c = {
		    .by = by, .value = t->value, .name = name, .n = t->n};

		search_reply_add_count(s->reply, &c);
	}
}

static const char *
list_id(const Finder *f, int64_t list)
{
	for (guint i = 0; i < f->env.lists->len; i++) {
		const StoreList *l = f->env.lists->pdata[i];

		if (l->id == list)
			return l->list_id;
	}
	return "";
}

static GHashTable *
tallies_new(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_tally);
}

static void
count(Search *s)
{
	g_autoptr(GHashTable) years = tallies_new();
	g_autoptr(GHashTable) lists = tallies_new();
	g_autoptr(GHashTable) authors = tallies_new();
	Year year = {0};
	Tally *list = NULL;
	int64_t last = -1;

	for (guint i = 0; i < s->found->len; i++) {
		const IndexEntry *e = &g_array_index(s->found, IndexEntry, i);

		count_year(years, &year, e);
		if (list == NULL || e->list != last) {
			last = e->list;
			list = tally(lists, list_id(s->f, last), e->post);
		}
		list->n++;
		if (e->author[0] != '\0')
			tally(authors, e->author, e->post)->n++;
	}
	add_counts(s, years, SEARCH_BY_YEAR);
	add_counts(s, lists, SEARCH_BY_LIST);
	add_counts(s, authors, SEARCH_BY_AUTHOR);
}

/* How many there are in all, if not all were looked at: as many as there
 * would be if the older ones were like those. */
static bool
estimate(Search *s, GError **err)
{
	double part = 1;

	s->reply->n = s->found->len;
	s->reply->n_seen = s->found->len;
	s->reply->about = !s->seen.all;
	if (s->seen.all || s->seen.lowest == 0)
		return true;
	if (s->seen.n > 0) {
		s->reply->n = s->seen.n;
		return true;
	}
	if (!index_share(s->f->index, s->seen.lowest, &part, err))
		return false;
	s->reply->n =
	    (uint64_t)llround((double)s->found->len / CLAMP(part, 1e-6, 1));
	return true;
}

/* Searching --------------------------------------------------------------- */

static void
add_notes(SearchReply *r, const Query *q)
{
	for (guint i = 0; i < q->notes->len; i++) {
		const QueryNote *n = q->notes->pdata[i];
		const SearchNote note = {.kind = n->kind,
		    .at = (uint32_t)n->at,
		    .what = n->what,
		    .more = n->more};

		search_reply_add_note(r, &note);
	}
}

/* Tell of what stands for less than was asked for. */
static void
add_begun(SearchReply *r, const Plan *p)
{
	const GPtrArray *begun = plan_begun(p);

	for (guint i = 0; i < begun->len; i++) {
		const SearchNote note = {
		    .kind = QUERY_NOTE_WORDS, .what = begun->pdata[i]};

		search_reply_add_note(r, &note);
	}
}

/* How many documents are to be looked at for what is asked. */
static size_t
window(const SearchAsk *a)
{
	size_t shown = (size_t)a->skip + a->n + 1;

	if (a->order == SEARCH_NEWEST && !a->threads)
		return MAX(shown, a->bare ? 0 : (size_t)LIMIT_SEARCH_NEWEST);
	return MAX(shown, (size_t)LIMIT_SEARCH_WINDOW);
}

/* The list that is searched, in *list; false with *err set if there is no
 * such one. */
static bool
find_list(Search *s, StoreList **list, GError **err)
{
	if (s->ask->list == NULL)
		return true;
	*list = read_list(s->f->store, s->ask->list, err);
	return *list != NULL;
}

static bool
find_thread(Search *s, int64_t *thread, GError **err)
{
	StoreThreadOf of = {0};

	if (s->ask->post == 0)
		return true;
	if (!store_thread_of(s->f->store, s->ask->post, &of, err))
		return false;
	*thread = of.thread;
	return of.thread != 0 || err_set(err, ERR_NOTFOUND, "no such thread");
}

static bool
search(Search *s, const Query *q, GError **err)
{
	Finder *f = s->f;
	g_autoptr(StoreList) list = NULL;
	g_autoptr(Plan) p = NULL;
	const PlanTaker taker = {.seen = take_candidate,
	    .arg = s,
	    .scores = s->ask->order == SEARCH_BEST};
	int64_t thread = 0;

	if (!read_allowed(f, err) || !find_list(s, &list, err) ||
	    !find_thread(s, &thread, err))
		return false;
	p = plan_new(&f->env, q->root, list, thread, err);
	if (p == NULL || !plan_run(&f->env, p, &taker, &s->seen, err) ||
	    !estimate(s, err))
		return false;
	add_begun(s->reply, p);
	if (!s->ask->bare)
		count(s);
	return order(s, p, err) && add_hits(s, p, err);
}

/* One state of the store and of the index for all of it. */
static bool
search_at_once(Search *s, const Query *q, GError **err)
{
	Finder *f = s->f;
	bool ok = false;

	if (!open_all(f, err))
		return false;
	index_set_deadline(f->index, clock_cpu_ms() + LIMIT_SEARCH_MS);
	if (!store_read_begin(f->store, err))
		return false;
	if (index_read_begin(f->index, err))
		ok = search(s, q, err);
	index_read_end(f->index);
	store_read_end(f->store);
	return ok;
}

static SearchStatus
status_of(const GError *err)
{
	if (g_error_matches(err, ERR, ERR_NOTFOUND))
		return SEARCH_NO_INDEX;
	if (g_error_matches(err, ERR, ERR_LIMIT))
		return SEARCH_LATE;
	log_error("search: %s", err->message);
	return SEARCH_FAILED;
}

SearchReply *
find(Finder *f, const SearchAsk *a)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(SearchReply) r = search_reply_new(a->id, SEARCH_OK);
	g_autoptr(Query) q = query_parse(a->query, strlen(a->query), a->now);
	Search s = {.f = f, .ask = a, .reply = r, .most = window(a)};

	g_free(r->searched);
	r->searched = query_write(q->root);
	add_notes(r, q);
	if (q->root == NULL)
		return g_steal_pointer(&r);
	s.found = g_array_new(FALSE, FALSE, sizeof(IndexEntry));
	if (!search_at_once(&s, q, &err)) {
		r->status = status_of(err);
		/* Whatever is wrong with the file, another one may be there
		 * the next time. */
		g_clear_pointer(&f->index, index_close);
	}
	g_array_unref(s.found);
	return g_steal_pointer(&r);
}
