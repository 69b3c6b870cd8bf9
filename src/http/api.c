/* SPDX-License-Identifier: Apache-2.0 */
#include "http/api.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "http/api_private.h"
#include "http/near.h"
#include "view/assets.h"

#include <string.h>

/* Answers ----------------------------------------------------------------- */

GString *
api_begin(Response *out)
{
	pages_html(out, 200, RESPONSE_PAGE);
	out->type = "application/json";
	return out->text;
}

static const char *
title_of(unsigned int status)
{
	static const struct {
		unsigned int status;
		const char *title;
	} titles[] = {{300, "Multiple Choices"}, {400, "Bad Request"},
	    {404, "Not Found"}, {405, "Method Not Allowed"}, {410, "Gone"},
	    {411, "Length Required"}, {413, "Content Too Large"},
	    {414, "URI Too Long"}, {429, "Too Many Requests"},
	    {500, "Internal Server Error"}, {501, "Not Implemented"},
	    {503, "Service Unavailable"}};

	for (size_t i = 0; i < G_N_ELEMENTS(titles); i++)
		if (titles[i].status == status)
			return titles[i].title;
	return "Error";
}

/* Make the text of out, which is there, a problem. */
static void
write_problem(const HtmlSite *site, const JsonProblem *p, Response *out)
{
	g_string_truncate(out->text, 0);
	out->status = p->status;
	out->kind = RESPONSE_PASSING;
	out->type = "application/problem+json";
	json_doc_problem(out->text, site, p);
}

/* Begin anew, with p, which says neither title nor where it was asked. */
static void
say_problem(const Ask *a, JsonProblem p, Response *out)
{
	p.title = p.parameter != NULL ? "Bad Parameter" : title_of(p.status);
	p.instance = route_rest(a->q->path, a->site->path);
	response_clear(out);
	api_begin(out);
	write_problem(a->site, &p, out);
}

void
api_say_no(const Ask *a, unsigned int status, const char *parameter,
    const char *detail, Response *out)
{
	say_problem(a,
	    (JsonProblem){
		.status = status, .parameter = parameter, .detail = detail},
	    out);
}

void
api_say_near(const Ask *a, const char *detail, const PageNear *near,
    const StoreList *list, Response *out)
{
	say_problem(a,
	    (JsonProblem){
		.status = 404, .detail = detail, .near = near, .list = list},
	    out);
}

void
api_say_gone(const Ask *a, const char *detail, int64_t removed, Response *out)
{
	say_problem(a,
	    (JsonProblem){.status = 410, .detail = detail, .removed = removed},
	    out);
}

/* Scripts of any site may read what everybody may. */
static void
add_cors(Response *out)
{
	if (out->kept != NULL) /* it has them */
		return;
	response_field(out, "Access-Control-Allow-Origin", g_strdup("*"));
	response_field(out, "Access-Control-Expose-Headers",
	    g_strdup("ETag, Link, Location, Retry-After"));
}

void
api_refuse(const HtmlSite *site, const char *path, Response *out)
{
	if (out->status < 400 || out->text == NULL ||
	    g_strcmp0(out->type, "application/problem+json") == 0)
		return;
	const JsonProblem p = {.status = out->status,
	    .title = title_of(out->status),
	    .instance = route_rest(path, site->path)};

	write_problem(site, &p, out);
	if (response_value(out, "Access-Control-Allow-Origin") == NULL)
		add_cors(out);
}

void
api_fail(const Ask *a, const GError *err, Response *out)
{
	pages_fail(a, err, out);
	api_say_no(a, out->status, NULL,
	    err->code == ERR_NOTFOUND || err->code == ERR_GONE ? err->message
							       : NULL,
	    out);
}

/* Other URLs -------------------------------------------------------------- */

/* The parameters of q but for after, each behind *before, which is then
 * "&". */
static void
write_args(GString *o, const Request *q, const char **before)
{
	for (size_t i = 0; i < q->n_args; i++) {
		if (strcmp(q->args[i].name, "after") == 0)
			continue;
		g_string_append(o, *before);
		out_url(o, q->args[i].name);
		out_raw(o, "=");
		out_url(o, q->args[i].value);
		*before = "&";
	}
}

char *
api_next(const Api *q, const char *path, const char *after)
{
	GString *url = g_string_new(q->a->site->url);
	const char *before = "?";

	g_string_append(url, JSON_API);
	if (q->list != NULL) {
		out_raw(url, "/lists/");
		out_url(url, q->list->list_id);
	}
	g_string_append(url, path);
	write_args(url, q->a->q, &before);
	g_string_append_printf(url, "%safter=%s", before, after);
	return g_string_free(url, FALSE);
}

void
api_link_next(const char *next, Response *out)
{
	if (next != NULL)
		response_field(
		    out, "Link", g_strdup_printf("<%s>; rel=\"next\"", next));
}

bool
api_moved(const Ask *a, char *take_path, Response *out)
{
	g_autofree char *path = take_path;
	g_autofree char *asked = route_plain(a->q->path, a->site->path);
	g_autoptr(GString) to = g_string_new(a->site->url);
	const char *after = request_arg(a->q, "after"), *before = "?";

	if (g_str_has_prefix(asked, JSON_API) &&
	    strcmp(asked + strlen(JSON_API), path) == 0)
		return false;
	g_string_append(to, JSON_API);
	g_string_append(to, path);
	write_args(to, a->q, &before);
	if (after != NULL) {
		g_string_append_printf(to, "%safter=", before);
		out_url(to, after);
	}
	response_redirect(out, g_strdup(to->str));
	return true;
}

/* Routing ----------------------------------------------------------------- */

/* A path behind JSON_API: "*" is a list, then a message's key or an author's
 * id. */
static const struct {
	const char *path[5];
	ApiAnswer *answer;
} routes[] = {
    {{NULL}, api_answer_home},
    {{"lists"}, api_answer_lists},
    {{"lists", "*"}, api_answer_list},
    {{"lists", "*", "months"}, api_answer_months},
    {{"lists", "*", "months", "*"}, api_answer_month},
    {{"lists", "*", "years", "*"}, api_answer_year},
    {{"lists", "*", "threads"}, api_answer_threads},
    {{"lists", "*", "threads", "*"}, api_answer_thread},
    {{"lists", "*", "messages"}, api_answer_messages},
    {{"lists", "*", "messages", "*"}, api_answer_message},
    {{"lists", "*", "authors"}, api_answer_authors},
    {{"lists", "*", "authors", "*"}, api_answer_author},
    {{"lists", "*", "authors", "*", "messages"}, api_answer_author_messages},
    {{"find"}, api_answer_find},
    {{"search"}, api_answer_search},
};

/* The segments of path, decoded; one that has a NUL names nothing. */
static GStrv
split(const char *path)
{
	GStrv raw = g_strsplit(path, "/", G_N_ELEMENTS(routes[0].path) + 2);
	guint n = g_strv_length(raw);

	for (guint i = 0; i < n; i++) {
		size_t len = 0;
		g_autofree char *plain = text_percent_decode(raw[i], &len);

		g_free(raw[i]);
		raw[i] = strlen(plain) == len ? g_steal_pointer(&plain)
					      : g_strdup("\xef\xbf\xbd");
	}
	/* What ends in a slash is moved to what does not. */
	if (n > 0 && raw[n - 1][0] == '\0') {
		g_free(raw[n - 1]);
		raw[n - 1] = NULL;
	}
	return raw;
}

static bool
fits(const char *const *pattern, const char *const *segments)
{
	size_t i = 0, max = G_N_ELEMENTS(routes[0].path);

	for (; i < max && pattern[i] != NULL && segments[i] != NULL; i++)
		if (segments[i][0] == '\0' ||
		    (pattern[i][0] != '*' &&
			strcmp(pattern[i], segments[i]) != 0))
			return false;
	return (i == max || pattern[i] == NULL) && segments[i] == NULL;
}

/* The path of what segments, which fit, lead to, its list by its name. */
static char *
plain_path(const char *const *segments, const StoreList *list)
{
	GString *path = g_string_new(NULL);

	for (size_t i = 0; segments[i] != NULL; i++) {
		out_raw(path, "/");
		g_string_append(
		    path, i == 1 && list != NULL ? list->list_id : segments[i]);
	}
	return g_string_free(path, FALSE);
}

static void
answer_route(
    const Ask *a, ApiAnswer *answer, const char *const *segments, Response *out)
{
	g_autoptr(GError) err = NULL;
	g_autoptr(StoreList) own = NULL;
	size_t n = g_strv_length((char **)(uintptr_t)segments);
	Api q = {.a = a, .key = n > 3 ? segments[3] : NULL};

	if (n > 1) {
		q.list = pages_find_list(a, segments[1], &own, &err);
		if (q.list == NULL && err->code == ERR_NOTFOUND) {
			g_auto(Near) near = {0};

			near_find(a, segments[1], NULL, &near);
			api_say_near(a, err->message, &near.page, NULL, out);
			return;
		}
		if (q.list == NULL) {
			api_fail(a, err, out);
			return;
		}
	}
	/* Whoever has a key as it was written has to find it first. */
	if (q.key != NULL || !api_moved(a, plain_path(segments, q.list), out))
		answer(&q, out);
}

static void
answer_openapi(const Ask *a, Response *out)
{
	const Asset *asset = assets_find("openapi.json");

	out->kind = RESPONSE_PAGE;
	if (response_unchanged(out, a->q, asset->name, 0))
		return;
	out->status = 200;
	out->type = asset->type;
	out->bytes = g_bytes_new_static(asset->bytes, asset->len);
}

/* path: behind "/~api". */
static void
answer_path(const Ask *a, const char *path, Response *out)
{
	if (strcmp(path, "/openapi.json") == 0) {
		answer_openapi(a, out);
		return;
	}
	if (path[0] == '\0' || strcmp(path, "/") == 0) {
		api_moved(a, g_strdup(""), out);
		return;
	}
	if (g_str_has_prefix(path, "/v1") &&
	    (path[3] == '/' || path[3] == '\0')) {
		g_auto(GStrv) segments =
		    split(path[3] == '/' ? path + 4 : path + 3);

		for (size_t i = 0; i < G_N_ELEMENTS(routes); i++) {
			const char *const *s = (const char *const *)segments;

			if (!fits(routes[i].path, s))
				continue;
			answer_route(a, routes[i].answer, s, out);
			return;
		}
	}
	api_say_no(a, 404, NULL, "The API has no such path.", out);
}

void
api_answer(const Ask *a, const Route *r, Response *out)
{
	answer_path(a, r->name, out);
	add_cors(out);
}

void
api_answer_options(Response *out)
{
	out->status = 204;
	out->kind = RESPONSE_PASSING;
	response_field(out, "Allow", g_strdup("GET, HEAD, OPTIONS"));
	response_field(out, "Access-Control-Allow-Methods",
	    g_strdup("GET, HEAD, OPTIONS"));
	response_field(out, "Access-Control-Allow-Headers",
	    g_strdup("If-None-Match, If-Modified-Since, Accept"));
	response_field(out, "Access-Control-Max-Age", g_strdup("86400"));
	add_cors(out);
}
