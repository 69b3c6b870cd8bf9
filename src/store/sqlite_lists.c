/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"
#include "base/limits.h"
#include "store/sqlite_private.h"

#include <string.h>

/* Octets of a List-Id (RFC 2919 section 2) and of an address (RFC 5321
 * section 4.5.3.1: 64, "@" and 255). */
#define LIST_ID_BYTES 255
#define ADDRESS_BYTES 320

void
store_list_free(StoreList *l)
{
	if (l == NULL)
		return;
	g_free(l->list_id);
	g_free(l->description);
	g_strfreev(l->names);
	g_strfreev(l->addresses);
	g_free(l);
}

/* RFC 2919 section 2: a label, a dot, a domain.  Of what atext allows
 * beyond letters, digits and "-", lists have "_" and "+" in their names. */
static bool
is_list_id(const char *name)
{
	size_t len = strlen(name);
	bool dot = false;

	if (len == 0 || len > LIST_ID_BYTES || name[0] == '.' ||
	    name[len - 1] == '.')
		return false;
	for (const char *p = name; *p != '\0'; p++) {
		if (p[0] == '.' && p[1] == '.')
			return false;
		dot = dot || *p == '.';
		if (!g_ascii_isalnum(*p) && strchr("-_.+", *p) == NULL)
			return false;
	}
	return dot;
}

/* A List-Id that a list may be given.  A list that has one of the site's
 * own paths as its name, from before they were, keeps it. */
static bool
check_list_id(const char *name, GError **err)
{
	static const char *const taken[] = {
	    "robots.txt", "favicon.ico", "llms.txt", "sitemap.xml", NULL};

	if (!is_list_id(name))
		return err_set(err, ERR_SYNTAX,
		    "\"%s\" is no List-Id (RFC 2919), as python-dev."
		    "python.org is",
		    name);
	return !g_strv_contains(taken, name) ||
	       err_set(err, ERR_SYNTAX,
		   "no list can be called \"%s\": the archive's web pages "
		   "have a file of that name",
		   name);
}

static bool
is_address(const char *name)
{
	const char *at = strrchr(name, '@');

	if (at == NULL || at == name || at[1] == '\0' ||
	    strlen(name) > ADDRESS_BYTES || !g_utf8_validate(name, -1, NULL))
		return false;
	for (const char *p = name; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f || *p == '<' ||
		    *p == '>')
			return false;
	return true;
}

/* The list that has name, or 0. */
static bool
find_name(Store *s, const char *name, int64_t *list, GError **err)
{
	g_auto(Sql) q = sql(s, "SELECT list FROM list_name WHERE name = ?1");

	*list = 0;
	sql_text(&q, name);
	return sql_number(&q, list, err);
}

static bool
add_name(Store *s, int64_t list, const char *name, int kind, GError **err)
{
	g_auto(Sql) q =
	    sql(s, "INSERT INTO list_name (name, list, kind) VALUES (?, ?, ?)");

	sql_text(&q, name);
	sql_int(&q, list);
	sql_int(&q, kind);
	return sql_run(&q, err);
}

static bool
add_list(Store *s, const char *list_id, Policy policy, GError **err)
{
	g_auto(Sql) q = sql(s, "INSERT INTO list (policy) VALUES (?)");
	int64_t there = 0;

	if (!find_name(s, list_id, &there, err))
		return false;
	if (there != 0)
		return err_set(
		    err, ERR_EXISTS, "there is a list %s already", list_id);
	sql_int(&q, (int64_t)policy);
	return sql_run(&q, err) && add_name(s, sqlite3_last_insert_rowid(s->db),
				       list_id, NAME_LIST_ID, err);
}

bool
store_list_add(Store *s, const char *list_id, Policy policy, GError **err)
{
	g_autofree char *name = g_ascii_strdown(list_id, -1);
	bool own = false;

	if (!check_list_id(name, err))
		return false;
	return sql_enter(s, &own, err) &&
	       sql_leave(s, own, add_list(s, name, policy, err), err);
}

static bool
name_list(Store *s, int64_t list, const char *name, GError **err)
{
	bool address = strchr(name, '@') != NULL;
	int64_t there = 0;

	if (!find_name(s, name, &there, err))
		return false;
	if (there == list)
		return true;
	if (there != 0)
		return err_set(err, ERR_EXISTS,
		    "%s is the name of another list already", name);
	return add_name(s, list, name, address ? NAME_ADDRESS : NAME_OLD, err);
}

bool
store_list_name(Store *s, int64_t list, const char *name, GError **err)
{
	bool address = strchr(name, '@') != NULL;
	g_autofree char *lower = address ? NULL : g_ascii_strdown(name, -1);
	bool own = false;

	if (address ? !is_address(name) : !is_list_id(lower))
		return err_set(err, ERR_SYNTAX,
		    "\"%s\" is neither a List-Id nor an address", name);
	if (!address && !check_list_id(lower, err))
		return false;
	return sql_enter(s, &own, err) &&
	       sql_leave(s, own,
		   name_list(s, list, address ? name : lower, err), err);
}

static bool
set_list(Store *s, int64_t list, Policy policy, const char *description,
    GError **err)
{
	g_auto(Sql) q =
	    sql(s, "UPDATE list SET policy = ?, description = coalesce(?, "
		   "description) WHERE id = ?");

	sql_int(&q, (int64_t)policy);
	sql_text(&q, description);
	sql_int(&q, list);
	if (!sql_run(&q, err))
		return false;
	return sqlite3_changes(s->db) == 1 ||
	       err_set(err, ERR_NOTFOUND, "no such list");
}

bool
store_list_set(Store *s, int64_t list, Policy policy, const char *description,
    GError **err)
{
	bool own = false;

	if (description != NULL && !g_utf8_validate(description, -1, NULL))
		return err_set(err, ERR_SYNTAX, "the description is no UTF-8");
	return sql_enter(s, &own, err) &&
	       sql_leave(
		   s, own, set_list(s, list, policy, description, err), err);
}

/* Names of l, sorted, into its fields. */
static bool
read_names(Store *s, StoreList *l, GError **err)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) addresses = g_ptr_array_new_with_free_func(g_free);
	g_auto(Sql) q = sql(
	    s, "SELECT kind, name FROM list_name WHERE list = ? ORDER BY name");
	SqlStep step = SQL_DONE;

	sql_int(&q, l->id);
	while ((step = sql_step(&q, err)) == SQL_ROW) {
		int kind = sqlite3_column_int(q.stmt, 0);
		char *name = sql_dup(&q, 1);

		if (kind == NAME_LIST_ID && l->list_id == NULL)
			l->list_id = name;
		else
			g_ptr_array_add(
			    kind == NAME_ADDRESS ? addresses : names, name);
	}
	if (l->list_id == NULL)
		l->list_id = g_strdup("");
	g_ptr_array_add(names, NULL);
	g_ptr_array_add(addresses, NULL);
	l->names = (char **)g_ptr_array_steal(names, NULL);
	l->addresses = (char **)g_ptr_array_steal(addresses, NULL);
	return step == SQL_DONE;
}

static StoreList *
read_list(Sql *q)
{
	StoreList *l = g_new0(StoreList, 1);

	l->id = sqlite3_column_int64(q->stmt, 0);
	l->policy = (Policy)sqlite3_column_int(q->stmt, 1);
	l->description = sql_dup(q, 2);
	l->n_messages = (uint64_t)sqlite3_column_int64(q->stmt, 3);
	l->first_date = sqlite3_column_int64(q->stmt, 4);
	l->last_date = sqlite3_column_int64(q->stmt, 5);
	l->changed = sqlite3_column_int64(q->stmt, 6);
	return l;
}

#define LIST_COLUMNS                                                           \
	"l.id, l.policy, l.description, coalesce(m.n, 0), "                    \
	"coalesce(m.first_date, 0), coalesce(m.last_date, 0), "                \
	"coalesce(m.changed, 0) "                                              \
	"FROM list l LEFT JOIN list_sum m ON m.list = l.id "

StoreList *
store_list_get(Store *s, int64_t list, GError **err)
{
	g_auto(Sql) q = sql(s, "SELECT " LIST_COLUMNS "WHERE l.id = ?");
	g_autoptr(StoreList) l = NULL;
	SqlStep step = SQL_DONE;

	sql_int(&q, list);
	step = sql_step(&q, err);
	if (step == SQL_DONE)
		err_set(err, ERR_NOTFOUND, "no such list");
	if (step != SQL_ROW)
		return NULL;
	l = read_list(&q);
	return read_names(s, l, err) ? g_steal_pointer(&l) : NULL;
}

StoreList *
store_list_find(Store *s, const char *name, GError **err)
{
	int64_t list = 0;

	if (!find_name(s, name, &list, err))
		return NULL;
	if (list == 0) {
		err_set(err, ERR_NOTFOUND, "no list is called %s", name);
		return NULL;
	}
	return store_list_get(s, list, err);
}

static void
free_list(gpointer list)
{
	store_list_free((StoreList *)list);
}

/* Those that q gives. */
static GPtrArray *
read_all(Store *s, Sql *q, GError **err)
{
	g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func(free_list);
	SqlStep step = SQL_DONE;

	while ((step = sql_step(q, err)) == SQL_ROW) {
		StoreList *l = read_list(q);

		g_ptr_array_add(lists, l);
		if (!read_names(s, l, err))
			return NULL;
	}
	return step == SQL_DONE ? g_steal_pointer(&lists) : NULL;
}

GPtrArray *
store_lists(Store *s, GError **err)
{
	g_auto(Sql) q = sql(s,
	    "SELECT " LIST_COLUMNS
	    "JOIN list_name n ON n.list = l.id AND n.kind = 0 ORDER BY n.name");

	return read_all(s, &q, err);
}

GArray *
store_list_ids(Store *s, Policy policy, GError **err)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	g_auto(Sql) q =
	    sql(s, "SELECT id FROM list WHERE policy = ? ORDER BY id");
	SqlStep step = SQL_DONE;

	sql_int(&q, (int64_t)policy);
	while ((step = sql_step(&q, err)) == SQL_ROW) {
		int64_t id = sqlite3_column_int64(q.stmt, 0);

		g_array_append_val(ids, id);
	}
	return step == SQL_DONE ? g_steal_pointer(&ids) : NULL;
}

GPtrArray *
store_lists_called(Store *s, const char *local, GError **err)
{
	g_auto(Sql) q = sql(s,
	    "SELECT " LIST_COLUMNS
	    "WHERE l.id IN (SELECT list FROM list_name WHERE "
	    "name BETWEEN ?1 || '@' AND ?1 || '@' || char(1114111) UNION ALL "
	    "SELECT list FROM list_name WHERE "
	    "name BETWEEN ?1 || '.' AND ?1 || '.' || char(1114111)) "
	    "LIMIT ?2");

	sql_text(&q, local);
	sql_int(&q, LIMIT_CHOICES);
	return read_all(s, &q, err);
}

void
store_name_free(StoreName *n)
{
	if (n == NULL)
		return;
	g_free(n->name);
	g_free(n);
}

GPtrArray *
store_list_names(Store *s, Policy policy, size_t n, GError **err)
{
	g_autoptr(GPtrArray) names =
	    g_ptr_array_new_with_free_func((GDestroyNotify)store_name_free);
	g_auto(Sql) q = sql(s,
	    "SELECT n.list, n.name FROM list l "
	    "JOIN list_name n ON n.list = l.id WHERE l.policy = ?1 LIMIT ?2");
	SqlStep step = SQL_DONE;

	sql_int(&q, (int64_t)policy);
	sql_int(&q, (int64_t)n);
	while ((step = sql_step(&q, err)) == SQL_ROW) {
		StoreName *one = g_new0(StoreName, 1);

		one->list = sqlite3_column_int64(q.stmt, 0);
		one->name = sql_dup(&q, 1);
		g_ptr_array_add(names, one);
	}
	return step == SQL_DONE ? g_steal_pointer(&names) : NULL;
}
