/*
 * Word boundaries against the Unicode test data; the tokenizer against
 * tables, and its fast path against the rules.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/text/token.h"
#include "common/text/ucd_tables.h"
#include "common/text/utf8.h"
#include "common/text/word_break.h"
#include "tests/unit/text/ucd_file.h"

#define DIVIDE "\xC3\xB7" /* a boundary */
#define TIMES "\xC3\x97"  /* none */

static void text_word_break__all_of_word_break_test(void **state)
{
    (void)state;
    ucd_file u;
    if (!ucd_file_open(&u, "auxiliary/WordBreakTest.txt"))
        skip();
    unsigned lines = 0;
    while (ucd_file_line(&u)) {
        char text[256];
        size_t len = 0;
        bool boundary[256] = {false};
        const char *p = u.line + strspn(u.line, " \t");
        while (*p) {
            boundary[len] = strncmp(p, DIVIDE, 2) == 0;
            assert_true(boundary[len] || strncmp(p, TIMES, 2) == 0);
            p += 2;
            len += ucd_file_points(&p, text + len, sizeof text - len);
        }
        size_t at = 0;
        for (size_t i = 1; i <= len; i++) {
            if (at < i && at < len)
                at = pc_word_break_next(text, len, at);
            if (boundary[i] != (at == i))
                fail_msg("line %u: boundary %d at byte %zu", u.number,
                         boundary[i], i);
            if (at != i)
                continue;
        }
        assert_int_equal(at, len);
        lines++;
    }
    ucd_file_close(&u);
    assert_true(lines > 1800);
}

typedef struct token_case {
    const char *text;
    const char *want; /* tokens with a bar behind each; # number, ~ gram */
} token_case;

static const token_case token_cases[] = {
    {"", ""},
    {" \t\r\n.,;:!?'\"-_ __ ", ""},
    {"Hello, world!", "Hello|world|"},
    {"end", "end|"},
    {"The U.S. and the U.S.S.R. agreed.", "The|U.S|and|the|U.S.S.R|agreed|"},
    {"F-16 f16 16 2nd", "F|#16|f16|#16|2nd|"},
    {"3.14 1,000,000.50 1;2 1:2 10.", "#3.14|#1,000,000.50|#1;2|#1|#2|#10|"},
    {"a.b a:b a,b a;b a'b a\"b a-b", "a.b|a:b|a|b|a|b|a'b|a|b|a|b|"},
    {"can't 'quoted' it''s", "can't|quoted|it|s|"},
    {"O\u2019Brien\u2019s \u2018quoted\u2019", "O\u2019Brien\u2019s|quoted|"},
    {"a.1 1.a 1'2 a'1", "a|#1|#1|a|#1'2|a|#1|"},
    {"snake_case _x_ 1_000 __ a_", "snake_case|_x_|#1_000|a_|"},
    {"CVE-2014-0160; 10 U.S.C. \u00A7 2304",
     "CVE|#2014|#0160|#10|U.S.C|#2304|"},
    {"user@example.com http://x.org/a?b=c",
     "user|example.com|http|x.org|a|b|c|"},
    /* Divided words. */
    {"inter-\nnational", "inter-\nnational|"},
    {"inter-\r\nnational", "inter-\r\nnational|"},
    {"inter\u2010\nnational", "inter\u2010\nnational|"},
    {"über-\nälter Sécu-\nrité", "über-\nälter|Sécu-\nrité|"},
    {"a-\nb-\nc d", "a-\nb-\nc|d|"},
    {"inter-\n national", "inter|national|"},
    {"inter-\n\nnational", "inter|national|"},
    {"Anglo-\nSaxon", "Anglo|Saxon|"},
    {"F16-\nfighter", "F16|fighter|"},
    {"end-\n", "end|"},
    {"end-", "end|"},
    {"end-\r", "end|"},
    {"end\u2010", "end|"},
    {"e\u0301-\nx", "e\u0301-\nx|"},
    {"\u65E5-\nx", "~\u65E5|x|"},
    {"x-\n\u65E5", "x|~\u65E5|"},
    /* Marks and invisible code points. */
    {"co\u00ADoperate", "co\u00ADoperate|"},
    {"e\u0301tude na\u00EFve", "e\u0301tude|na\u00EFve|"},
    {"\u0301a \u0301", "a|"},
    {"zero\u200Bwidth", "zero|width|"},
    {"na\xFFme", "na|me|"},
    {"x\u00B2 \u00BD \u2161", "x|#\u00BD|\u2161|"},
    {"end.\u00B9\u2070 H\u2082O \u00B3x", "end|H\u2082O|#\u00B3|x|"},
    {"\uFF2E\uFF21\uFF34\uFF2F \uFF11\uFF12",
     "\uFF2E\uFF21\uFF34\uFF2F|#\uFF11\uFF12|"},
    {"\u05D0\u05DE\"\u05DE \u05D2' x\"y", "\u05D0\u05DE\"\u05DE|\u05D2'|x|y|"},
    {"Київ Ελλάδα العربية", "Київ|Ελλάδα|العربية|"},
    {"\U0001F600 \U0001F1FA\U0001F1F8 x", "x|"},
    /* Bigrams. */
    {"首", "~首|"},
    {"首都", "~首都|"},
    {"首都圏内", "~首都|~都圏|~圏内|"},
    {"首 都", "~首|~都|"},
    {"首都。圏", "~首都|~圏|"},
    {"2014年12月", "#2014|~年|#12|~月|"},
    {"NATOの首都abc", "NATO|~の首|~首都|abc|"},
    {"サイバー", "~サイ|~イバ|~バー|"},
    {"ｻｲﾊﾞ", "~ｻｲ|~ｲﾊﾞ|"},
    {"か\u3099き", "~か\u3099き|"},
    {"日本\uFE00語", "~日本\uFE00|~本\uFE00語|"},
    {"한국어", "~한국|~국어|"},
    {"\u1112\u1161\u11AB\u1100\u116E\u11A8",
     "~\u1112\u1161\u11AB\u1100\u116E\u11A8|"},
    {"K팝x한", "K|~팝|x|~한|"},
    {"ไทย", "~ไท|~ทย|"},
    {"น้ำ", "~น้ำ|"},
    {"๑๒๓", "#๑๒๓|"},
    {"サ_x", "~サ|_x|"},
    {"𠀀𠀁𠀂", "~𠀀𠀁|~𠀁𠀂|"},
};

static void token_list(const char *text, size_t len, char *out, size_t cap)
{
    pc_tokenizer t;
    pc_token tok;
    size_t n = 0;
    uint32_t pos = 0;
    pc_tokenizer_init(&t, text, len);
    while (pc_tokenizer_next(&t, &tok)) {
        assert_int_equal(tok.pos, pos++);
        n += (size_t)snprintf(out + n, cap - n, "%s%.*s|",
                              tok.kind == PC_TOKEN_NUMBER ? "#"
                              : tok.kind == PC_TOKEN_GRAM ? "~"
                                                          : "",
                              (int)(tok.end - tok.start), text + tok.start);
        assert_true(n < cap);
        bool ascii = true;
        for (uint32_t i = tok.start; i < tok.end; i++)
            ascii &= (uint8_t)text[i] < 0x80;
        assert_int_equal(tok.ascii, ascii);
    }
    assert_false(pc_tokenizer_next(&t, &tok));
    out[n] = '\0';
}

static void text_token__table_of_texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < PC_COUNTOF(token_cases); i++) {
        char got[512];
        const char *text = token_cases[i].text;
        token_list(text, strlen(text), got, sizeof got);
        assert_string_equal(got, token_cases[i].want);
    }
}

/* ---- the obvious tokenizer, and random text ---------------------------- */

static unsigned word_flags(const char *p, const char *end)
{
    unsigned flags = 0;
    while (p < end)
        flags |= pc_ucd_class(pc_utf8_next(&p, end));
    return flags & (PC_UCD_LETTER | PC_UCD_NUMBER);
}

/* Is the last visible character a letter? */
static bool ends_with_letter(const char *p, const char *end)
{
    unsigned last = PC_WB_OTHER;
    while (p < end) {
        unsigned wb = pc_ucd_class(pc_utf8_next(&p, end)) & PC_WB_MASK;
        if (wb != PC_WB_EXTEND && wb != PC_WB_FORMAT && wb != PC_WB_ZWJ)
            last = wb;
    }
    return last == PC_WB_ALETTER || last == PC_WB_HEBREW_LETTER;
}

/* Words only: no bigrams, and hyphens join only where the real one says. */
static bool plain_next(const char *text, size_t len, size_t *at, size_t *from)
{
    while (*at < len) {
        size_t start = *at;
        for (;;) {
            *at = pc_word_break_next(text, len, *at);
            size_t hyphen = *at;
            if (hyphen == len || hyphen == start)
                break;
            if (!ends_with_letter(text + start, text + hyphen))
                break;
            size_t small = pc_word_hyphen_join(text, len, hyphen);
            if (small == hyphen)
                break;
            *at = small;
        }
        *from = start;
        if (word_flags(text + start, text + *at))
            return true;
    }
    return false;
}

static void check_plain(const char *text, size_t len)
{
    pc_tokenizer t;
    pc_token tok;
    size_t at = 0;
    size_t from = 0;
    pc_tokenizer_init(&t, text, len);
    while (pc_tokenizer_next(&t, &tok)) {
        assert_true(plain_next(text, len, &at, &from));
        assert_int_equal(tok.start, from);
        assert_int_equal(tok.end, at);
        assert_int_equal(tok.kind,
                         word_flags(text + from, text + at) & PC_UCD_LETTER
                             ? PC_TOKEN_WORD
                             : PC_TOKEN_NUMBER);
    }
    assert_false(plain_next(text, len, &at, &from));
}

static void text_token__fast_path_follows_the_rules(void **state)
{
    (void)state;
    uint64_t rng = test_seed("text_token__fast_path_follows_the_rules");
    static const char pick[] = "aZe01_.:,;'\"- -\n\r\n\n\tb";
    for (unsigned round = 0; round < 200000; round++) {
        size_t n = test_rng(&rng) % (round % 64 ? 24 : 400);
        unsigned odd = (unsigned)(test_rng(&rng) % 40);
        char *text = malloc(n ? n : 1); /* exact: ASan guards its end */
        assert_non_null(text);
        for (size_t i = 0; i < n; i++) {
            uint64_t r = test_rng(&rng) >> 20;
            text[i] = r % 40 < odd ? pick[(r >> 8) % (sizeof pick - 1)]
                      : odd & 1    ? (char)('a' + (r >> 8) % 26)
                                   : (char)((r >> 8) & 0x7F);
        }
        check_plain(text, n);
        free(text);
    }
}

static void text_token__wide_text_follows_the_rules(void **state)
{
    (void)state;
    uint64_t rng = test_seed("text_token__wide_text_follows_the_rules");
    /* No bigrams, and no hyphen: the obvious tokenizer knows neither. What
       stands before a word begins no segment that holds it. */
    static const uint32_t pick[] = {
        'a',  'b',   '1',   '_',   '.',     ',',    ':',    '\'',
        '"',  ' ',   '\n',  0xE9,  0x436,   0x5D0,  0x5D1,  0x2019,
        0xB7, 0x387, 0x661, 0x66C, 0x1D7CE, 0x2019, 0xFF21, 0x203F};
    static const uint32_t marks[] = {0x301, 0xAD, 0x200D, 0x308};
    for (unsigned round = 0; round < 100000; round++) {
        char text[200];
        size_t len = 0;
        size_t n = test_rng(&rng) % 30;
        for (size_t i = 0; i < n; i++) {
            len += pc_utf8_encode(pick[test_rng(&rng) % PC_COUNTOF(pick)],
                                  text + len);
            if (test_rng(&rng) % 6 == 0)
                len += pc_utf8_encode(marks[test_rng(&rng) % PC_COUNTOF(marks)],
                                      text + len);
        }
        check_plain(text, len);
    }
}

static void text_token__random_bytes_are_tokenized(void **state)
{
    (void)state;
    uint64_t rng = test_seed("text_token__random_bytes_are_tokenized");
    uint64_t tokens = 0;
    for (unsigned round = 0; round < 100000; round++) {
        size_t n = test_rng(&rng) % 80;
        unsigned mode = (unsigned)(test_rng(&rng) % 3);
        char *text = malloc(n ? n : 1);
        assert_non_null(text);
        for (size_t i = 0; i < n; i++) {
            uint64_t r = test_rng(&rng) >> 24;
            text[i] = mode == 0   ? (char)(r & 0xFF)
                      : mode == 1 ? (char)(0x80 | (r & 0x7F))
                                  : (char)(r & 1 ? 0xE3 : 0x80 + (r >> 4) % 48);
        }
        pc_tokenizer t;
        pc_token tok;
        uint32_t end = 0;
        pc_tokenizer_init(&t, text, n);
        while (pc_tokenizer_next(&t, &tok)) {
            assert_true(tok.start < tok.end && tok.end <= n);
            assert_true(tok.end > end);
            assert_true(tok.kind == PC_TOKEN_GRAM || tok.start >= end);
            end = tok.end;
            tokens++;
        }
        size_t at = 0;
        while (at < n) {
            size_t next = pc_word_break_next(text, n, at);
            assert_true(next > at && next <= n);
            at = next;
        }
        free(text);
    }
    assert_true(tokens > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_word_break__all_of_word_break_test),
        cmocka_unit_test(text_token__table_of_texts),
        cmocka_unit_test(text_token__fast_path_follows_the_rules),
        cmocka_unit_test(text_token__wide_text_follows_the_rules),
        cmocka_unit_test(text_token__random_bytes_are_tokenized),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
