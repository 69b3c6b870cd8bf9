/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/lists.h"

#include "base/err.h"
#include "base/text.h"

#include <string.h>

void
lists_rcpt_clear(ListsRcpt *r)
{
	store_list_free(r->list);
	*r = (ListsRcpt){0};
}

/* Like store_list_find, but that there is none is no error. */
static bool
find(Store *s, const char *name, StoreList **list, GError **err)
{
	g_autoptr(GError) why = NULL;

	*list = store_list_find(s, name, &why);
	if (why == NULL || g_error_matches(why, ERR, ERR_NOTFOUND))
		return true;
	g_propagate_error(err, g_steal_pointer(&why));
	return false;
}

/* "a@b" as the List-Id that its list has: "a.b". */
static char *
list_id_of(const char *address)
{
	char *id = g_ascii_strdown(address, -1);
	char *at = strrchr(id, '@');

	g_assert(at != NULL);
	*at = '.';
	return id;
}

/* The list whose posting address is address: one that it was given, or
 * the one that its List-Id says. */
static bool
find_address(Store *s, const char *address, StoreList **list, GError **err)
{
	g_autofree char *id = NULL;

	if (!find(s, address, list, err))
		return false;
	if (*list != NULL)
		return true;
	id = list_id_of(address);
	return find(s, id, list, err);
}

/* Add a list, private since its policy is not known. */
static bool
open_list(Store *s, const char *list_id, const char *address, StoreList **list,
    GError **err)
{
	g_autoptr(StoreList) l = NULL;

	if (!store_list_add(s, list_id, POLICY_PRIVATE, err))
		return false;
	l = store_list_find(s, list_id, err);
	if (l == NULL ||
	    (address != NULL && !store_list_name(s, l->id, address, err)))
		return false;
	*list = g_steal_pointer(&l);
	return true;
}

/* Cut local, as in "dev-bounces+jo=example.org", to the list's own. */
static bool
cut_role(char *local)
{
	static const char *const roles[] = {"-bounces", "-owner"};
	char *plus = strchr(local, '+');

	for (size_t i = 0; i < G_N_ELEMENTS(roles); i++) {
		size_t len = strlen(roles[i]);
		size_t n =
		    plus == NULL ? strlen(local) : (size_t)(plus - local);

		if (n > len &&
		    g_ascii_strncasecmp(local + n - len, roles[i], len) == 0) {
			local[n - len] = '\0';
			return true;
		}
	}
	return false;
}

/* The list that MAIL FROM names: its posting, -bounces or -owner address;
 * NULL if it names none. */
static bool
list_of_sender(Store *s, const char *sender, StoreList **list, GError **err)
{
	const char *at = sender == NULL ? NULL : strrchr(sender, '@');
	g_autofree char *local = NULL, *address = NULL;

	if (at == NULL || at == sender)
		return true;
	if (!find_address(s, sender, list, err))
		return false;
	local = g_strndup(sender, (gsize)(at - sender));
	if (*list != NULL || !cut_role(local))
		return true;
	address = g_strconcat(local, at, NULL);
	return find_address(s, address, list, err);
}

static bool
read_key(const char *local, unsigned char key[static KEY_BYTES])
{
	size_t n_bits = 0;

	return strlen(local) == KEY_LEN &&
	       text_base32_decode(local, KEY_LEN, key, KEY_BYTES, &n_bits);
}

/* KEY@LIST-ID and archive@LIST-ID. */
static bool
read_list_form(Store *s, const char *domain, const ListsAsk *ask,
    StoreList **list, GError **err)
{
	if (!find(s, domain, list, err) || *list != NULL)
		return *list != NULL;
	if (ask->open_lists)
		return open_list(s, domain, NULL, list, err);
	return err_set(err, ERR_NOTFOUND, "no list is called %s", domain);
}

/* A posting address that no list has. */
static bool
read_new_address(Store *s, const char *rcpt, const ListsAsk *ask,
    StoreList **list, GError **err)
{
	g_autofree char *id = list_id_of(rcpt);

	if (ask->open_lists)
		return open_list(s, id, rcpt, list, err);
	return err_set(err, ERR_NOTFOUND, "no list has the address %s", rcpt);
}

static bool
read_rcpt(
    Store *s, const char *rcpt, const ListsAsk *ask, ListsRcpt *r, GError **err)
{
	const char *at = strrchr(rcpt, '@');
	g_autofree char *local = NULL;
	bool ours = false, archive = false;

	/* RFC 5321 section 4.5.1: an address, though not one of ours. */
	if (g_ascii_strcasecmp(rcpt, "postmaster") == 0)
		return err_set(err, ERR_NOTFOUND, "there is no %s here", rcpt);
	if (at == NULL || at == rcpt || at[1] == '\0')
		return err_set(err, ERR_SYNTAX, "\"%s\" is no address", rcpt);
	if (!find_address(s, rcpt, &r->list, err))
		return false;
	if (r->list != NULL)
		return true;
	local = g_strndup(rcpt, (gsize)(at - rcpt));
	archive = g_ascii_strcasecmp(local, "archive") == 0;
	ours = g_ascii_strcasecmp(at + 1, ask->host) == 0;
	r->has_key = read_key(local, r->key);
	if (r->has_key && ours)
		return list_of_sender(s, ask->sender, &r->list, err);
	if (ours)
		return archive || err_set(err, ERR_NOTFOUND,
				      "no list has the address %s", rcpt);
	if (r->has_key || archive)
		return read_list_form(s, at + 1, ask, &r->list, err);
	return read_new_address(s, rcpt, ask, &r->list, err);
}

bool
lists_rcpt(Store *s, const char *rcpt, const ListsAsk *ask, ListsRcpt *out,
    GError **err)
{
	ListsRcpt r = {0};

	if (!read_rcpt(s, rcpt, ask, &r, err)) {
		lists_rcpt_clear(&r);
		return false;
	}
	*out = r;
	return true;
}

StoreList *
lists_of_msg(Store *s, const Msg *m, bool open_lists, GError **err)
{
	StoreList *l = NULL;

	for (const char *const *id = m->list_ids; *id != NULL; id++)
		if (!find(s, *id, &l, err) || l != NULL)
			return l;
	for (const char *const *id = m->list_ids; open_lists && *id; id++) {
		g_autoptr(GError) why = NULL;

		if (open_list(s, *id, NULL, &l, &why))
			return l;
		if (g_error_matches(why, ERR, ERR_SYNTAX))
			continue;
		g_propagate_error(err, g_steal_pointer(&why));
		return NULL;
	}
	err_set(err, ERR_NOTFOUND,
	    m->list_ids[0] == NULL ? "the message has no List-Id"
				   : "no list has the message's List-Id");
	return NULL;
}
