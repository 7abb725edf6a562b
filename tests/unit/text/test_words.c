/*
 * From text to words: tables written from how people write, and the promises
 * of the header on random text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/simd.h"
#include "common/text/analyzer.h"
#include "common/text/ident.h"
#include "common/text/words.h"

typedef struct word_case {
    const char *text;
    /* pos:stem for each token, those of two positions and more with their
       number behind a slash, those that begin before with a minus and how
       many before */
    const char *want;
} word_case;

static const word_case cases[] = {
    {"", ""},
    {" - -- ... § • ", ""},
    {"Hello, world!", "0:hello 1:world"},
    /* Acronyms, apostrophes. */
    {"U.S. and U.S.S.R. or USSR", "0:us 1:and 2:ussr 3:or 4:ussr"},
    {"the U.S.-led M.o.D.", "0:the 1:us 2:led 3:mod"},
    {"i.e. e.g. Ph.D. a.m.", "0:ie 1:eg 2:ph 2:phd/2 3:d 4:am"},
    {"Banquo's Banquo\u2019s O'Brien O\u2019Brien OBrien",
     "0:banquo 1:banquo 2:obrien 3:obrien 4:obrien"},
    {"Qur'an Shi\u2019ite don't she'll shell",
     "0:quran 1:shiit 2:dont 3:she'll 4:shell"},
    {"organizations' MoD MOD", "0:organiz 1:mod 2:mod"},
    /* Soft hyphens, divided words. */
    {"co\u00ADoperate inter-\nnational", "0:cooperat 1:internation"},
    {"inter\u2010\r\nnational cyber-\nsecurity", "0:internation 1:cybersecur"},
    /* Compounds. */
    {"a cyber-security plan", "0:a 1:cyber 1:cybersecur/2 2:secur 3:plan"},
    {"Cyber\u2010Security cyber\u2011security",
     "0:cyber 0:cybersecur/2 1:secur 2:cyber 2:cybersecur/2 3:secur"},
    {"al-Qaeda e-mail co-operation",
     "0:al 0:alqaeda/2 1:qaeda 2:e 2:email/2 3:mail 4:co 4:cooperat/2 5:oper"},
    {"Washington-based war-torn Copenhagen-born",
     "0:washington 1:base 2:war 2:wartorn/2 3:torn 4:copenhagen 5:born"},
    {"state-of-the-art and/or -x- x--y",
     "0:state 1:of 2:the 3:art 4:and 5:or 6:x 7:x 8:y"},
    {"US-led UN-OPCW", "0:us 1:led 2:un 3:opcw"},
    /* Designators. */
    {"F-16 f16 F 16 F-16C", "0:f 0:f16/2 1:16 2:f16 3:f 4:16 5:f 5:f16c/2 "
                            "6:16c"},
    {"MiG-29s COVID-19-related",
     "0:mig 0:mig29/2 1:29s 2:covid 2:covid19/2 3:19 4:relat"},
    {"3-D 10-year 2014-15", "0:3 0:3d/2 1:d 2:10 3:year 4:2014 5:15"},
    {"\uFF26\uFF0D\uFF11\uFF16", "0:f 0:f16/2 1:16"},
    /* Numbers. */
    {"1,000,000 1000000 1.000.000 1'000 1.000",
     "0:1000000 1:1000000 2:1000000 3:1000 4:1.000"},
    {"1,000,000.50 12,34 1,0000", "0:1000000.50 1:12,34 2:1,0000"},
    {"\uFF11\uFF0C\uFF10\uFF10\uFF10", "0:1000"},
    {"1\u202F000\u00A0000 1 000 2014\u00A0100 10\u00A01000",
     "0:1000000 1:1 2:000 3:2014 4:100 5:10 6:1000"},
    /* Words with spaces. */
    {"the U. S. Navy, U.\nS. S. R. and J. R. Smith, plan B. U. S. help",
     "0:the 1:us 2:navi 3:ussr 4:and 5:j 6:r 7:smith 8:plan 9:b 10:us "
     "11:help"},
    {"10 U. S. C. \u00A7 2304", "0:10 1:usc 2:2304 2:usc:10/2304/3-2"},
    {"E. O. 13636", "0:eo 1:13636 1:eo:13636/2-1"},
    {"F\u201316 F\u221216", "0:f 0:f16/2 1:16 2:f 2:f16/2 3:16"},
    /* Marks inside. */
    {"example.org a:b and.The 10.1.2.3",
     "0:exampl 1:org 2:a 3:b 4:and 5:the 6:10.1.2.3"},
    {"jo.do@example.org", "0:jo 1:do 2:exampl 2:email:jo.do@example.org/4-2 "
                          "3:org"},
    {"mailto:Jo+x@Example.ORG.", "0:mailto 1:jo 2:x 3:exampl "
                                 "3:email:jo+x@example.org/4-2 4:org"},
    {"(http://www.x.org/A/?b=1).",
     "0:http 0:url:x.org/a/?b=1/7 1:www 2:x 3:org 4:a 5:b 6:1"},
    {"www.x.org; x.org/a, x.y/a", "0:www 0:url:x.org/3 1:x 2:org 3:x "
                                  "3:url:x.org/a/3 4:org 5:a 6:xy 7:a"},
    {"2001:DB8::1 12:30:45 a::b std::x",
     "0:2001 0:ip:2001:db8:0:0:0:0:0:1/3 1:db8 2:1 3:12 4:30 5:45 6:a 7:b "
     "8:std 9:x"},
    /* Signs. */
    {"C++, C# and .NET; c+d, X.NET", "0:c++ 1:c# 2:and 3:.net 4:c 5:d 6:x "
                                     "6:xnet/2 7:net"},
    {"H\u2082O, treaty\u00B9 (1)", "0:h2o 1:treati 2:1"},
    {"U.S.'s N.G.O.s PhDs MPs", "0:us 1:ngo 2:phd 3:mp"},
    {"l'\u00C9tat d\u2019Etat dell'Unione o'clock", "0:etat 1:etat 2:union "
                                                    "3:oclock"},
    {"Directive (EU) 2016/1148, 95/46/EC",
     "0:directive 1:eu 2:2016 2:eu:2016/1148/4-2 3:1148 4:95 4:eu:95/46/3 5:46 "
     "6:ec"},
    {"Regulation (EC) No 881/2002",
     "0:regul 1:ec 2:no 3:881 3:eu:881/2002/5-3 4:2002"},
    {"General Assembly resolution 70/237",
     "0:general 1:assembl 2:resolut 3:70 3:un:a/res/70/237/5-3 4:237"},
    {"12.06.2014, 12. M\u00E4rz 2014, 1er ao\u00FBt 2014",
     "0:12 0:date:2014-06-12/3 1:06 2:2014 3:12 4:marz 5:2014 "
     "5:date:2014-03-12/3-2 6:1er 7:aout 8:2014 8:date:2014-08-01/3-2"},
    {"v1.2.3 10:30", "0:1.2.3 1:10 2:30"},
    {"the 1990's, '90\u2019s F-16's 2014's b-52Hs",
     "0:the 1:1990s 2:90s 3:f 3:f16/2 4:16 5:2014 6:b 6:b52h/2 7:52h"},
    {"SP800-53 MS17-010 T1-2 AB12-c",
     "0:sp 0:sp800/2 1:800 2:53 3:ms 3:ms17/2 4:17 5:010 6:t1 6:t12/2 7:2 "
     "8:ab12 9:c"},
    {"2014-W23 C4-ISR 2014-Wx", "0:2014 0:2014w23/2 1:w23 2:c4 2:c4isr/2 3:isr "
                                "4:2014 4:2014wx/2 5:wx"},
    {"192.0.2[.]17 192[.]0[.]2[.]17 192.0.2[.]a 192.0.2[1]",
     "0:192.0.2.17 1:192.0.2.17 2:192.0.2 3:a 4:192.0.2 5:1"},
    {"hxxp://Evil[.]com/x", "0:hxxp 0:url:evil.com/x/4 1:evil 2:com 3:x"},
    {"12 \u0438\u044E\u043D\u044F 2014", "0:12 1:\u0438\u044E\u043D\u044F "
                                         "2:2014 2:date:2014-06-12/3-2"},
    {"2014\u5E746\u670812\u65E5",
     "0:2014 1:\u5E74 2:6 3:\u6708 4:12 4:date:2014-06-12/6-4 5:\u65E5"},
    {"2014\uB144 6\uC6D4 12\uC77C 12\u65E5",
     "0:2014 1:\uB144 2:6 3:\uC6D4 4:12 4:date:2014-06-12/6-4 5:\uC77C 6:12 "
     "7:\u65E5"},
    {"counterterror\u00AD\nism, \u00ADx", "0:counterterror 1:x"},
    /* Percent signs. */
    {"50% of 60-70 %, 5.5\uFF05", "0:50 1:% 2:of 3:60 4:70 5:% 6:5.5 7:%"},
    {"10\u00A0000\u00A0% 12\u202F% 5\u066A", "0:10000 1:% 2:12 3:% 4:5 5:%"},
    {"% a% 5%d 5%20 5  %", "0:a 1:5 2:d 3:5 4:20 5:5"},
    {"%", "0:%"},
    {"Fell by 50% June 12, 2014",
     "0:fell 1:by 2:50 3:% 4:june 5:12 6:2014 6:date:2014-06-12/3-2"},
    {"x.org/5%/a", "0:x 0:url:x.org/5%/a/5 1:org 2:5 3:% 4:a"},
    /* Signs that say "number". */
    {"\u2116 5 \u21165 N\u00B0 5 n\u00B05 N\u00BA 5 No. 5 45\u00B0N",
     "0:no 1:5 2:no 3:5 4:no 5:5 6:no 7:5 8:no 9:5 10:no 11:5 12:45 13:n"},
    {"Resolution \u2116 1540; R\u00E9solution n\u00B0 1540",
     "0:resolut 1:no 2:1540 2:un:s/res/1540/3-2 3:resolut 4:no 5:1540 "
     "5:un:s/res/1540/3-2"},
    {"Regulation (EU) N\u00BA 910/2014",
     "0:regul 1:eu 2:no 3:910 3:eu:910/2014/5-3 4:2014"},
    /* EUR-Lex. */
    {"32016R0679",
     "0:3 0:celex:32016r0679/4 1:2016 1:eu:2016/679/3 2:r 3:0679"},
    {"CELEX:31995L0046.", "0:celex 1:3 1:celex:31995l0046/4 2:1995 "
                          "2:eu:95/46/3 3:l 4:0046"},
    {"32014R0910 62012CJ0131 12012E267",
     "0:3 0:celex:32014r0910/4 1:2014 1:eu:910/2014/3 2:r 3:0910 4:6 "
     "4:celex:62012cj0131/4 5:2012 6:cj 7:0131 8:1 8:celex:12012e267/4 9:2012 "
     "10:e 11:267"},
    {"32016R067 3201600679 39916R0679 32016RAB0679 Article 32016R0679",
     "0:32016r067 1:3201600679 2:39916r0679 3:32016rab0679 4:articl 5:3 "
     "5:celex:32016r0679/4 6:2016 6:eu:2016/679/3 7:r 8:0679"},
    {"Council Decision (CFSP) 2015/1333",
     "0:council 1:decis 2:cfsp 3:2015 3:eu:2015/1333/5-3 4:1333"},
    /* Letters of all kinds. */
    {"\uFB01nancial \uFF2E\uFF21\uFF34\uFF2F STRASSE stra\u00DFe",
     "0:financi 1:nato 2:strass 3:strass"},
    {"\u0130stanbul ISTANBUL Dvo\u0159\u00E1k", "0:istanbul 1:istanbul "
                                                "2:dvorak"},
    /* Scripts without spaces. */
    {"首都圏", "0:首 0:首都/2 1:都 1:都圏/2 2:圏"},
    {"首 x都市", "0:首 1:x 2:都 2:都市/2 3:市"},
    {"한국어", "0:한 0:한국/2 1:국 1:국어/2 2:어"},
    {"ｻｲﾊﾞ", "0:サ 0:サイ/2 1:イ 1:イバ/2 2:バ"},
    /* Identifiers. */
    {"CVE-2014-0160.", "0:cve 0:cve:2014-0160/3 1:2014 2:0160"},
    {"CVE 2014-0160", "0:cve 1:2014 1:cve:2014-0160/3-1 2:0160"},
    {"CWE-79", "0:cwe 0:cwe:79/2 1:79"},
    {"10 U.S.C. § 2304(a)", "0:10 1:usc 2:2304 2:usc:10/2304/3-2 3:a"},
    {"42 USC Sec. 2000e-2",
     "0:42 1:usc 2:sec 3:2000e 3:usc:42/2000e-2/5-3 4:2"},
    {"22 C.F.R. Part 120.1", "0:22 1:cfr 2:part 3:120.1 3:cfr:22/120.1/4-3"},
    {"Pub. L. No. 107-56", "0:pub 1:l 2:no 3:107 3:pl:107-56/5-3 4:56"},
    {"Executive Order 13,636", "0:executive 1:order 2:13636 2:eo:13636/3-2"},
    {"E.O. 13636 executive order", "0:eo 1:13636 1:eo:13636/2-1 2:executive "
                                   "3:order"},
    {"S/2014/189, A/RES/70/1",
     "0:s 0:un:s/2014/189/3 1:2014 2:189 3:a 3:un:a/res/70/1/4 4:res 5:70 6:1"},
    {"S/RES/1929 (2010)", "0:s 0:un:s/res/1929/4 1:res 2:1929 3:2010"},
    {"UNSCR 1929", "0:unscr 1:1929 1:un:s/res/1929/2-1"},
    {"UN Security Council Resolution 1929",
     "0:un 1:secur 2:council 3:resolut 4:1929 4:un:s/res/1929/5-4"},
    {"Article 5 and Art. 5", "0:articl 1:5 1:art:5/2-1 2:and 3:art 4:5 "
                             "4:art:5/2-1"},
    {"2014-06-12 2014-13-12",
     "0:2014 0:date:2014-06-12/3 1:06 2:12 3:2014 4:13 5:12"},
    {"June 12, 2014", "0:june 1:12 2:2014 2:date:2014-06-12/3-2"},
    {"June\n12, 2014", "0:june 1:12 2:2014 2:date:2014-06-12/3-2"},
    {"Jun-12-2014", "0:jun 0:date:2014-06-12/3 1:12 2:2014"},
    {"12th of Sept. 2014", "0:12th 1:of 2:sept 3:2014 3:date:2014-09-12/4-3"},
    {"May 2014, 32 May 2014, 2014/06/12",
     "0:may 1:2014 2:32 3:may 4:2014 5:2014 5:date:2014-06-12/3 6:06 7:12"},
    {"2014-06-12T08:30", "0:2014 0:date:2014-06-12/3 1:06 2:12t08 3:30"},
    {"Resolution 2166 (2014); resolution 2166",
     "0:resolut 1:2166 1:un:s/res/2166/3-1 2:2014 3:resolut 4:2166"},
    {"10 U.S.C. \u00A7\u00A7 2304", "0:10 1:usc 2:2304 2:usc:10/2304/3-2"},
    {"and/or A/4 in 2014", "0:and 1:or 2:a 3:4 4:in 5:2014"},
};

static void describe(pc_analyzer *a, const char *text, char *out, size_t cap)
{
    pc_words words;
    pc_token tok;
    size_t n = 0;
    out[0] = 0;
    pc_words_init(&words, text, strlen(text));
    while (pc_words_next(&words, &tok)) {
        pc_term term;
        pc_str raw = {text + tok.start, tok.end - tok.start};
        assert_int_equal(pc_analyzer_term(a, raw, tok.kind, &term), 0);
        n += (size_t)snprintf(out + n, cap - n, "%s%u:%.*s", n ? " " : "",
                              tok.pos, PC_STR_ARG(term.stem));
        if (tok.span > 1)
            n += (size_t)snprintf(out + n, cap - n, "/%u", tok.span);
        if (tok.back)
            n += (size_t)snprintf(out + n, cap - n, "-%u", tok.back);
        assert_true(n < cap);
    }
}

static void text_words__table(void **state)
{
    (void)state;
    pc_analyzer *a = NULL;
    unsigned bad = 0;
    assert_int_equal(pc_analyzer_open(&a, "english", NULL, NULL), 0);
    for (size_t i = 0; i < PC_COUNTOF(cases); i++) {
        char got[1024];
        describe(a, cases[i].text, got, sizeof got);
        if (strcmp(got, cases[i].want) != 0) {
            print_error("'%s'\n  is   %s\n  want %s\n", cases[i].text, got,
                        cases[i].want);
            bad++;
        }
    }
    pc_analyzer_free(a);
    assert_int_equal(bad, 0);
}

static void text_words__forms_tell_how_it_was_written(void **state)
{
    (void)state;
    static const struct {
        const char *raw;
        uint8_t kind;
        const char *form;
    } forms[] = {
        {"U.S.", PC_TOKEN_WORD, "US"},
        {"US", PC_TOKEN_WORD, "US"},
        {"us", PC_TOKEN_WORD, "us"},
        {"Us", PC_TOKEN_WORD, "us"},
        {"U.S.S.R", PC_TOKEN_WORD, "ussr"},
        {"NATO", PC_TOKEN_WORD, "nato"},
        {"MoD", PC_TOKEN_WORD, "MOD"},
        {"WHO's", PC_TOKEN_WORD, "WHO"},
        {"Cyber-Security", PC_TOKEN_JOIN, "cybersecurity-"},
        {"F-16", PC_TOKEN_JOIN, "f16"},
        {"1,000", PC_TOKEN_NUMBER, "1,000"},
    };
    pc_analyzer *a = NULL;
    assert_int_equal(pc_analyzer_open(&a, "english", NULL, NULL), 0);
    for (size_t i = 0; i < PC_COUNTOF(forms); i++) {
        pc_term term;
        pc_str raw = pc_str_of(forms[i].raw);
        if (pc_str_eq(raw, PC_STR_LIT("U.S.")))
            raw.len--; /* the tokenizer leaves the last one out */
        assert_int_equal(pc_analyzer_term(a, raw, forms[i].kind, &term), 0);
        if (!pc_str_eq(term.form, pc_str_of(forms[i].form)))
            fail_msg("'%s' has the form '%.*s'", forms[i].raw,
                     PC_STR_ARG(term.form));
    }
    pc_analyzer_free(a);
}

static void text_ident__typed_values(void **state)
{
    (void)state;
    static const char *const typed[][3] = {
        {"cve", "2014-0160", "cve:2014-0160"},
        {"cve", "CVE-2014-0160", "cve:2014-0160"},
        {"cwe", "79", "cwe:79"},
        {"usc", "10/2304", "usc:10/2304"},
        {"usc", "10 U.S.C. 2304", "usc:10/2304"},
        {"cfr", "22/120.1", "cfr:22/120.1"},
        {"pl", "107-56", "pl:107-56"},
        {"eo", "13636", "eo:13636"},
        {"un", "S/2014/189", "un:s/2014/189"},
        {"art", "5", "art:5"},
        {"date", "2014-06-12", "date:2014-06-12"},
        {"cve", "2014", ""},
        {"date", "2014", ""},
        {"host", "un.org", ""},
        {"title", "5", ""},
    };
    for (size_t i = 0; i < PC_COUNTOF(typed); i++) {
        char key[PC_IDENT_MAX];
        size_t n =
            pc_ident_typed(pc_str_of(typed[i][0]), pc_str_of(typed[i][1]), key);
        if (!pc_str_eq((pc_str){key, n}, pc_str_of(typed[i][2])))
            fail_msg("%s:%s became '%.*s'", typed[i][0], typed[i][1], (int)n,
                     key);
    }
}

static uint32_t next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33);
}

/* pc_words_some gives what pc_words_next gives, at each level of vector
   instructions, however many are asked for. */
static void check_some(const char *text, size_t len, uint32_t max, int level)
{
    pc_words one, some;
    pc_token tok, out[8];
    uint32_t n, i = 0;
    pc_words_init(&one, text, len);
    pc_words_init(&some, text, len);
    some.read = pc_marks_at(level);
    n = pc_words_some(&some, out, max);
    while (pc_words_next(&one, &tok)) {
        assert_true(i < n);
        const pc_token *t = &out[i];
        assert_true(tok.start == t->start && tok.end == t->end);
        assert_true(tok.pos == t->pos && tok.kind == t->kind);
        assert_true(tok.ascii == t->ascii && tok.span == t->span);
        assert_true(tok.back == t->back && tok.rule == t->rule);
        if (++i == n) {
            bool more = n == max;
            n = pc_words_some(&some, out, max);
            assert_true(more || n == 0);
            i = 0;
        }
    }
    assert_int_equal(i, n);
    assert_true(one.pos == some.pos);
}

/* Positions begin at 0 and grow by at most one, the part comes first, slices
   are inside the text, spans do not begin before it. */
static void check_stream(const char *text, size_t len)
{
    pc_words words;
    pc_token tok;
    uint32_t next = 0;
    pc_words_init(&words, text, len);
    while (pc_words_next(&words, &tok)) {
        assert_true(tok.start < tok.end && tok.end <= len);
        assert_true(tok.span >= 1 && tok.back < tok.span);
        assert_true(tok.back <= tok.pos);
        if (tok.pos == next) {
            assert_int_equal(tok.span, 1);
            next++;
        } else {
            assert_int_equal(tok.pos + 1, next);
            assert_true(tok.span > 1);
        }
        assert_true(tok.rule <= PC_RULE_CHAR);
        assert_true(pc_word_rule_name((enum pc_word_rule)tok.rule)[0] != 0);
    }
    assert_true(words.pos == next);
    for (uint32_t max = 1; max <= 8; max += 7) {
        check_some(text, len, max, PC_SIMD_SCALAR);
        check_some(text, len, max, pc_simd_cpu());
    }
}

static void text_words__random_text_keeps_the_promises(void **state)
{
    (void)state;
    static const char *const bits[] = {
        "a",     "S",      "16",  "2014",   "-",   "/",      ".",    "@",
        " ",     "\n",     ":",   ",",      "首",  "都",     "é",    "\u2010",
        "USC ",  "cve",    "§",   "10",     "'",   "_",      "\xC2", "\xAD",
        "Art. ", "order ", "no ", "\u00AD", "x",   "\uFF0D", "한",   "e\u0301",
        "(",     ")",      " (",  "U",      "-\n", ";",      "word", "Plain "};
    uint64_t seed = 20240607;
    printf("seed %llu\n", (unsigned long long)seed);
    for (unsigned round = 0; round < 20000; round++) {
        char text[512];
        size_t len = 0;
        unsigned n = next_random(&seed) % 60;
        for (unsigned i = 0; i < n; i++) {
            const char *b = bits[next_random(&seed) % PC_COUNTOF(bits)];
            memcpy(text + len, b, strlen(b));
            len += strlen(b);
        }
        char *exact = malloc(len + 1);
        assert_non_null(exact);
        memcpy(exact, text, len);
        check_stream(exact, len);
        free(exact);
    }
}

/* The bit maps of both kinds, of all bytes and pairs of them. */
static void text_marks__levels_agree(void **state)
{
    (void)state;
    uint64_t seed = 7;
    printf("seed %llu\n", (unsigned long long)seed);
    for (unsigned round = 0; round < 20000; round++) {
        uint8_t bytes[PC_MARKS_BYTES];
        pc_marks a, b;
        for (unsigned i = 0; i < sizeof bytes; i++)
            bytes[i] = (uint8_t)(round % 2 ? next_random(&seed) % 256
                                           : next_random(&seed) % 64);
        pc_marks_scalar(&a, bytes);
        pc_marks_at(pc_simd_cpu())(&b, bytes);
        assert_memory_equal(&a, &b, sizeof a);
        for (unsigned i = 0; i < sizeof bytes; i++) {
            char c = (char)bytes[i];
            bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            bool word = letter || c == '_' || (c >= '0' && c <= '9');
            assert_int_equal(a.letter >> i & 1, letter);
            assert_int_equal(a.word >> i & 1, word);
            assert_int_equal(a.upper >> i & 1, c >= 'A' && c <= 'Z');
            assert_int_equal(a.high >> i & 1, bytes[i] >= 0x80);
        }
    }
}

static void text_words__long_chains(void **state)
{
    (void)state;
    static char text[40000];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = i % 2 ? "-./@"[i % 8 / 2] : "aS1b"[i % 13 % 4];
    check_stream(text, sizeof text);
    memset(text, 'x', sizeof text);
    check_stream(text, sizeof text);
    memset(text, '1', sizeof text);
    check_stream(text, sizeof text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_words__table),
        cmocka_unit_test(text_words__forms_tell_how_it_was_written),
        cmocka_unit_test(text_ident__typed_values),
        cmocka_unit_test(text_words__random_text_keeps_the_promises),
        cmocka_unit_test(text_marks__levels_agree),
        cmocka_unit_test(text_words__long_chains),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
