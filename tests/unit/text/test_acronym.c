/*
 * Definitions of acronyms: found where they are, and not elsewhere.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "common/base/base.h"
#include "common/text/acronym.h"
#include "common/text/ident.h"
#include "common/text/words.h"

static const struct {
    const char *text;
    const char *keys; /* with | between */
} cases[] = {
    {"The Ministry of Defence (MoD) said", "acr:mod=ministry of defence"},
    {"MoD (Ministry of Defence)", "acr:mod=ministry of defence"},
    {"the UN Security\n Council (UNSC).", "acr:unsc=un security council"},
    {"intercontinental ballistic missiles (ICBMs)",
     "acr:icbm=intercontinental ballistic missiles"},
    {"A UAV (unmanned aerial vehicle) and the CFSP (Common Foreign and "
     "Security Policy)",
     "acr:uav=unmanned aerial vehicle|acr:cfsp=common foreign and security "
     "policy"},
    {"improvised explosive devices (IED)", "acr:ied=improvised explosive "
                                           "devices"},
    {"the Non-Proliferation Treaty (NPT)", "acr:npt=non-proliferation treaty"},
    {"Organisation du trait\u00E9 de l'Atlantique nord (OTAN)",
     "acr:otan=organisation du trait\u00E9 de l'atlantique nord"},
    {"Science and Technology (S&T)", ""},
    {"the treaty (NATO)", ""},
    {"in London (UK)", ""},
    {"the minister (John Smith)", ""},
    {"a state of play (soap)", ""},
    {"Ministry. Of defence (MoD)", ""},
    {"Ministry of Defence (MoD", ""},
    {"MoD (Ministry of Defence", ""},
    {"MoD (the Ministry of Defence, which is in London)", ""},
    {"defence (D)", ""},
    {"(AB)", ""},
    {"AB ()", ""},
    {"", ""},
};

/* The keys of the text, as its words give them. */
static void find_keys(const char *text, size_t len, char *out, size_t cap)
{
    pc_words words;
    pc_token tok;
    size_t n = 0;
    out[0] = 0;
    pc_words_init(&words, text, len);
    while (pc_words_next(&words, &tok)) {
        char key[PC_IDENT_MAX];
        if (tok.rule != PC_RULE_DEFINITION)
            continue;
        assert_true(tok.end <= len && tok.start < tok.end && tok.span >= 2);
        size_t k = pc_acronym_key(
            (pc_str){text + tok.start, tok.end - tok.start}, key);
        assert_true(k > 0);
        n += (size_t)snprintf(out + n, cap - n, "%s%.*s", n ? "|" : "", (int)k,
                              key);
        assert_true(n < cap);
    }
}

static void text_acronym__table(void **state)
{
    (void)state;
    unsigned bad = 0;
    for (size_t i = 0; i < PC_COUNTOF(cases); i++) {
        char got[512];
        find_keys(cases[i].text, strlen(cases[i].text), got, sizeof got);
        if (strcmp(got, cases[i].keys) == 0)
            continue;
        print_error("%s\n  is   %s\n  want %s\n", cases[i].text, got,
                    cases[i].keys);
        bad++;
    }
    assert_int_equal(bad, 0);
}

/* What was found has a key, whatever the text is. */
static void text_acronym__random_text(void **state)
{
    (void)state;
    static const char *const parts[] = {"Ministry of Defence (MoD)",
                                        "of ",
                                        "Defence",
                                        " (",
                                        "MoD",
                                        ")",
                                        "(",
                                        "D",
                                        "a",
                                        " ",
                                        "\n",
                                        ".",
                                        "\u00E9",
                                        "M",
                                        "s",
                                        ", "};
    uint64_t seed = (uint64_t)time(NULL), x = seed | 1;
    unsigned found = 0;
    print_message("seed %llu\n", (unsigned long long)seed);
    for (int run = 0; run < 20000; run++) {
        char text[512], got[8192];
        size_t n = 0;
        for (int i = 0; i < 30; i++) {
            x = x * 6364136223846793005u + 1442695040888963407u;
            const char *p = parts[(x >> 40) % PC_COUNTOF(parts)];
            memcpy(text + n, p, strlen(p));
            n += strlen(p);
        }
        char *exact = malloc(n);
        assert_non_null(exact);
        memcpy(exact, text, n);
        find_keys(exact, n, got, sizeof got);
        free(exact);
        found += got[0] != 0;
    }
    assert_true(found > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_acronym__table),
        cmocka_unit_test(text_acronym__random_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
