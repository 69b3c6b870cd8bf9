/* SPDX-License-Identifier: Apache-2.0 */
#include "search/stem.h"

#include <string.h>

static const struct {
	StemLang lang;
	const char *word, *stem;
} words[] = {
    {STEM_EN, "running", "run"},
    {STEM_EN, "a", "a"},
    {STEM_DE, "häuser", "haus"},
    {STEM_FR, "généralement", "général"},
    {STEM_RU, "исправления", "исправлен"},
    {STEM_ES, "mensajes", "mensaj"},
    {STEM_IT, "messaggi", "messagg"},
    {STEM_NL, "berichten", "bericht"},
    {STEM_PT, "mensagens", "mensagens"},
    {STEM_SV, "meddelanden", "meddel"},
    {STEM_CS, "zprávy", "zprávy"},
    {STEM_NONE, "running", "running"},
    {STEM_ZH, "邮件", "邮件"},
    /* Longer than what is kept. */
    {STEM_EN, "counterrevolutionarinesses-of-things",
	"counterrevolutionarinesses-of-th"},
    {STEM_DE, "donaudampfschifffahrtsgesellschaften",
	"donaudampfschifffahrtsgesellschaft"},
};

static char *
stem_of(Stemmer *s, StemLang lang, const char *word)
{
	size_t len = 0;
	const char *stem = stem_word(s, lang, word, strlen(word), &len);

	return g_strndup(stem, len);
}

static void
test_words(void)
{
	g_autoptr(Stemmer) s = stem_new();

	/* The second time from what is kept. */
	for (size_t i = 0; i < 2 * G_N_ELEMENTS(words); i++) {
		size_t n = i % G_N_ELEMENTS(words);
		g_autofree char *got = stem_of(s, words[n].lang, words[n].word);

		if (strcmp(got, words[n].stem) != 0) {
			g_test_message("%s: %s", words[n].word, got);
			g_test_fail();
		}
	}
}

/* More words than are kept displace each other, and none gets the stem of
 * another. */
static void
test_kept(void)
{
	g_autoptr(Stemmer) s = stem_new();

	for (int i = 0; i < 200000; i++) {
		char word[] = {(char)('a' + i % 26), 'o',
		    (char)('b' + i / 26 % 20), 'o', (char)('b' + i / 520 % 20),
		    'i', 'n', 'g', '\0'};
		g_autofree char *got = stem_of(s, STEM_EN, word);
		g_autofree char *none = stem_of(s, STEM_DE, word);

		g_assert_cmpuint(strlen(got), >=, 4);
		g_assert_cmpuint(strlen(got), <=, 5);
		g_assert_cmpint(strncmp(got, word, 4), ==, 0);
		g_assert_cmpint(strncmp(none, word, 5), ==, 0);
	}
}

static const struct {
	StemLang want, hint;
	const char *text;
} guesses[] = {
    {STEM_EN, STEM_NONE, ""},
    {STEM_EN, STEM_NONE, "ack"},
    {STEM_DE, STEM_DE, "ok"},
    {STEM_EN, STEM_NONE, "The patch is for those of you who want it."},
    {STEM_EN, STEM_DE, "The patch is for those of you who want it."},
    {STEM_EN, STEM_NONE, "do no as se na co, by the\xc2\xa0way"},
    {STEM_DE, STEM_NONE,
	"Das ist nicht die Lösung, aber ich weiß es auch "
	"nicht."},
    {STEM_DE, STEM_NONE,
	"Ich habe das Problem, und wir werden das auch noch "
	"sehen"},
    {STEM_FR, STEM_NONE,
	"Bonjour, je ne sais pas si vous avez vu les "
	"messages sur cette liste"},
    {STEM_ES, STEM_NONE,
	"Hola, no sé por qué los mensajes que envío para la "
	"lista no llegan"},
    {STEM_IT, STEM_NONE,
	"Ciao, non so perché il messaggio della lista è "
	"sparito, anche questo"},
    {STEM_NL, STEM_NONE,
	"Ik heb het niet gezien, maar het wordt ook voor "
	"een ander gebruikt"},
    {STEM_PT, STEM_NONE,
	"Não sei se isso é para você, mas foi o que eu vi "
	"em uma mensagem"},
    {STEM_SV, STEM_NONE,
	"Jag har inte sett det, men det är också en fråga "
	"för dem som kan"},
    {STEM_CS, STEM_NONE,
	"Myslím, že to není chyba, ale když jsem to zkoušel "
	"který"},
    {STEM_PL, STEM_NONE,
	"Nie wiem, czy to jest błąd, ale tak się dzieje "
	"przez to"},
    {STEM_RU, STEM_NONE, "Привет, у меня проблема с ядром 5.10"},
    {STEM_UK, STEM_NONE, "Привіт, у мене є проблема з її ядром"},
    {STEM_JA, STEM_NONE, "このパッチは正しく動きません"},
    {STEM_ZH, STEM_NONE, "这个补丁不能正常工作"},
    {STEM_KO, STEM_NONE, "이 패치는 작동하지 않습니다"},
    {STEM_NONE, STEM_NONE, "Τι είναι αυτό;"},
    {STEM_CS, STEM_CS, "přílohy"},
    {STEM_NONE, STEM_NONE, "přílohy"},
};

static void
test_guess(void)
{
	g_autoptr(Stemmer) s = stem_new();

	for (size_t i = 0; i < G_N_ELEMENTS(guesses); i++) {
		StemLang got = stem_guess(s, guesses[i].text,
		    strlen(guesses[i].text), guesses[i].hint);

		if (got == guesses[i].want)
			continue;
		g_test_message("%s: %s", guesses[i].text,
		    got != STEM_NONE ? stem_code(got) : "none");
		g_test_fail();
	}
}

static void
test_codes(void)
{
	g_assert_cmpint(stem_find("de"), ==, STEM_DE);
	g_assert_cmpint(stem_find("DE-at"), ==, STEM_DE);
	g_assert_cmpint(stem_find("pt_BR.UTF-8"), ==, STEM_PT);
	g_assert_cmpint(stem_find("deu"), ==, STEM_NONE);
	g_assert_cmpint(stem_find(""), ==, STEM_NONE);
	g_assert_cmpint(stem_find("d"), ==, STEM_NONE);
	g_assert_cmpstr(stem_code(STEM_ZH), ==, "zh");
	g_assert_null(stem_code(STEM_NONE));
	for (int lang = STEM_NONE + 1; lang < STEM_N_LANGS; lang++)
		g_assert_cmpint(stem_find(stem_code((StemLang)lang)), ==, lang);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/stem/words", test_words);
	g_test_add_func("/stem/kept", test_kept);
	g_test_add_func("/stem/guess", test_guess);
	g_test_add_func("/stem/codes", test_codes);
	return g_test_run();
}
