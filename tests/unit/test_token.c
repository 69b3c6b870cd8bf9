/* SPDX-License-Identifier: Apache-2.0 */
#include "search/token.h"

#include "base/limits.h"

#include <string.h>

/* Terms of a text as one line: a space before each place, "=" before a term
 * at the same place, "*" behind a prefix. */
static void
write_token(void *arg, const Token *k)
{
	GString *out = arg;

	if (out->len > 0 || k->same_place)
		g_string_append_c(out, k->same_place ? '=' : ' ');
	g_string_append_len(out, k->term, (gssize)k->len);
	if (k->prefix)
		g_string_append_c(out, '*');
	g_assert_cmpuint(k->off, <, k->end);
}

static char *
line_of(Tokenizer *t, TokenKind kind, unsigned int langs, const char *text)
{
	const TokenText in = {
	    .kind = kind, .langs = langs, .text = text, .len = strlen(text)};
	GString *out = g_string_new(NULL);

	token_restart(t);
	token_each(t, &in, write_token, out);
	return g_string_free(out, FALSE);
}

#define NONE STEM_SET(STEM_NONE)
#define EN STEM_SET(STEM_EN)
#define DE STEM_SET(STEM_DE)
#define FR STEM_SET(STEM_FR)
#define RU STEM_SET(STEM_RU)
#define P TOKEN_PROSE
#define C TOKEN_CODE
#define N TOKEN_NAME
#define U TOKEN_QUOTED
#define Q TOKEN_QUERY
#define X TOKEN_PREFIX
#define A50 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define BASE64                                                                 \
	"iQIzBAABCAAdFiEEN9lkrMBJgcdVAPub1V2XiooUIOQFAmWrZ0kACgkQ1V2XiooU"
#define UUENCODE                                                               \
	"M\"S!5>I_$Z0XS6'VBQ^P1-EN I<KO%#E>@ZC-\\A<\\88:KT/4:/V2)KM/X'4)G"
#define ID40 "1da177e4c3f41524e886b7f1b8a0c1fc7321cac2"

static const struct {
	TokenKind kind;
	unsigned int langs;
	const char *text, *want;
} cases[] = {
    {P, EN, "", ""},
    {P, EN, "The cat, the DOG.", "the cat the dog"},
    /* Case, diacritics, ligatures, width. */
    {P, NONE, "caf\xc3\xa9 cafe\xcc\x81 CAF\xc3\x89 cafe",
	"cafe cafe cafe cafe"},
    {P, NONE, "E\xcc\x81tat \xc3\xa9tat", "etat etat"},
    {P, NONE, "Straße STRASSE STRAẞE", "strasse strasse strasse"},
    {P, NONE, "ışık IŞIK İstanbul istanbul", "isik isik istanbul istanbul"},
    {P, NONE, "Łódź Ærø œuvre Ðuro", "lodz aero oeuvre duro"},
    {P, NONE, "ﬁle ＬＩＮＵＸ２ 𝐛𝐨𝐥𝐝 m²", "file linux2 bold m2"},
    {P, NONE, "Ελλάς ΕΛΛΑΣ", "ελλασ ελλασ"},
    {P, NONE, "ещё мой МОИ мо\xd0\xb8\xcc\x86 молоко\xcc\x81",
	"еще мой мои мой молоко"},
    {P, NONE, "Linux™ §5 🙂", "linux 5"},
    /* What is not there. */
    {P, NONE, "im\xc2\xadple\xc2\xadment zero\xe2\x80\x8bwidth",
	"implement zero width"},
    {P, NONE,
	"\xd8\xb3\xd9\x8e\xd9\x84\xd8\xa7\xd9\x85 "
	"\xd7\xa9\xd6\xb8\xd7\x9c\xd7\x95\xd7\x9d",
	"سلام שלום"},
    {P, NONE, "\xcc\x81 \xc2\xad\xcc\x81x", "x"},
    {P, NONE, "हिन्दी", "हिन्दी"},
    /* Stems. */
    {P, EN, "running runs run", "running=Zrun runs=Zrun run"},
    {P, EN, "because only table", "because only table"},
    {P, EN, "tables ponies", "tables=Ztabl ponies=Zponi"},
    {P, EN, "ipv4s as its", "ipv4s as its=Zit"},
    {P, DE, "Bücher Häuser für", "bucher=Zbuch hauser=Zhaus fur"},
    {P, FR, "généralement cafés", "generalement=Zgeneral cafes=Zcaf"},
    {P, RU, "исправления ядра", "исправления=Zисправлен ядра=Zядр"},
    {P, EN | DE, "houses", "houses=Zhous=Zhous"},
    {U, EN, "running", "running"},
    {C, EN, "running", "running"},
    {N, EN, "running", "running"},
    /* Runs. */
    {P, NONE, "邮件列表", "邮件 件列 列表=表"},
    {P, NONE, "列", "列"},
    {P, NONE, "linux列表 list", "linux 列表=表 list"},
    {P, NONE, "カーネルの修正、です",
	"カー ーネ ネル ルの の修 修正=正 です=す"},
    {P, NONE, "ｶﾞｰﾄﾞ ガード", "ガー ード=ド ガー ード=ド"},
    {P, NONE, "か\xe3\x82\x99く がく", "がく=く がく=く"},
    {P, NONE, "메일 목록을", "메일=일 목록 록을=을"},
    {P, NONE, "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab글", "한글=글"},
    {P, NONE, "サー・バ", "サー=ー バ"},
    {P, NONE, "メーリ\nング\n\n一", "メー ーリ リン ング=グ 一"},
    {C, NONE, "一\n二", "一 二"},
    {P, NONE, "ภาษา", "ภา าษ ษา=า"},
    {P, NONE, "𠮷野家", "𠮷野 野家=家"},
    /* Code, in parts and in whole. */
    {P, NONE, "foo_bar()", "foo=foo_bar bar"},
    {P, NONE, "nf_tables_newrule", "nf=nf_tables_newrule tables newrule"},
    {C, NONE, "nf_tables_newrule", "nf tables newrule"},
    {P, NONE, "struct sk_buff->len;", "struct sk=sk_buff->len buff len"},
    {P, NONE, "net/netfilter/nf_tables_api.c",
	"net=net/netfilter/nf_tables_api.c netfilter nf tables api c"},
    {P, NONE, "CVE-2024-1086", "cve=cve-2024-1086 2024 1086"},
    {P, NONE, "draft-ietf-jmap-core-17",
	"draft=draft-ietf-jmap-core-17 ietf jmap core 17"},
    {N, NONE, "<A.B@Example.org>", "a=a.b@example.org b example org"},
    {P, NONE, "v5.10.3,", "v5=v5.10.3 10 3"},
    {P, NONE, "nf-next tcp.c 2/7 2024-11-25", "nf next tcp c 2 7 2024 11 25"},
    {P, NONE, "std::vector __init__ a..b", "std=std::vector vector init a b"},
    {P, NONE, "C++ C# c++11 i++", "c=c++ c=c# c 11 i=i++"},
    {P, NONE, "1da177e 1DA177E4C3F4 " ID40, "1da177e 1da177e4c3f4 " ID40},
    {P, NONE, "x_" A50 "_" A50, "x " A50 " " A50},
    /* Apostrophes. */
    {P, NONE, "don't can’t kernel's we're", "dont cant kernel we"},
    {P, NONE, "l'homme qu’il d'accord", "homme il accord"},
    {P, NONE, "O'Reilly 'quoted' dogs'", "o reilly quoted dogs"},
    {P, EN, "kernel's", "kernel"},
    /* Line ends. */
    {P, EN, "imple-\nmentation of",
	"imple=implementation=Zimplement "
	"mentation=Zmentat of"},
    {U, EN, "imple-\n  mentation", "imple=implementation mentation"},
    {P, NONE, "x86-\n64 Smith-\nJones", "x86 64 smith jones"},
    {C, NONE, "foo-\nbar", "foo bar"},
    /* URLs. */
    {P, NONE, "https://lore.kernel.org/all/?q=abc&x=t#r",
	"lore=lore.kernel.org/all kernel org all r"},
    {P, NONE, "http://b.example/show_bug.cgi?id=12345&z=1x",
	"b=b.example/show_bug.cgi example show bug cgi 12345"},
    {P, NONE, "<ftp://a.example/x%20y> https",
	"a=a.example/x example x y https"},
    {P, NONE, "is it? yes", "is it yes"},
    /* Noise. */
    {P, NONE, BASE64 "\nx", "x"},
    {P, NONE, "x\n" BASE64 "\n> " BASE64 "\ny", "x y"},
    {P, NONE, "x\n" UUENCODE "\ny", "x y"},
    {P, NONE, "CABPcSq+LMgEr8FxXYuMBrWFA7B1vr3CY1YQa2ckGxK1oP9Nw", ""},
    {P, NONE, "id CABPcSq+LMgEr8FxXYuMBrWFA7B1vr3CY1YQa2ckGxK1oP9Nw",
	"id cabpcsq"},
    {P, NONE, A50 A50 " x", "x"},
    {C, NONE, "/usr/share/Documentation/Core2/Drivers/Network/Index",
	"usr share documentation core2 drivers network index"},
    /* Queries. */
    {Q, EN, "running", "running=Zrun=run"},
    {Q, EN, "tables", "tables=Ztabl=tabl=table"},
    {Q, EN, "table", "table=Ztabl=tabl"},
    {Q, EN, "ponies", "ponies=Zponi=poni=ponie=pony"},
    {Q, EN, "plan", "plan=Zplan"},
    {Q, EN | DE, "bücher", "bucher=Zbucher=Zbuch=buch=buche"},
    {Q, NONE, "邮件列表", "邮件 件列 列表"},
    {Q, NONE, "列", "列*"},
    {Q, NONE, "nf_tables_newrule", "nf tables newrule"},
    {Q, NONE, "C++ c", "c++ c"},
    {Q, NONE, "1da177e", "1da177e*"},
    {Q, NONE, "deadbeef 123456", "deadbeef 123456"},
    {Q, NONE, ID40,
	ID40 "=1da177e=1da177e4=1da177e4c=1da177e4c3=1da177e4c3f"
	     "=1da177e4c3f4=1da177e4c3f41=1da177e4c3f415=1da177e4c3f4152"
	     "=1da177e4c3f41524"},
    {Q, 0, "Running tables", "running tables"},
    {Q, 0, "a.b@c.example", "a b c example"},
    {X, EN, "running", "running"},
    {X, 0, "CVE-2024-1", "cve-2024-1*"},
    {X, 0, "CVE-2024-", "cve-2024-*"},
    {X, 0, "nf_", "nf_*"},
    {X, 0, "struct sk_buff->", "struct sk_buff->*"},
    {X, 0, "nf_tables_newrule", "nf tables newrule"},
    {X, 0, "nf-t", "nf t"},
    {X, 0, "2024-11-2", "2024 11 2"},
    {X, 0, "a_b c", "a b c"},
    {X, 0, "列", "列*"},
};

static void
test_terms(void)
{
	g_autoptr(Tokenizer) t = token_new();

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *got =
		    line_of(t, cases[i].kind, cases[i].langs, cases[i].text);

		if (strcmp(got, cases[i].want) == 0)
			continue;
		g_test_message("%s\n#\tgot  %s\n#\twant %s", cases[i].text, got,
		    cases[i].want);
		g_test_fail();
	}
}

static void
test_stream(void)
{
	g_autoptr(Tokenizer) t = token_new();
	g_autoptr(GString) out = g_string_new("before\n");
	const TokenText in = {.kind = TOKEN_PROSE,
	    .langs = EN,
	    .text = "Running sk_buff",
	    .len = strlen("Running sk_buff")};

	token_append(t, &in, out);
	g_assert_cmpstr(
	    out->str, ==, "before\nrunning\n\tZrun\nsk\n\tsk_buff\nbuff\n");
}

/* The octets that each term stands for: what is marked in a snippet. */
static void
write_range(void *arg, const Token *k)
{
	GString *out = arg;

	g_string_append_printf(
	    out, "%.*s %zu-%zu\n", (int)k->len, k->term, k->off, k->end);
}

static void
test_ranges(void)
{
	static const char text[] =
	    "É kernel's sk_buff\xc2\xad im-\nple 件列表 C++";
	g_autoptr(Tokenizer) t = token_new();
	g_autoptr(GString) out = g_string_new(NULL);
	const TokenText in = {
	    .kind = TOKEN_PROSE, .text = text, .len = strlen(text)};

	token_each(t, &in, write_range, out);
	g_assert_cmpstr(out->str, ==,
	    "e 0-2\nkernel 3-9\nsk 12-14\nsk_buff 12-21\nbuff 15-21\n"
	    "im 22-24\nimple 22-29\nple 26-29\n件列 30-36\n列表 33-39\n"
	    "表 36-39\nc 40-41\nc++ 40-43\n");
}

static size_t
count_of(Tokenizer *t, const char *text)
{
	g_autofree char *line = line_of(t, TOKEN_PROSE, EN, text);
	size_t n = 0;

	for (const char *p = line; *p != '\0'; p++)
		n += *p == ' ';
	return n + (*line != '\0');
}

/* What no person wrote costs little and fills nothing. */
static void
test_limits(void)
{
	static const struct {
		const char *piece;
		size_t want;
	} heaps[] = {{"x", 0}, {"é", 0}, {"\xcc\x81", 0}, {"_", 0},
	    {"x ", LIMIT_INDEX_TERMS}, {"𝐛 ", LIMIT_INDEX_TERMS},
	    {"列", LIMIT_INDEX_TERMS}, {"http://", 0}, {">", 0},
	    {"\xc2\xad", 0}};
	g_autoptr(Tokenizer) t = token_new();
	g_autofree char *just = g_strnfill(LIMIT_TERM_BYTES, 'x');
	g_autofree char *over = g_strnfill(LIMIT_TERM_BYTES + 1, 'x');

	g_assert_cmpuint(count_of(t, just), ==, 1);
	g_assert_cmpuint(count_of(t, over), ==, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(heaps); i++) {
		g_autoptr(GString) text = g_string_new(NULL);

		while (text->len < (10u << 20))
			g_string_append(text, heaps[i].piece);
		g_assert_cmpuint(count_of(t, text->str), ==, heaps[i].want);
		g_assert_cmpuint(
		    token_left(t), ==, LIMIT_INDEX_TERMS - heaps[i].want);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/token/terms", test_terms);
	g_test_add_func("/token/stream", test_stream);
	g_test_add_func("/token/ranges", test_ranges);
	g_test_add_func("/token/limits", test_limits);
	return g_test_run();
}
